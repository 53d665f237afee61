"""Rows near those that a scenario has, which may tell what those do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from streamgauge.errors import ScenarioError
from streamgauge.scenario import Scenario, Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Entry, Inputs

# Of each source so many rows have others near them.
_ROWS = 10
_STEPS = (timedelta(milliseconds=1), timedelta(seconds=1), timedelta(minutes=1))


class Group(dict[int, list[Entry]]):
    """Entries of one sort, each behind the one whose number it is under."""


def groups(scenario: Scenario, inputs: Inputs) -> list[Group]:
    """Sorts of rows near those of the inputs: once more, and for each column with others values.

    Of rows that come and go, and of those that their source does not take, there are none.
    """
    found: dict[object, Group] = {("again",): Group()}
    for source in scenario.sources:
        there = [(n, e) for n, e in enumerate(inputs.entries) if e.source == source.name]
        for number, entry in there[:_ROWS]:
            if isinstance(entry.record, Change):
                break
            found["again",].setdefault(number, []).append(entry)
            for sort, near in _near(source, entry.record, [e.record for _, e in there]):
                group = found.setdefault((source.name, *sort), Group())
                group.setdefault(number, []).append(Entry(source.name, near))
    return [group for group in found.values() if group]


def joined(inputs: Inputs, chosen: Sequence[Group]) -> Inputs:
    """The inputs with groups in them."""
    entries = (
        each
        for number, entry in enumerate(inputs.entries)
        for each in (entry, *(near for group in chosen for near in group.get(number, ())))
    )
    return Inputs(inputs.sources, tuple(entries))


def _near(source: Source, row: Any, rows: Sequence[Any]) -> Iterator[tuple[tuple[str, int], Any]]:
    """With the column and which of its other values a row has."""
    for at, column in enumerate(source.schema.columns):
        others = [*_others(row[at]), None, rows[(rows.index(row) + 1) % len(rows)][at]]
        for sort, value in enumerate(others):
            near = (*row[:at], value, *row[at + 1 :])
            if near != row and _fits(source, near):
                yield (column.name, sort), near


def _fits(source: Source, row: Any) -> bool:
    try:
        source.check([row])
    except ScenarioError:
        return False
    return True


def _others(value: Any) -> list[Any]:
    """Values near one of a row's."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, str):
        return ["", f"{value} ", value.swapcase(), f"{value}, {value}"]
    if isinstance(value, datetime):
        return [value + step * sign for step in _STEPS for sign in (1, -1)]
    if isinstance(value, Decimal):
        unit = Decimal(1).scaleb(int(value.as_tuple().exponent))
        return [value + unit, value - unit, unit * 0, -value]
    if isinstance(value, (int, float)):
        return [value + 1, value - 1, type(value)(0), -value, value * 40_000]
    return []


def smallest(
    entries: Sequence[Entry], tells: Callable[[Sequence[Sequence[Entry]]], Sequence[Entry] | None]
) -> Sequence[Entry]:
    """As few of the entries as still tell; `tells` gives one of several parts that does."""
    parts = 2
    while len(entries) > 1:
        size = -(-len(entries) // parts)
        begins = range(0, len(entries), size)
        own = [entries[at : at + size] for at in begins]
        rest = [(*entries[:at], *entries[at + size :]) for at in begins]
        # Of two halves each is the rest of the other.
        found = tells(own if len(own) == 2 else [*own, *rest])  # noqa: PLR2004
        if found is not None:
            parts = 2 if len(found) <= size else max(2, parts - 1)
            entries = found
        elif parts >= len(entries):
            break
        else:
            parts = min(2 * parts, len(entries))
    return entries
