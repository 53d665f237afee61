"""Readings of sensors: what is sent twice, what is weighted, and what windows they come in."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import readings
from streamgauge.discovery import load
from streamgauge.paths import scenarios
from streamgauge.values.event_time import late

ZOO, WINDOWS = (load(scenarios() / name) for name in ("state_zoo", "open_windows"))

seeds = st.integers(0, 2**64 - 1)
few = settings(deadline=None, max_examples=10)


@few
@given(seeds)
def test_what_is_sent_twice_is_the_same(seed):
    """One in five comes once more, some of them across the cut."""
    rows = readings.rows(seed, 0, 200)
    copies = [row for row, times in Counter(rows).items() if times > 1]

    assert len(set(rows)) == len({row[0] for row in rows})
    assert len(copies) > 10
    assert set(rows[:100]) & set(rows[100:])


@few
@given(seeds)
def test_most_readings_have_a_weight(seed):
    """Some come before it, and the last ones may wait for it for ever."""
    grades = [row[2] for row in readings.rows(seed, 0, 200, hostile=0)]
    weights = [grade for grade, _ in readings.weights(seed, 0, 200)]

    assert len(set(weights)) == 200
    assert sum(grade in weights for grade in grades) > 150
    assert any(weights.index(g) > at for at, g in enumerate(grades) if g in weights)


@pytest.mark.parametrize("seed", range(5))
def test_some_sensor_has_nothing_that_is_weighted(seed):
    """An outer join would tell it."""
    answers = ZOO.expected(ZOO.sample(seed))

    assert {sensor for sensor, _ in answers["total"]} > {
        sensor for sensor, _ in answers["weighted"]
    }


@few
@given(seeds)
def test_readings_over_time_are_out_of_order_but_never_late(seed):
    """Otherwise nobody could tell what a restarted job finds late."""
    rows = readings.timed(seed, 0, 400)

    assert sorted(rows) != rows
    assert [] == late(WINDOWS.sources[0], rows)


@pytest.mark.parametrize("seed", range(5))
def test_the_state_before_the_cut_decides(seed):
    """With the second half alone no sink of the zoo has its answer.

    Of these seeds: with one in 17 the greatest of all come in the second half by chance.
    """
    inputs = ZOO.sample(seed)
    half = inputs.part(len(inputs.until(0.5).entries), len(inputs.entries))

    assert all(
        sorted(rows) != sorted(ZOO.expected(half)[sink])
        for sink, rows in ZOO.expected(inputs).items()
    )


@few
@given(seeds)
def test_windows_are_open_at_the_cut(seed):
    """Some of each kind."""
    before = WINDOWS.sample(seed).until(0.5)
    watermark = max(at for at, *_ in before["readings"]) - readings.DISORDER

    for rows in WINDOWS.expected(before).values():
        assert any(end > watermark for _, end, *_ in rows)


def test_nothing_is_read_in_some_windows():
    """Of each kind; and in others beside what is read, so that a NULL does not make the sum one."""
    inputs = WINDOWS.sample(0)
    nothing = {"readings": [row for row in inputs["readings"] if row[2] is None]}

    for sink in ("tumbling", "sliding", "cumulative"):
        totals, empty = (
            {row[:3]: row[3] for row in WINDOWS.expected(i)[sink]} for i in (inputs, nothing)
        )
        assert {True, False} == {totals[window] is None for window in empty}
    assert any(row[3] is None for row in WINDOWS.expected(inputs)["sessions"])


@few
@given(seeds)
def test_every_amount_is_in_its_windows(seed):
    """Once in tumbling ones and in sessions, twice in sliding ones."""
    inputs = {"readings": readings.timed(seed, 0, 200, hostile=0)}
    answer = WINDOWS.expected(inputs)
    total = sum(amount for *_, amount in inputs["readings"])
    added = {sink: sum(row[3] for row in rows) for sink, rows in answer.items()}

    assert (total, total, 2 * total) == (added["tumbling"], added["sessions"], added["sliding"])
    assert total < added["cumulative"] < 2 * total


@few
@given(seeds)
def test_sessions_of_a_sensor_are_apart(seed):
    """By more than the gap, which each has at its end."""
    sessions = sorted(
        WINDOWS.expected(WINDOWS.sample(seed))["sessions"], key=lambda row: (repr(row[2]), row[0])
    )

    assert all(
        one[1] < next_[0] for one, next_ in zip(sessions, sessions[1:]) if one[2] == next_[2]
    )
    assert all(end - start >= timedelta(seconds=30) for start, end, *_ in sessions)
