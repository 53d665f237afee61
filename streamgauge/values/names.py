"""Rules for names: those of tables stand in paths, topics and modules, those of columns quoted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from streamgauge.errors import ScenarioError, nearest

# MySQL takes 64 characters; what is made beside a table has a longer name than it.
_LONGEST = 48
# Tables of our own lie beside the scenario's.
_OURS = "streamgauge"
_PATTERN = r"[a-z][a-z0-9_]*"


def check_column(name: str) -> None:
    """A ScenarioError for a name that a column cannot have: quoted, any that can be seen is one."""
    if not (name and name.isprintable()):
        raise ScenarioError(f"column {name!r}: names of columns can be seen, every character")
    _check_length("column", name)


def check_name(kind: str, name: str) -> None:
    """A ScenarioError for a name that a source, a sink or a scenario (`kind`) cannot have.

    None begins with `_`: folders that do are hidden from Flink and from us.
    """
    if not re.fullmatch(_PATTERN, name):
        raise ScenarioError(
            f"{kind} {name!r}: names are lower case letters, digits and _, and begin with a letter"
        )
    _check_length(kind, name)
    if name.startswith(_OURS):
        raise ScenarioError(f"{kind} {name}: names with {_OURS} in front are our own")


def check_unlike(kind: str, names: Iterable[str]) -> None:
    """A ScenarioError where a name stands twice."""
    for name, times in Counter(names).items():
        if times > 1:
            raise ScenarioError(f"{kind} {name} is there {times} times")


def check_same(what: str, kind: str, names: Collection[str], wanted: Collection[str]) -> None:
    """A ScenarioError where `what` lacks a name, or has one that is not wanted."""
    for name in names:
        if name not in wanted:
            near = nearest(str(name), wanted)
            raise ScenarioError(f"{what}: there is no {kind} {name!r}{near}")
    for name in wanted:
        if name not in names:
            raise ScenarioError(f"{what}: {kind} {name} is missing")


def _check_length(kind: str, name: str) -> None:
    if len(name) > _LONGEST:
        raise ScenarioError(
            f"{kind} {name}: names have at most {_LONGEST} characters, not {len(name)}"
        )
