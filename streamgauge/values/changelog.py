"""Changes, and the table they fold into."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
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

    `pending`: a `-U` whose `+U` has not come, but may yet. `present`: the row that is there
    where another is retracted.
    """

    index: int
    change: Change
    complaint: str
    pending: bool = False
    present: Row | None = None

    def __str__(self) -> str:
        there = "" if self.present is None else f": {self.present} is there"
        return f"change {self.index}, {self.change.op} {self.change.row}: {self.complaint}{there}"


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
        at = _key(change.row, key)
        half = _first_half(change, at, folded.table, halves, last)
        present = folded.table.get(at)
        complaint = _complaint(change, present, at in halves, half is not None)
        if complaint:
            there = present if complaint == _RETRACTION else None
            folded.invalid.append(Invalid(index, change, complaint, present=there))
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
        return _RETRACTION
    return None


def _of_insert(present: Row | None, halved: bool) -> str | None:
    if present is not None:
        return _INSERT
    return f"{_HALF}: an insert comes where its +U should" if halved else None


def _same(retracted: Row, present: Row) -> bool:
    """Whether a retraction has the present row's very values; a tombstone's None fits all."""
    return all(old is None or old is new or old == new for old, new in zip(retracted, present))


class Past(NamedTuple):
    """What came before a change: how many changes of its key, and the last of them, by index."""

    number: int
    last: list[tuple[int, Change]]


def pasts(
    invalid: Sequence[Invalid], changes: Sequence[Change], key: tuple[int, ...], most: int
) -> list[Past]:
    """What came before each of the invalid changes of the same key, `most` of it.

    Without a key, of the same row.
    """
    keys = [_key(each.change.row, key) for each in invalid]
    of_key: dict[Row, list[int]] = {at: [] for at in keys}
    for index, change in enumerate(changes):
        at = _key(change.row, key)
        if at in of_key:
            of_key[at].append(index)
    counts = [bisect_left(of_key[at], each.index) for at, each in zip(keys, invalid)]
    return [
        Past(count, [(n, changes[n]) for n in of_key[at][max(count - most, 0) : count]])
        for at, count in zip(keys, counts)
    ]


def _key(row: Row, key: tuple[int, ...]) -> Row:
    return tuple(row[column] for column in key) if key else row
