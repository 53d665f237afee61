"""Rows that differ are told side by side: by their key, else the nearest of them."""

import time
from datetime import datetime

from streamgauge.values.pairing import LOOKED_AT, Pair, paired

NOON = datetime.fromisoformat("2024-02-29 12:00:00")


def test_rows_of_a_key_are_a_pair():
    """However little else they have in common; others stand alone; sorted by the key."""
    missing = [(9, "i", 1.5), (2, "b", None), (1, "a", 0.5)]
    extra = [(3, "b", None), (9, "x", 2.5), (1, "a", None)]

    assert [
        Pair((1, "a", 0.5), (1, "a", None)),
        Pair((2, "b", None), None),
        Pair(None, (3, "b", None)),
        Pair((9, "i", 1.5), (9, "x", 2.5)),
    ] == paired(missing, extra, key=(0,))


def test_key_need_not_come_first():
    """It may have several columns, and comes first in the order."""
    pairs = paired([("z", 1, 1), ("a", 2, 1)], [("y", 1, 1)], key=(2, 1))

    assert [Pair(("z", 1, 1), ("y", 1, 1)), Pair(("a", 2, 1), None)] == pairs


def test_columns_that_differ():
    """By value and not by text; a row alone differs from nothing."""
    assert [1, 2] == Pair((1, "a", None), (1, "b", NOON)).differ({})
    assert [] == Pair((1, "a"), None).differ({})
    assert [] == Pair(None, (1, "a")).differ({})


def test_columns_that_are_close_do_not_differ():
    """A number within the tolerance makes rows near, too."""
    off, far = ("a", 1.05, "x"), ("b", 9.0, "y")

    assert [2] == Pair(("a", 1.0, "y"), off).differ({1: 0.1})
    assert [1] == Pair(("a", None), ("a", 1.0)).differ({1: 0.1})
    assert [Pair(("a", 1.0, "y"), off), Pair(None, far)] == paired(
        [("a", 1.0, "y")], [off, far], (), {1: 0.1}
    )


def test_nearest_row_has_most_columns_equal():
    """Not the first that has any."""
    missing = [(1, "a", "x", "p"), (1, "b", "y", "q")]
    extra = [(1, "b", "z", "r"), (1, "a", "z", "q")]

    assert [
        Pair((1, "a", "x", "p"), (1, "a", "z", "q")),
        Pair((1, "b", "y", "q"), (1, "b", "z", "r")),
    ] == paired(missing, extra, ())


def test_rows_with_nothing_in_common_are_no_pair():
    """Nor are those of one column: what differs there is another row."""
    assert [Pair((1, "a"), None), Pair(None, (2, "b"))] == paired([(1, "a")], [(2, "b")], ())
    assert [Pair(None, ("A",)), Pair(("a",), None)] == paired([("a",)], [("A",)], ())


def test_row_that_came_twice_is_told_twice():
    """One of them in place of the missing one."""
    assert [Pair((1, "a"), (1, "b")), Pair(None, (1, "b"))] == paired(
        [(1, "a")], [(1, "b")] * 2, ()
    )


def test_null_sorts_first():
    """And can be told from all else; what cannot be compared is no trouble."""
    rows = [("b", 1), (None, 2), (NOON, 3), ("a", 4)]

    assert [2, 3, 4, 1] == [pair.missing[1] for pair in paired(rows, [], ())]


def test_order_of_arrival_is_no_matter():
    """The same difference is told the same each time."""
    missing = [(n % 7, n % 3, n) for n in range(50)]
    extra = [(n % 7, n % 3, -n) for n in range(1, 51)]

    assert paired(missing, extra, ()) == paired(missing[::-1], extra[::-1], ())


def test_many_rows_take_no_square_of_time():
    """Those that differ in a single column are all paired."""
    missing = [(n, n % 1000, "a", None) for n in range(100_000)]
    extra = [(n, n % 1000, "b", None) for n in reversed(range(100_000))]
    began = time.monotonic()
    pairs = paired(missing, extra, ())

    assert [(row, (*row[:2], "b", None)) for row in missing] == pairs
    assert time.monotonic() - began < 20


def test_nearest_is_looked_for_among_a_few():
    """Of rows that differ in more columns than one; the others stand alone, none is lost."""
    missing = [(n, 1, 2) for n in range(LOOKED_AT + 5)]
    extra = [(n, 3, 4) for n in range(LOOKED_AT + 5)]
    pairs = paired(missing, extra, ())

    assert LOOKED_AT == sum(None not in pair for pair in pairs)
    assert missing == [pair.missing for pair in pairs if pair.missing]
    assert sorted(extra) == sorted(pair.extra for pair in pairs if pair.extra)
