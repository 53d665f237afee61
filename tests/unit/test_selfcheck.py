"""What comparisons would say of real rounds: here of rounds whose noise is known."""

import numpy as np
import pytest

from streamgauge.measure.selfcheck import Checked, checked


def rounds(noise, many=60):
    return list(2 * np.exp(np.random.default_rng(5).normal(0, noise, many)))


@pytest.mark.parametrize("noise", [0.005, 0.02])
def test_a_quiet_machine_is_good_enough(noise):
    found = checked(rounds(noise), 120)

    assert found.ok, found
    assert (100, 120) == (found.comparisons, found.most)


def test_a_noisy_machine_is_not():
    """It finds nothing where nothing is, and does not find what is."""
    found = checked(rounds(0.15), 120)

    assert found.different <= 1
    assert not found.ok


def test_what_drifts_is_no_difference():
    """Each round of a block takes longer than the one before."""
    found = checked([1.0, 1.01, 1.02, 1.03] * 15, 120)

    assert 0 == found.different


@pytest.mark.parametrize(
    ("different", "found", "ok"),
    [
        (1, {0.05: 95, 0.1: 100}, True),
        (2, {0.05: 100, 0.1: 100}, False),
        (0, {0.05: 94, 0.1: 100}, False),
        (0, {0.05: 95, 0.1: 99}, False),
    ],
)
def test_what_is_asked_for(different, found, ok):
    assert ok == Checked(100, 120, different, found).ok


def test_told():
    assert (
        "of 100 comparisons of a job with itself 1 say that it differs;"
        " a slow-down is found of 5% in 96, 10% in 100 of 100"
    ) == str(Checked(100, 120, 1, {0.05: 96, 0.1: 100}))
