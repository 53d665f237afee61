"""The highest rate at which a job's lag does not grow. Pure functions.

Lag is how many events are in the topic that the job has not taken: where it takes as many as come,
it stays about what it is, and goes up and down with what is committed with each checkpoint. How
fast it grows is the slope of a line through what was seen of it; its interval is a bootstrap of
blocks, as what was seen within a checkpoint goes together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

# A job that takes all but so small a share of what comes is as good as one that takes all.
MARGIN = 0.02
# How much higher the lowest rate is at which lag grew than the highest at which it did not.
PRECISION = 0.1
_CONFIDENCE = 0.99
_RESAMPLES = 2000
_BLOCK_SECONDS = 2.0
_SEED = 20261127
_GROWTH = 4
_MOST_TRIALS = 16

# Seconds, and the lag then.
Sample = tuple[float, float]


class Slope(NamedTuple):
    """Events a second by which lag grows, and the interval of that."""

    value: float
    low: float
    high: float


class Tried(NamedTuple):
    """What lag did at a rate of so many events a second."""

    rate: float
    slope: Slope

    @property
    def holds(self) -> bool:
        """Whether nothing says that lag grows."""
        return self.slope.low <= MARGIN * self.rate

    @property
    def taken(self) -> float:
        """Events a second that the job took."""
        return self.rate - self.slope.value


def slope(samples: Sequence[Sample]) -> Slope:
    """Of lag that was looked at in even steps; a ValueError for fewer than two blocks of them."""
    times, lags = np.array(samples, float).T
    block = max(round(_BLOCK_SECONDS / np.diff(times).mean()), 1)
    count = len(times)
    if count < 2 * block:
        raise ValueError(f"lag was looked at {count} times only")
    weights = (times - times.mean()) / ((times - times.mean()) ** 2).sum()
    value = float(weights @ lags)
    off = lags - lags.mean() - value * (times - times.mean())
    # A line of two parameters takes as many samples' worth out of what is left.
    off *= math.sqrt(count / max(count - 2 * block, 1))
    blocks = math.ceil(count / block)
    begins = np.random.default_rng(_SEED).integers(count, size=(_RESAMPLES, blocks, 1))
    drawn = (begins + np.arange(block)).reshape(_RESAMPLES, -1)[:, :count] % count
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(value + off[drawn] @ weights, (tail, 1 - tail))
    return Slope(value, float(low), float(high))


def following(found: Sequence[Tried], start: float, most: float) -> float | None:
    """The rate to try next, from `start` up to `most`; None when it is known where lag grows."""
    if not found:
        return start
    return _next(found, most) if len(found) < _MOST_TRIALS else None


def held(found: Sequence[Tried]) -> Tried | None:
    """The highest at which lag did not grow, below all at which it did."""
    limit = grew(found)
    below = [each for each in found if each.holds and (not limit or each.rate < limit.rate)]
    return max(below, key=lambda each: each.rate, default=None)


def grew(found: Sequence[Tried]) -> Tried | None:
    """The lowest at which it did."""
    return min((each for each in found if not each.holds), key=lambda each: each.rate, default=None)


def _next(found: Sequence[Tried], most: float) -> float | None:
    """The rate to try next; None when enough is known."""
    low, high = held(found), grew(found)
    if high is None:
        reached = found[-1].rate
        return min(reached * _GROWTH, most) if reached < most else None
    if low is None:
        return min(high.taken, high.rate / 2) if high.rate > 1 else None
    if high.rate <= low.rate * (1 + PRECISION):
        return None
    # What it took of too much is about what it can take; else the middle.
    step = math.sqrt(1 + PRECISION)
    if low.rate * step < high.taken < high.rate / step and high is found[-1]:
        return high.taken
    return math.sqrt(low.rate * high.rate)
