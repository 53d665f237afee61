"""Which missing row belongs to which that is too many: of the same key, else the nearest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from operator import eq, itemgetter
from typing import Any, NamedTuple

from streamgauge.values.schema import Row
from streamgauge.values.tolerance import Tolerance, close

# To look for the nearest among more takes the square of it: half a second for this many.
LOOKED_AT = 500


class Pair(NamedTuple):
    """A row that was expected and the one that came in its place, if both are there."""

    missing: Row | None
    extra: Row | None

    def differ(self, tolerance: Tolerance) -> list[int]:
        """Where two rows differ."""
        rows = self.missing or (), self.extra or ()
        return [at for at, alike in enumerate(_equal(*rows, tolerance)) if not alike]


def paired(
    missing: Iterable[Row],
    extra: Iterable[Row],
    key: tuple[int, ...],
    tolerance: Tolerance | None = None,
) -> list[Pair]:
    """All rows, in order, paired where they are of the same key.

    Without a key, paired with the nearest, which has most columns equal and one at least:
    rows that differ in one column, however many; then the first LOOKED_AT of both sides.
    """
    wanted, came = list(missing), list(extra)
    order = _order([*wanted, *came], key)
    wanted, came = sorted(wanted, key=order), sorted(came, key=order)
    if key:
        pairs, wanted, came = _alike(wanted, came, key)
    else:
        pairs, wanted, came = _nearest(wanted, came, order, tolerance or {})
    pairs += [*(Pair(row, None) for row in wanted), *(Pair(None, row) for row in came)]
    return sorted(pairs, key=lambda pair: _place(pair, order))


_Order = Callable[[Row], list[int]]


def _order(rows: Sequence[Row], key: Sequence[int]) -> _Order:
    """How to sort rows: by the key, then by all columns.

    Values have ranks, so that they are held against each other once and not row by row.
    """
    ranks = [_ranks(values) for values in zip(*rows)]
    columns = dict.fromkeys([*key, *range(len(ranks))])
    return lambda row: [ranks[at][row[at]] for at in columns]


def _ranks(values: Iterable[Any]) -> dict[Any, int]:
    """As SQL sorts, NULL first; types that cannot be compared go by their names."""
    order = lambda value: (value is not None, type(value).__name__, value)  # noqa: E731
    return {value: rank for rank, value in enumerate(sorted(set(values), key=order))}


def _place(pair: Pair, order: _Order) -> tuple[list[int], bool]:
    """What is missing stands before what came."""
    row = pair.extra if pair.missing is None else pair.missing
    assert row is not None, "a pair has a row"
    return order(row), pair.missing is None


_Paired = tuple[list[Pair], list[Row], list[Row]]


def _alike(missing: Sequence[Row], extra: Sequence[Row], columns: Sequence[int]) -> _Paired:
    """Pairs of rows that are equal in these columns, and what is left of both."""
    part = itemgetter(*columns)
    there: dict[Any, list[Row]] = defaultdict(list)
    for row in reversed(extra):
        there[part(row)].append(row)
    pairs, left = [], []
    for row in missing:
        same = there.get(part(row))
        if same:
            pairs.append(Pair(row, same.pop()))
        else:
            left.append(row)
    return pairs, left, [row for rows in there.values() for row in rows]


def _nearest(
    missing: Sequence[Row], extra: Sequence[Row], order: _Order, tolerance: Tolerance
) -> _Paired:
    """A row that differs in one column is found by the others, and none can be nearer."""
    pairs: list[Pair] = []
    width = len(missing[0]) if missing else 0
    for column in range(width if width > 1 else 0):
        others = [at for at in range(width) if at != column]
        found, missing, extra = _alike(missing, extra, others)
        pairs += found
    extra = sorted(extra, key=order)
    found, left, over = _most_equal(missing[:LOOKED_AT], extra[:LOOKED_AT], tolerance)
    return pairs + found, [*left, *missing[LOOKED_AT:]], [*over, *extra[LOOKED_AT:]]


def _most_equal(missing: Sequence[Row], extra: Sequence[Row], tolerance: Tolerance) -> _Paired:
    """Each of them is held against each; those with most columns equal are taken first."""
    near = [
        (-equal, one, other)
        for one, row in enumerate(missing)
        for other, came in enumerate(extra)
        if (equal := sum(_equal(row, came, tolerance)))
    ]
    taken: dict[int, int] = {}
    free = set(range(len(extra)))
    for _, one, other in sorted(near):
        if one not in taken and other in free:
            taken[one] = other
            free.remove(other)
    pairs = [Pair(missing[one], extra[other]) for one, other in taken.items()]
    left = [row for one, row in enumerate(missing) if one not in taken]
    return pairs, left, [extra[other] for other in sorted(free)]


def _equal(one: Row, other: Row, tolerance: Tolerance) -> Iterable[bool]:
    """By column, whether two rows are equal there, or as good as equal."""
    if not tolerance:
        return map(eq, one, other)
    return (
        value == came
        or (at in tolerance and None not in (value, came) and close(value, came, tolerance[at]))
        for at, (value, came) in enumerate(zip(one, other))
    )
