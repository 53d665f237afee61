"""When what an entry leads to shows in a sink. Pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from streamgauge.attachments import Arrival
from streamgauge.values.schema import Row

# The index of an entry, and the row that it leads to.
Effect = tuple[int, Row]
_GONE = ("-U", "-D")


def shown(
    effects: Iterable[Effect], arrivals: Iterable[Arrival], key: Sequence[int] = ()
) -> dict[int, float]:
    """When each entry showed first, in unix seconds; those that never did are left out.

    `key` has the indices of the sink's key: of its rows only the last is there, so a row shows
    with itself all those of its key before it. Without a key rows that are alike come in the
    order of their entries.
    """
    waiting: defaultdict[Row, list[Effect]] = defaultdict(list)
    for index, row in effects:
        waiting[_place(row, key)].append((index, row))
    for effect in waiting.values():
        effect.reverse()
    found: dict[int, float] = {}
    for (op, row), at in arrivals:
        if op not in _GONE and at is not None:
            found.update(dict.fromkeys(_taken(waiting[_place(row, key)], row), at))
    return found


def _place(row: Row, key: Sequence[int]) -> Row:
    return tuple(row[index] for index in key) if key else row


def _taken(waiting: list[Effect], row: Row) -> list[int]:
    """The entries up to the first that leads to the row, which do not wait any more."""
    places = (n for n in range(len(waiting) - 1, -1, -1) if waiting[n][1] == row)
    first = next(places, len(waiting))
    taken = [index for index, _ in waiting[first:]]
    del waiting[first:]
    return taken
