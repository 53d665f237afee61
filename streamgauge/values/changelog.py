"""Changes, and the table they fold into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from streamgauge.values.schema import Row

Op = Literal["+I", "-U", "+U", "-D"]


class Change(NamedTuple):
    """A row with what happens to it. A tombstone knows its key alone: the rest is None."""

    op: Op
    row: Row


@dataclass
class Folded:
    """The table a changelog comes to, and every change that was not valid on the way."""

    table: dict[Row, Row] = field(default_factory=dict)
    invalid: list[str] = field(default_factory=list)


def fold(changes: Iterable[Change], key: tuple[int, ...]) -> Folded:
    """Apply `changes` in order to an empty table with the primary key at columns `key`.

    An insert of a present row, an update or a delete of a missing one, and a
    retraction of a row that differs from the present one are noted as invalid;
    folding goes on, so that the end can be compared as well. A `+U` may have
    another key than the `-U` just before it: an update that changes the key.
    """
    folded = Folded()
    announced: set[Row] = set()
    last: Row | None = None
    for index, change in enumerate(changes):
        at = tuple(change.row[column] for column in key)
        first_half = _first_half(change, at, folded.table, announced, last)
        complaint = _complaint(change, folded.table.get(at), first_half is not None)
        if complaint:
            folded.invalid.append(f"change {index}, {change.op} {change.row}: {complaint}")
        _apply(folded.table, change, at)
        announced.discard(first_half or at)
        last = at if change.op == "-U" else None
        announced |= {at} if change.op == "-U" else set()
    return folded


def _first_half(
    change: Change, at: Row, table: dict[Row, Row], announced: set[Row], last: Row | None
) -> Row | None:
    """The key of the `-U` that a `+U` completes: its own, or another one just before it."""
    if change.op != "+U" or at in table:
        return None
    return at if at in announced else last


def _apply(table: dict[Row, Row], change: Change, at: Row) -> None:
    """Apply one change. A `-U` takes the row away until its `+U` comes."""
    if change.op in ("+I", "+U"):
        table[at] = change.row
    else:
        table.pop(at, None)


def _complaint(change: Change, present: Row | None, announced: bool) -> str | None:
    """What is wrong with a change; `announced`: the `-U` of its `+U` has come."""
    if change.op == "+I":
        return "insert of a row that is present" if present is not None else None
    if present is None:
        is_second_half = change.op == "+U" and announced
        return None if is_second_half else "change of a row that is missing"
    if change.op != "+U" and not _same(change.row, present):
        return f"retraction of a row that is {present}"
    return None


def _same(retracted: Row, present: Row) -> bool:
    """Whether a retraction fits the present row; a tombstone's None fits all."""
    return all(old is None or old == new for old, new in zip(retracted, present))
