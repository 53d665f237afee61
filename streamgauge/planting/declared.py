"""Variants that are no errors, as a scenario's `equivalent.toml` says, with the reason.

[[equivalent]]
file = "query.sql"
diff = '''
- WHERE place <= 10
+ WHERE place < 11
'''
reason = "places are whole numbers"
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from streamgauge.errors import ScenarioError
from streamgauge.report.plant import EQUIVALENT, SAME_PLAN, SURVIVED, Tried

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = "equivalent.toml"
_FIELDS = {"file", "diff", "reason"}


class Declared(NamedTuple):
    """The lines of a variant as they are told, and why it is no error."""

    file: str
    diff: tuple[str, ...]
    reason: str

    def takes(self, tried: Tried) -> bool:
        """Whether it is about this one."""
        return (self.file, self.diff) == (tried.file, tried.diff)


def declared(folder: Path) -> list[Declared]:
    """Those of a scenario's folder; a ScenarioError where they are not as they should be."""
    path = folder / FILE
    if not path.is_file():
        return []
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: {error}") from None
    entries = found.pop("equivalent", [])
    whole = isinstance(entries, list) and all(map(_is_whole, entries))
    if found or not whole:
        raise ScenarioError(f"{path}: each [[equivalent]] has file, diff and reason, no more")
    return [Declared(str(e["file"]), _lines(str(e["diff"])), str(e["reason"])) for e in entries]


def _is_whole(entry: object) -> bool:
    return isinstance(entry, dict) and set(entry) == _FIELDS


def _lines(diff: str) -> tuple[str, ...]:
    """Without blanks around each."""
    return tuple(line.strip() for line in diff.strip().splitlines())


def excused(tried: Tried, known: Sequence[Declared]) -> Tried:
    """A survivor that is declared, as what it is; others as they are."""
    reasons = [each.reason for each in known if each.takes(tried)]
    if tried.result == SURVIVED and reasons:
        return tried._replace(result=EQUIVALENT, why=reasons[0], rows=())
    return tried


def stands(tried: Tried, known: Sequence[Declared]) -> bool:
    """Whether what was found once is so still: its declaration may be gone."""
    if tried.result != EQUIVALENT or tried.why == SAME_PLAN:
        return True
    return any(each.takes(tried) and each.reason == tried.why for each in known)


def unneeded(found: Sequence[Tried], known: Sequence[Declared]) -> list[str]:
    """What is declared of variants that are there no more, or are caught."""
    left = [tried for tried in found if tried.result == EQUIVALENT]
    return [
        f"{FILE}: {each.file}: {' '.join(each.diff)}: is no variant that rows let pass"
        for each in known
        if not any(each.takes(tried) for tried in left)
    ]
