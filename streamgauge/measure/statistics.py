"""Whether one of two takes longer: rounds in turn -> a ratio with its interval. Pure functions.

Rounds are timed in the order A B B A, so that what drifts cancels out: each two are a pair, and
give the logarithm of B's time over A's. Of those the trimmed mean is taken, which no single
pause of a machine can move; its interval is a percentile bootstrap, which asks for no normal
distribution.

The rule is calibrated by simulation (tests/unit/test_statistics.py): of two that are the same at
most 1 of 100 comparisons says "different", and of two that are 5 % apart at least 95 say so. Thus
the interval is one of 99 %; it has to lie beyond a margin of 1 % too, for looking after each
block whether to stop makes intervals a little too narrow, and machines are not the same to the
last per mille; and rounds go on until it is 2 % to each side, from which 5 % can be told. Of a few
pairs an interval is too narrow by itself: there are twelve at least.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

# Of two, which is timed next: the first has number 0.
BLOCK = (0, 1, 1, 0)
CONFIDENCE = 0.99
MARGIN = math.log(1.01)
NARROW = math.log(1.02)
# Of a large difference no more has to be known than this share of it.
NARROW_SHARE = 0.1
LEAST_PAIRS = 12
# Of a machine that says so much to each side of two that are the same nothing is believed.
WIDEST = math.log(1.05)

_TRIMMED = 0.2
_RESAMPLES = 4000
_SEED = 20261126
# How many sides of an interval a difference has to be beyond the margin for 95 of 100 to find it.
# Those of few pairs are often too narrow: so many pairs ask for as much again (by simulation).
_SURE, _FEW_PAIRS = 1.7, 7

Array = NDArray[np.floating[Any]]
Found = Literal["", "slower", "faster"]


@dataclass(frozen=True)
class Ratio:
    """How many times as long B takes as A: the estimate, and its interval, of so many pairs."""

    value: float
    low: float
    high: float
    pairs: int

    @property
    def side(self) -> float:
        """How far the interval goes to each side, as a logarithm."""
        return math.log(self.high / self.low) / 2

    @property
    def found(self) -> Found:
        """What B is, if it is anything but the same."""
        if self.low > math.exp(MARGIN):
            return "slower"
        return "faster" if self.high < math.exp(-MARGIN) else ""

    @property
    def smallest(self) -> float:
        """The smallest difference, as a share, that 95 of 100 such comparisons would find."""
        sides = _SURE * (1 + _FEW_PAIRS / self.pairs)
        return math.expm1(MARGIN + sides * self.side)

    @property
    def is_narrow(self) -> bool:
        """Whether more pairs would tell nothing that matters."""
        return self.pairs >= LEAST_PAIRS and self.side <= self._enough(NARROW)

    def is_quiet(self, beside: Ratio) -> bool:
        """Whether this, of two that are the same, allows for the other to be believed."""
        return not self.found and self.side <= beside._enough(WIDEST)

    def _enough(self, side: float) -> float:
        """So much, or the share of a large difference that does no harm."""
        return max(side, NARROW_SHARE * abs(math.log(self.value)))


def ratio(times: Sequence[float]) -> Ratio:
    """Of times (above 0) in the order of the rounds: those of the second over the first.

    A round without its pair is left out, as is a pair with one that is not a number; a
    ValueError where there is no pair.
    """
    found = paired(times)
    return _estimated(np.log(found[:, 1] / found[:, 0]))


def pairs(times: Sequence[float]) -> int:
    """How many pairs of numbers there are."""
    found = np.array(times[: len(times) // 2 * 2], float).reshape(-1, 2)
    return int((~np.isnan(found).any(axis=1)).sum())


def concluded(times: Sequence[float]) -> Ratio:
    """What a comparison says that has at most these rounds: it looks after each block."""
    least = next(n for n in range(len(times) + 1) if pairs(times[:n]) >= LEAST_PAIRS)
    seen = ratio(times[:least])
    for upto in range(least + len(BLOCK), len(times) + 1, len(BLOCK)):
        if seen.is_narrow:
            break
        seen = ratio(times[:upto])
    return seen


def against_itself(times: Sequence[float]) -> Ratio:
    """What the same rounds say of two that are the same.

    All but the first and last have one of their own kind beside them. Every other two are
    held against each other the other way round, as what drifts is not what is asked for.
    """
    return ratio(list(times[1:-1]))


def unpaired(first: Sequence[float], second: Sequence[float]) -> Ratio:
    """Of times that were taken apart from each other: what drifted between them is in it."""
    logs = np.sort(np.log(first)), np.sort(np.log(second))
    values = [sample[_kept(len(sample))].mean() for sample in logs]
    # Else two samples of one size would be drawn alike, and their differences be too small.
    means = _weights(len(first)) @ logs[0], (_weights(len(second)) @ logs[1])[::-1]
    return _ratio(values[1] - values[0], means[1] - means[0], min(len(first), len(second)))


def paired(times: Sequence[float]) -> Array:
    """The first's time and the second's in each pair; a ValueError where there is none."""
    found = np.array(times[: len(times) // 2 * 2], float).reshape(-1, 2)
    found[1::2] = found[1::2, ::-1]
    kept: Array = found[~np.isnan(found).any(axis=1)]
    if not len(kept):
        raise ValueError("no pair of rounds")
    return kept


def _estimated(logs: Array) -> Ratio:
    logs = np.sort(logs)
    return _ratio(logs[_kept(len(logs))].mean(), _weights(len(logs)) @ logs, len(logs))


def _ratio(value: float, resampled: Array, pairs: int) -> Ratio:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(resampled, (tail, 1 - tail))
    return Ratio(math.exp(value), math.exp(low), math.exp(high), pairs)


def _kept(pairs: int) -> slice:
    """The middle of a sorted sample, without the trimmed share at each end."""
    cut = int(_TRIMMED * pairs)
    return slice(cut, pairs - cut)


@cache
def _weights(pairs: int) -> Array:
    """What each value of a sorted sample weighs in the trimmed mean of each resample.

    A resample of a sorted sample is sorted when its indices are: that is done once for all
    samples of this size.
    """
    drawn = np.random.default_rng(_SEED).integers(pairs, size=(_RESAMPLES, pairs))
    middle = np.sort(drawn, axis=1)[:, _kept(pairs)]
    weights = np.zeros((_RESAMPLES, pairs))
    np.add.at(weights, (np.arange(_RESAMPLES)[:, None], middle), 1 / middle.shape[1])
    return weights
