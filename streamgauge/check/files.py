"""Files and folders -> what there is to check in them."""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from streamgauge.check import texts
from streamgauge.check.texts import Source, Text
from streamgauge.errors import StreamgaugeError, UsageError

KINDS = (".py", ".sql")


def found(given: Iterable[Path]) -> list[Path]:
    """The files given, and those in the folders given, but for environments and what is hidden.

    A UsageError for what is not there, or is no Python and no SQL.
    """
    files = [file for path in given for file in (_within(path) if path.is_dir() else [_one(path)])]
    if not files:
        raise UsageError("there is no .py and no .sql file")
    return list(dict.fromkeys(files))


def _one(path: Path) -> Path:
    if not path.is_file():
        raise UsageError(f"no such file or folder: {path}")
    if path.suffix not in KINDS:
        raise UsageError(f"{path}: neither .py nor .sql")
    return path


def _within(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if _ours(Path(here, name)))
        yield from (Path(here, name) for name in sorted(names) if Path(name).suffix in KINDS)


def _ours(folder: Path) -> bool:
    aside = folder.name.startswith(".") or folder.name in ("__pycache__", "node_modules")
    return not aside and not (folder / "pyvenv.cfg").exists()


def read(path: Path) -> Source:
    """A file's tree and its SQL. A StreamgaugeError where it is no Python."""
    if path.suffix == ".sql":
        text = path.read_text(encoding="utf-8", errors="replace")
        return Source(str(path), None, (Text(text, 1, text.count("\n") + 1),))
    tree = parsed(path)
    return Source(str(path), tree, tuple(texts.statements(tree)))


def parsed(path: Path) -> ast.Module:
    """A Python file, as a tree. A StreamgaugeError where it is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(path.read_bytes())
        except SyntaxError as error:
            raise StreamgaugeError(f"{path}:{error.lineno or 1}: not Python: {error.msg}") from None
        except (ValueError, RecursionError) as error:
            raise StreamgaugeError(f"{path}: not Python: {error}") from None
