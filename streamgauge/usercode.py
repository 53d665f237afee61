"""Calls of what users wrote: whatever is wrong with it is told as theirs, with file and line."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from traceback import FrameSummary
from typing import Any

from streamgauge.errors import ScenarioError


def called(what: str, function: Callable[..., Any], *arguments: Any, folder: Path) -> Any:
    """What a function of a scenario in `folder` gives; a ScenarioError where it raises.

    The error names `what` broke and the place: the innermost one in the folder or in the
    function's own file.
    """
    try:
        return function(*arguments)
    except (Exception, SystemExit) as error:
        told = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(":")
        raise ScenarioError(f"{what}: {told}{_place(error, folder)}") from error


def listed(what: str, given: Any) -> Sequence[Any]:
    """What was given, a list or the like; a ScenarioError where it is none."""
    if isinstance(given, Sequence) and not isinstance(given, (str, bytes)):
        return given
    raise ScenarioError(f"{what}: gives {named(given)}, not a list")


def written(table: str, rows: object) -> list[Any]:
    """Rows by hand, a list of its own; a ScenarioError where it is none."""
    return list(listed(f"{table}: rows", rows))


def named(given: Any) -> str:
    """What something that does not fit is, for an error."""
    return "None" if given is None else f"a {type(given).__name__}"


def where(error: BaseException, folder: Path) -> str:
    """The innermost place in a scenario's folder, or its only file, for the end of an error."""
    frames = traceback.extract_tb(error.__traceback__)
    theirs = _theirs(frames, folder.with_suffix(".py"), folder)
    return f" ({_at(theirs[-1])})" if theirs else ""


def _place(error: BaseException, folder: Path) -> str:
    """Where it was raised; nothing where no Python was called."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    if not frames:
        return ""
    theirs = _theirs(frames, Path(frames[0].filename), folder)
    return f" ({_at(theirs[-1])}, in {theirs[-1].name})"


def _theirs(frames: Iterable[FrameSummary], own: Path, folder: Path) -> list[FrameSummary]:
    """Those in a file of a scenario's own or in its folder."""
    return [frame for frame in frames if _is_theirs(Path(frame.filename), own, folder)]


def _is_theirs(file: Path, own: Path, folder: Path) -> bool:
    return file == own or (folder != Path() and file.is_relative_to(folder))


def _at(frame: FrameSummary) -> str:
    """File and line, as a user in the current folder would write it."""
    path, here = Path(frame.filename), Path.cwd()
    return f"{path.relative_to(here) if path.is_relative_to(here) else path}:{frame.lineno}"
