"""What may be concluded from rounds: held against scipy, and calibrated by simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from streamgauge.measure.statistics import (
    BLOCK,
    LEAST_PAIRS,
    Ratio,
    against_itself,
    concluded,
    paired,
    pairs,
    ratio,
)

COMPARISONS = 200
MOST_PAIRS = 60


def rounds(seed, true=1.0, *, pairs=MOST_PAIRS, noise=0.03, drift=0.1):
    """Times as a shared machine gives them: they drift, vary, and some take far longer."""
    rng, many = np.random.default_rng(seed), 2 * pairs
    drifted = 2 * (1 + rng.normal(0, drift) * np.arange(many) / many)
    paused = np.where(rng.random(many) < 0.05, 1 + rng.exponential(0.3, many), 1)
    slower = np.where(np.resize(BLOCK, many), true, 1)
    return list(drifted * np.exp(rng.normal(0, noise, many)) * paused * slower)


def different(true, **more):
    """How many of the comparisons say that one is slower, and how many faster."""
    found = [concluded(rounds(seed, true, **more)).found for seed in range(COMPARISONS)]
    return found.count("slower"), found.count("faster")


def test_pairs_are_turned_as_their_rounds_are():
    """A B B A A B B A."""
    assert [[1, 2], [4, 3], [5, 6]] == paired([1, 2, 3, 4, 5, 6, 7]).tolist()


def test_a_pair_with_what_is_no_number_is_left_out():
    nan = float("nan")

    assert ratio([1, 2, 2, 1]) == ratio([1, 2, nan, 1, 1, 2, 5, nan])
    assert 2 == pairs([1, 2, nan, 1, 1, 2, 5, nan])


def test_no_pair():
    with pytest.raises(ValueError, match="no pair of rounds"):
        ratio([1.0])


@pytest.mark.parametrize("seed", range(3))
def test_estimate_is_the_trimmed_mean(seed):
    times = rounds(seed, 1.3)
    first, second = paired(times).T

    assert ratio(times).value == pytest.approx(
        math.exp(stats.trim_mean(np.log(second / first), 0.2))
    )


@pytest.mark.parametrize("seed", range(3))
def test_interval_is_the_percentile_bootstrap(seed):
    """As near as two bootstraps with other random numbers come."""
    times = rounds(seed, 1.3, pairs=20)
    first, second = paired(times).T
    found = stats.bootstrap(
        (np.log(second / first),),
        lambda sample, axis: stats.trim_mean(sample, 0.2, axis),
        confidence_level=0.99,
        n_resamples=20_000,
        method="percentile",
    ).confidence_interval
    ours = ratio(times)

    assert math.log(ours.low) == pytest.approx(found.low, abs=0.15 * ours.side)
    assert math.log(ours.high) == pytest.approx(found.high, abs=0.15 * ours.side)


def test_interval_is_the_same_each_time():
    assert ratio(rounds(1)) == ratio(rounds(1))


def test_what_drifts_is_no_difference():
    """A machine that gets slower by half from the first round to the last, and never varies."""
    times = rounds(0, noise=0, drift=0)
    drifting = [2 * 1.01**number for number, _ in enumerate(times)]

    assert ratio(drifting).value == pytest.approx(1, abs=0.001)
    assert against_itself(drifting).value == pytest.approx(1, abs=0.001)


def test_against_itself_sees_noise_and_no_difference():
    """The two are far apart, and each is the same as itself."""
    seen = against_itself(rounds(3, true=4))

    assert "" == seen.found
    assert seen.side == pytest.approx(ratio(rounds(3)).side, rel=0.5)


def test_at_most_1_of_100_that_are_the_same_differ():
    assert sum(different(1)) <= COMPARISONS // 100


@pytest.mark.parametrize("noise", [0.06, 0.15])
def test_nor_do_they_where_it_is_noisy(noise):
    assert sum(different(1, noise=noise)) <= COMPARISONS // 100


def test_5_percent_are_found_by_95_of_100():
    slower, wrong = different(1.05)

    assert slower >= 95 * COMPARISONS // 100
    assert 0 == wrong


def test_10_percent_are_found_by_all():
    assert (COMPARISONS, 0) == different(1.1)
    assert (0, COMPARISONS) == different(1 / 1.1)


@pytest.mark.parametrize("noise", [0.01, 0.05])
def test_what_would_have_been_found_is_found(noise):
    """Whatever the noise."""
    smallest = np.median([concluded(rounds(n, noise=noise)).smallest for n in range(50)])
    slower, _ = different(1 + smallest, noise=noise)

    assert slower >= 95 * COMPARISONS // 100


def test_a_large_difference_needs_no_more_pairs():
    """Eight times as long, give or take a fifth."""
    assert Ratio(8, 7, 9.1, LEAST_PAIRS).is_narrow
    assert not Ratio(8, 7, 9.1, LEAST_PAIRS - 1).is_narrow
    assert not Ratio(1.05, 1.01, 1.09, LEAST_PAIRS).is_narrow
