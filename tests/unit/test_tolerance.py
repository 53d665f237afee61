"""Numbers that may be a little off are matched as well as can be, in whatever order rows come."""

import math
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamgauge.values.tolerance import close, unmatched

NAN, INF = math.nan, math.inf
TOLERANCE = {1: 0.1}
# Few values, around the bounds of the tolerance: many a row is close to several.
NUMBERS = st.sampled_from([None, NAN, INF, -INF, 0.0, -0.0, 0.05, 0.1, 0.15, 0.2, 9.0, 9.95, 10.9])
ROWS = st.lists(st.tuples(st.sampled_from("ab"), NUMBERS, NUMBERS), max_size=5)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (1.0, 1.0, True),
        (0.0, 0.1, True),
        (0.0, 0.11, False),
        (100.0, 110.0, True),
        (100.0, 112.0, False),
        (-100.0, -110.0, True),
        (-0.01, 0.01, True),
        (-0.0, 0.0, True),
        (NAN, float("nan"), True),
        (NAN, 0.0, False),
        (INF, INF, True),
        (INF, -INF, False),
        (INF, 1e308, False),
        (1.7e308, -1.7e308, False),
    ],
)
def test_what_is_close(one, other, alike):
    """At most 0.1 apart, or a tenth of the greater one."""
    assert (alike, alike) == (close(one, other, 0.1), close(other, one, 0.1))


def fits(one, other, tolerance):
    """Whether two rows may be matched."""
    return all(
        a == b or (at in tolerance and None not in (a, b) and close(a, b, tolerance[at]))
        for at, (a, b) in enumerate(zip(one, other))
    )


def most(wanted, came, tolerance):
    """How many rows can be matched, by trying all ways."""
    few, many = sorted((wanted, came), key=len)
    ways = permutations(many, len(few))
    return max(sum(fits(*pair, tolerance) for pair in zip(few, way)) for way in ways)


@given(ROWS, ROWS, st.sampled_from([{1: 0.1}, {2: 0.1, 1: 0.05}]))
def test_as_many_as_can_be_are_matched(wanted, came, tolerance):
    """What is left has no match in what is left of the other side."""
    missing, extra = unmatched(wanted, came, tolerance)

    assert len(wanted) - len(missing) == len(came) - len(extra) == most(wanted, came, tolerance)
    assert not Counter(missing) - Counter(wanted)
    assert not Counter(extra) - Counter(came)


@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_order_is_nothing(wanted, came, random):
    """The same rows are left, however they come."""
    first = unmatched(wanted, came, TOLERANCE)
    random.shuffle(wanted)
    random.shuffle(came)
    again = unmatched(wanted, came, TOLERANCE)

    assert [*map(Counter, first)] == [*map(Counter, again)]


@given(ROWS, ROWS)
def test_without_a_tolerance_rows_are_equal_or_not(wanted, came):
    """To the last digit; -0.0 is 0.0, and NaN is NaN."""
    missing, extra = unmatched(wanted, came, {})

    assert Counter(missing) == Counter(wanted) - Counter(came)
    assert Counter(extra) == Counter(came) - Counter(wanted)


def test_match_is_let_go_for_another():
    """0.1 is nearest to 0.1, but 0.0 has nothing else."""
    rows = [("a", 0.0), ("a", 0.1)], [("a", 0.1), ("a", 0.2)]

    assert ([], []) == unmatched(*rows, TOLERANCE)


def test_many_rows_take_no_time():
    """Each finds an equal one at once, also among many that are close."""
    rows = [("a", n / 1e6) for n in range(20_000)] + [("b", 0.5)] * 20_000

    assert ([], []) == unmatched(rows, rows[::-1], TOLERANCE)
