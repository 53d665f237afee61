"""Changes, and the table they fold into."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from streamgauge.values.schema import Row

Op = Literal["+I", "-U", "+U", "-D"]


class Change(NamedTuple):
    """A row with what happens to it. A tombstone knows its key alone: the rest is None."""

    op: Op
    row: Row


# What can be wrong with a change; a complaint begins with one of them.
FAULTS = (
    "insert of a present row",
    "update of a missing row",
    "delete of a missing row",
    "retraction of another row",
    "half an update",
)
_INSERT, _UPDATE, _DELETE, _RETRACTION, _HALF = FAULTS


@dataclass(frozen=True)
class Invalid:
    """A change that is not valid where it stands, at `index`.

    `pending`: a `-U` whose `+U` has not come, but may yet.
    """

    index: int
    change: Change
    complaint: str
    pending: bool = False

    def __str__(self) -> str:
        return f"change {self.index}, {self.change.op} {self.change.row}: {self.complaint}"


@dataclass
class Folded:
    """The table a changelog comes to, and every change that was not valid on the way."""

    table: dict[Row, Row] = field(default_factory=dict)
    invalid: list[Invalid] = field(default_factory=list)


def fold(changes: Iterable[Change], key: tuple[int, ...]) -> Folded:
    """Apply `changes` in order to an empty table with the primary key at columns `key`.

    What is wrong with a change is one of FAULTS; folding goes on, so that the end can be
    compared as well. A `+U` may have another key than the `-U` just before it: an update
    that changes the key.
    """
    folded = Folded()
    halves: dict[Row, Invalid] = {}
    last: Row | None = None
    for index, change in enumerate(changes):
        at = tuple(change.row[column] for column in key)
        half = _first_half(change, at, folded.table, halves, last)
        complaint = _complaint(change, folded.table.get(at), at in halves, half is not None)
        if complaint:
            folded.invalid.append(Invalid(index, change, complaint))
        _apply(folded.table, change, at)
        halves.pop(half or at, None)
        last = at if change.op == "-U" else None
        if change.op == "-U":
            halves[at] = Invalid(index, change, f"{_HALF}: its +U has not come", pending=True)
    folded.invalid += _unfinished(halves.values(), folded.invalid)
    return folded


def _unfinished(halves: Iterable[Invalid], invalid: Iterable[Invalid]) -> list[Invalid]:
    """The first halves of which nothing worse is told already."""
    told = {each.index for each in invalid}
    return [half for half in halves if half.index not in told]


def _first_half(
    change: Change, at: Row, table: dict[Row, Row], halves: Collection[Row], last: Row | None
) -> Row | None:
    """The key of the `-U` that a `+U` completes: its own, or another one just before it."""
    if change.op != "+U" or at in table:
        return None
    return at if at in halves else last


def _apply(table: dict[Row, Row], change: Change, at: Row) -> None:
    """Apply one change. A `-U` takes the row away until its `+U` comes."""
    if change.op in ("+I", "+U"):
        table[at] = change.row
    else:
        table.pop(at, None)


def _complaint(change: Change, present: Row | None, halved: bool, second: bool) -> str | None:
    """What is wrong with a change.

    `halved`: a `-U` of its key has come without a `+U`; `second`: it is the `+U` of a `-U`.
    """
    if change.op == "+I":
        return _of_insert(present, halved)
    if present is None:
        missing = _DELETE if change.op == "-D" else _UPDATE
        return None if second else missing
    if change.op != "+U" and not _same(change.row, present):
        return f"{_RETRACTION}: {present} is there"
    return None


def _of_insert(present: Row | None, halved: bool) -> str | None:
    if present is not None:
        return _INSERT
    return f"{_HALF}: an insert comes where its +U should" if halved else None


def _same(retracted: Row, present: Row) -> bool:
    """Whether a retraction fits the present row; a tombstone's None fits all."""
    return all(old is None or old == new for old, new in zip(retracted, present))
