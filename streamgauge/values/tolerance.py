"""Multisets of rows held against each other, where some columns may be a little off."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, takewhile

from streamgauge.values.schema import Row

# By column: how far two values may be apart.
Tolerance = Mapping[int, float]


def close(one: float, other: float, tolerance: float) -> bool:
    """Whether two numbers are as good as equal.

    They are at most `tolerance` apart, or that share of the greater one. NaN is close to NaN,
    an infinity to itself alone.
    """
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)


def unmatched(
    wanted: Iterable[Row], came: Iterable[Row], tolerance: Tolerance
) -> tuple[list[Row], list[Row]]:
    """The rows of each side for which the other has none; as few as there can be.

    Whatever the order of the rows, the same are left.
    """
    missing, extra = Counter(wanted), Counter(came)
    if tolerance:
        for rows in _groups([*missing, *extra], tolerance):
            _Group(rows, tolerance, missing, extra).match()
        return [*missing.elements()], [*extra.elements()]
    return [*(missing - extra).elements()], [*(extra - missing).elements()]


def _groups(rows: Iterable[Row], tolerance: Tolerance) -> Iterable[set[Row]]:
    """Rows that are equal but for what may be off."""
    found: defaultdict[Row, set[Row]] = defaultdict(set)
    for row in rows:
        rest = tuple(_fixed(v) if at in tolerance else v for at, v in enumerate(row))
        found[rest].add(row)
    return found.values()


def _fixed(value: float | None) -> object:
    """What is equal in all numbers that may be close to this one."""
    return value is not None and (math.isfinite(value) or str(value))


class _Group:
    """Rows that may be matched with each other; what is matched goes from both counters.

    A row may have to let go of its match for another to find one: steps like that are looked
    for until there are none (Ford and Fulkerson).
    """

    def __init__(
        self, rows: Iterable[Row], tolerance: Tolerance, missing: Counter[Row], extra: Counter[Row]
    ) -> None:
        self._missing, self._extra, self._tolerance = missing, extra, tolerance
        self._first = next(iter(tolerance))
        rows = sorted(rows, key=lambda row: [_place(row[at]) for at in tolerance])
        self._wanted = [row for row in rows if missing[row]]
        self._came = [row for row in rows if extra[row]]
        self._places = [_place(row[self._first]) for row in self._came]
        self._taken: defaultdict[Row, Counter[Row]] = defaultdict(Counter)

    def match(self) -> None:
        """Match as many as can be."""
        for row in self._wanted:
            while self._missing[row] and self._matched(row):
                pass

    def _matched(self, wanted: Row) -> bool:
        """Whether one more of this row has a match, for which others may let go of theirs."""
        takes: dict[Row, Row] = {}
        leaves: dict[Row, Row] = {}
        ahead = deque([wanted])
        while ahead:
            row = ahead.popleft()
            for other in self._near(row):
                if other in takes:
                    continue
                takes[other] = row
                if self._extra[other]:
                    self._take(wanted, other, takes, leaves)
                    return True
                holders = [h for h in +self._taken[other] if h not in leaves and h != wanted]
                leaves.update(dict.fromkeys(holders, other))
                ahead.extend(holders)
        return False

    def _take(
        self, wanted: Row, free: Row, takes: Mapping[Row, Row], leaves: Mapping[Row, Row]
    ) -> None:
        """Let each on the way to what is free take what the next one leaves."""
        self._missing[wanted] -= 1
        self._extra[free] -= 1
        row, other = takes[free], free
        while row != wanted:
            self._taken[other][row] += 1
            other = leaves[row]
            self._taken[other][row] -= 1
            row = takes[other]
        self._taken[other][row] += 1

    def _near(self, row: Row) -> Iterator[Row]:
        """What came that is close to a row: what is equal, if anything, first."""
        middle = bisect_left(self._places, _place(row[self._first]))
        close_to = lambda at: self._alike(row, self._came[at], [self._first])  # noqa: E731
        above = takewhile(close_to, range(middle, len(self._came)))
        below = takewhile(close_to, range(middle - 1, -1, -1))
        others = (self._came[at] for at in chain(above, below))
        return (other for other in others if self._alike(row, other, self._tolerance))

    def _alike(self, row: Row, other: Row, columns: Iterable[int]) -> bool:
        return all(
            row[at] is None or close(row[at], other[at], self._tolerance[at]) for at in columns
        )


def _place(value: float | None) -> float:
    """Where a number stands among those of its group, in which what is not finite is alike."""
    return value if value is not None and math.isfinite(value) else 0.0
