"""Clicks: users of unlike weight, out of order within the bound, late where that is wanted."""

from collections import Counter
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import clicks
from streamgauge.discovery import load
from streamgauge.paths import scenarios
from streamgauge.values.event_time import late

# 317 years later.
FAR = 10**12
(SOURCE,) = load(scenarios() / "click_top10").sources

seeds = st.integers(0, 2**64 - 1)


@settings(deadline=None, max_examples=5)
@given(seeds, st.sampled_from([0, FAR]))
def test_rows_are_out_of_order_but_never_late(seed, first):
    """The watermark passes no row before it comes, though some come behind by most of 0.5 s."""
    rows = clicks.rows(seed, first, first + 500)
    times = [row[0] for row in rows]
    behind = [newest - time for time, newest in zip(times, accumulate(times, max))]

    assert [] == late(SOURCE, rows)
    assert clicks.DISORDER / 2 < max(behind) < clicks.DISORDER


@settings(deadline=None, max_examples=5)
@given(seeds)
def test_some_late_is_the_same_with_a_tenth_late(seed):
    """The watermark has passed one row in ten when it comes; all else is as it was."""
    usual, made = clicks.rows(seed, 0, 1000, hostile=0), clicks.some_late(seed, 0, 1000)
    moved = [(one, other) for one, other in zip(usual[1:], made[1:]) if one != other]
    newest = accumulate((row[0] for row in made), max)
    behind = [row for row, before in zip(made[1:], newest) if row[0] <= before - clicks.DISORDER]

    assert behind == [other for _, other in moved]
    assert 50 < len(behind) < 150
    assert [row[1:] for row in usual] == [row[1:] for row in made]
    assert behind == [made[index] for index in late(SOURCE, made)]
    assert [] == late(SOURCE, [row for row in made if row not in behind])


@settings(deadline=None, max_examples=5)
@given(seeds)
def test_nine_of_ten_are_clicks(seed):
    """The others are deletes."""
    actions = Counter(row[4] for row in clicks.rows(seed, 0, 2000, hostile=0))

    assert {"click", "is_delete"} == set(actions)
    assert 1700 < actions["click"] < 1900


@settings(deadline=None, max_examples=5)
@given(seeds)
def test_users_are_enough_for_a_top_ten_of_each_sex(seed):
    """1,000 rows have 50 users and more, each with one name, and one sex where it is known."""
    rows = clicks.rows(seed, 0, 1000)
    users = {row[1:4] for row in rows if row[3]}
    sexes = Counter(sex for _, _, sex in users)

    assert 50 <= len(users) == len({user for user, _, _ in users})
    assert {"f", "m"} == set(sexes)
    assert min(sexes.values()) > 20


def test_shares_are_those_of_zipf():
    """The n-th user has the n-th most clicks, about an n-th of the first one's."""
    counts = Counter(row[1] for row in clicks.rows(1, 0, 20_000)).most_common(6)

    assert [1, 2, 3, 4, 5, 6] == [user for user, _ in counts]
    assert all(0.9 < place * n / counts[0][1] < 1.1 for place, n in counts)


@pytest.mark.parametrize("seed", range(5))
def test_ties_decide_who_is_among_the_first_ten(seed):
    """In some window the tenth and the eleventh have as many clicks as each other."""
    rows = clicks.rows(seed, 0, 1000)
    firsts = [
        sorted(Counter(row[1] for row in rows[:stop] if row[3] == sex).values())[-11:-9]
        for stop in range(100, 1001, 100)
        for sex in "fm"
    ]

    assert any(tenth == eleventh for eleventh, tenth in firsts)


def test_a_minute_begins_on_the_way():
    """1,000 rows are of two calendar minutes, and of two days."""
    times = [row[0] for row in clicks.rows(42, 0, 1000)]

    assert 2 == len({time.date() for time in times})
    assert 2 == len({time.replace(second=0, microsecond=0) for time in times})
