"""Latencies in an HDR histogram: three digits of each, however many there are."""

from __future__ import annotations

import math
from collections.abc import Iterable

from hdrh.histogram import HdrHistogram

from streamgauge.report.latency import PERCENTILES, Spread

_MICROSECONDS = 1_000_000
_MOST = 3600 * _MICROSECONDS
_DIGITS = 3
# Of a percentile beyond which there are fewer, one value more or less would make another.
_BEYOND = 10


class Histogram:
    """Of seconds; those below 0 are kept too, for they tell of clocks that are apart."""

    def __init__(self, seconds: Iterable[float] = ()) -> None:
        self._above, self._below = (HdrHistogram(1, _MOST, _DIGITS) for _ in range(2))
        self._least, self._most = math.inf, -math.inf
        for each in seconds:
            self.add(each)

    def add(self, seconds: float) -> None:
        """One more; of more than an hour it is known that they are so."""
        sign = self._above if seconds >= 0 else self._below
        sign.record_value(min(round(abs(seconds) * _MICROSECONDS), _MOST))
        self._least, self._most = min(self._least, seconds), max(self._most, seconds)

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self._above.get_total_count() + self._below.get_total_count())

    def percentile(self, percent: float) -> float | None:
        """What so many percent of all do not exceed; None where too few do."""
        if round(self.count * (100 - percent), 6) < 100 * _BEYOND:
            return None
        below = self._below.get_total_count()
        rank = math.ceil(self.count * percent / 100)
        if rank > below:
            return _value(self._above, rank - below)
        return -_value(self._below, below - rank + 1)

    def spread(self) -> Spread:
        """What is told of it; there has to be one."""
        found = {f"p{percent:g}": self.percentile(percent) for percent in PERCENTILES}
        there = {name: value for name, value in found.items() if value is not None}
        negative = int(self._below.get_total_count())
        return Spread(self.count, negative, self._least, self._most, there)


def _value(histogram: HdrHistogram, rank: int) -> float:
    """The value of this rank from below, counted from 1."""
    percent = 100 * rank / histogram.get_total_count()
    return float(histogram.get_value_at_percentile(percent)) / _MICROSECONDS
