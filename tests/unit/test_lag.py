"""How fast lag grows, and the highest rate at which it does not: of servers that are simulated."""

import math

import numpy as np
import pytest

from streamgauge.measure.lag import PRECISION, Slope, Tried, following, grew, held, slope

STEP, SECONDS = 0.25, 12.0
CHECKPOINT = 0.5
MOST = 1_000_000.0


def lags(rate, capacity, seed, noise=0.1):
    """Lag as it is looked at: what came since the last commit, which is now and then a bit late.

    It takes so much at most; what it takes is off by `noise` from one second to the next.
    """
    draws = np.random.default_rng(seed)
    times = np.arange(0, SECONDS, STEP)
    able = np.repeat(capacity * (1 + noise * draws.normal(size=math.ceil(SECONDS))), 1 / STEP)
    behind, found = 0.0, []
    for at, much in zip(times, able):
        behind = max(behind + (rate - much) * STEP, 0)
        open_ = (at % CHECKPOINT) + 0.1 * draws.random()
        found.append((at, behind + rate * open_))
    return found


def tried(rate, capacity, seed):
    return Tried(rate, slope(lags(rate, capacity, seed)))


def searched(capacity, seed=1, start=1000.0, most=MOST):
    """All trials of a search for what a server takes."""
    found = []
    while rate := following(found, start, most):
        found.append(tried(rate, capacity, [seed, len(found)]))
    return found


def test_slope_of_a_line_is_its_own():
    """There is nothing that the interval could be wide of."""
    found = slope([(at, 5 + 3 * at) for at in np.arange(0, 15, STEP)])

    assert [3, 3, 3] == pytest.approx(found)


@pytest.mark.parametrize("growth", [0.0, 0.05, 1.0])
def test_slope_is_within_its_interval(growth):
    """In most of 200 simulations: its interval is one of 99 %."""
    inside = 0
    for seed in range(200):
        found = slope([(at, lag + growth * 1000 * at) for at, lag in lags(1000, 2000, seed)])
        inside += found.low <= growth * 1000 <= found.high

    assert inside >= 190


def test_a_server_that_takes_all_does_not_fall_behind():
    """At most 2 of 200 trials say that it does; one that takes 5 % less than all is found out."""
    assert sum(not tried(1000, 1300, seed).holds for seed in range(200)) <= 2
    assert sum(not tried(1000, 900, seed).holds for seed in range(200)) >= 190


def test_lag_that_was_hardly_looked_at_has_no_slope():
    with pytest.raises(ValueError, match="looked at 3 times only"):
        slope([(0, 1), (1, 2), (2, 3)])


@pytest.mark.parametrize("capacity", [40, 700, 1000, 1100, 5_000, 23_456, 300_000])
def test_search_finds_what_a_server_takes(capacity):
    """From above as from below, in few trials."""
    for seed in range(5):
        found = searched(capacity, seed)
        best, limit = held(found), grew(found)

        assert 0.85 * capacity <= best.rate <= 1.1 * capacity
        assert best.rate < limit.rate <= best.rate * (1 + PRECISION)
        assert len(found) <= 14


def test_search_ends_at_the_most():
    """A server that takes all that can be sent has no limit that is known."""
    found = searched(1e9, most=50_000.0)

    assert [1000, 4000, 16_000, 50_000] == [trial.rate for trial in found]
    assert 50_000 == held(found).rate
    assert grew(found) is None


def test_what_held_above_a_rate_that_did_not_is_no_limit():
    """It was luck."""
    found = [Tried(rate, Slope(0, low, 0)) for rate, low in ((1000, 0), (4000, 0), (2000, 999))]

    assert 1000 == held(found).rate


def test_search_gives_up_on_a_server_that_takes_nothing():
    found = searched(0.0)

    assert held(found) is None
    assert len(found) <= 16
