"""Columns have the values that they are made of, and write them as the encoder of rows does."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamgauge.attachments.json_rows import encode
from streamgauge.values.changelog import Change
from streamgauge.values.columns import Chosen, Columns, Joined, Mixed, Partly, Pool, piled
from streamgauge.values.kinds import (
    Blobs,
    Days,
    Exact,
    Floats,
    Moments,
    Numbers,
    Texts,
    days,
    microseconds,
)
from streamgauge.values.notation import JSON
from streamgauge.values.schema import Schema

ONE = Schema.of(n="STRING")
FINITE = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
# Where the ways to write a number meet, and what is special.
EDGES = [0.0, -0.0, 1e-9, 1e-5, 1e-4, 1e10, 1e15, 1e16, 2.0**53, 2.0**53 + 2, 5e-324, 1e22, 1e23]


def ints(numbers):
    return np.array(numbers, dtype=np.int64)


def written(column, size):
    """Each value as it stands in a message."""
    messages = Columns(column, size=size).written(JSON, (b'{"n": ', b"}"))
    return [message.decode() for message in messages]


def rows(values):
    return [encode(ONE, (value,)).decode() for value in values]


def check(column, values):
    """It has the values, of the same types, and writes them as rows are."""
    assert repr(list(values)) == repr(list(column.values()))
    assert rows(values) == written(column, len(values))


@given(st.lists(st.one_of(FINITE, st.sampled_from(EDGES), st.integers(-(2**60), 2**60).map(float))))
def test_floats(values):
    """In the fewest digits, as Python has them."""
    check(Floats(np.array(values, dtype=np.float64)), values)


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_whole_numbers(values):
    """Signed ones, and those that no signed one is."""
    check(Numbers(ints(values)), values)
    great = [value + 2**63 for value in values]
    check(Numbers(np.array(great, dtype=np.uint64)), great)
    check(Exact(np.array(great, dtype=np.uint64)), list(map(Decimal, great)))


@given(st.lists(st.integers(-(10**12), 10**12)), st.integers(1, 6))
def test_decimals(values, scale):
    """With zeros at the end, and below one."""
    check(Exact(ints(values), scale), [Decimal(f"{value}E-{scale}") for value in values])


@given(st.lists(st.integers(0, 38).flatmap(lambda n: st.integers(1 - 10**n, 10**n - 1))))
def test_long_decimals(values):
    """Of two halves of 64 bits; with an exponent where Decimal has one."""
    high, low = np.array([halves(v) for v in values], dtype=np.uint64).reshape(-1, 2).T
    check(Exact(low, 10, high), [Decimal(f"{value}E-10") for value in values])


def halves(number):
    """Upper and lower 64 bits."""
    return divmod(number % 2**128, 2**64)


@given(st.lists(st.datetimes().map(lambda at: at.replace(fold=0))), st.lists(st.dates()))
def test_times(moments, dates):
    """All that Python has; without a fraction where that is 0."""
    moments += [moment.replace(microsecond=0) for moment in moments]

    check(Moments(ints([microseconds(moment) for moment in moments])), moments)
    check(Days(ints([days(day) for day in dates])), dates)


def test_time_that_python_has_not():
    """As it was told of a row."""
    over = microseconds(datetime.max) + 1  # noqa: DTZ901 - SQL's TIMESTAMP has no zone

    with pytest.raises(OverflowError, match="date value out of range"):
        Moments(ints([0, over]))


@given(
    st.lists(st.binary()), st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1)
)
def test_bytes_and_texts(blobs, texts):
    """Of any characters, and as parts of longer texts."""
    at = ints(range(len(texts)))

    check(Blobs(blobs), blobs)
    check(Chosen(at, Pool(*texts)), texts)
    check(Texts([text.encode() for text in texts]), texts)
    joined = [f'<{text}"{number}' for number, text in enumerate(texts)]
    check(Joined("<", Chosen(at, Pool(*texts)), '"', Numbers(at)), joined)


@given(st.lists(st.sampled_from([1, "a", None, Decimal("0.10")])))
def test_mixed(values):
    """Each where it belongs, and NULL elsewhere."""
    flags = [np.array([isinstance(v, kind) for v in values], dtype=bool) for kind in (int, str)]
    others = np.array([isinstance(value, Decimal) for value in values], dtype=bool)
    check(
        Mixed(
            (flags[0], Numbers(ints([1] * flags[0].sum()))),
            (flags[1], Chosen(ints([0] * flags[1].sum()), Pool("a"))),
            (others, Exact(ints([10] * others.sum()), 2)),
        ),
        values,
    )


@given(st.lists(st.booleans()), st.lists(st.booleans()))
def test_layers(low, high):
    """The last that is there counts, be it chosen or a text."""
    one, other = np.array(list(zip(low, high)), dtype=bool).reshape(-1, 2).T
    numbers = Chosen(ints(range(len(one))) % 2, Pool("even", "odd"))
    names = [
        "both" if b else ("even", "odd")[at % 2] if a else "none"
        for at, (a, b) in enumerate(zip(one.tolist(), (one & other).tolist()))
    ]
    check(piled("none", (one, numbers), (one & other, "both")), names)
    check(
        Joined("<", Partly(other, Numbers(ints([7] * other.sum()))), ">"),
        ["<7>" if up else "<>" for up in other.tolist()],
    )


def test_columns_are_like_a_list():
    """Of tuples, or of changes; which are made once, when they are asked for."""
    pairs = Columns(Numbers(ints([1, 2])), Chosen(ints([1, 0]), Pool("a", "b")), size=2)
    changes = Columns(Days(ints([0, 1])), size=2, ops=Chosen(ints([0, 1]), Pool("+I", "-D")))
    first = date(1970, 1, 1)

    assert 2 == len(pairs)
    assert "_records" not in vars(pairs)
    assert pairs == [(1, "b"), (2, "a")]
    assert [(1, "b"), (2, "a")] == pairs
    assert pairs != [(1, "b")]
    assert ((2, "a"), [(1, "b")]) == (pairs[1], pairs[:1])
    assert pairs[0] is pairs[0]
    assert [Change("+I", (first,)), Change("-D", (first + timedelta(1),))] == list(changes)
    assert "[(1, 'b'), (2, 'a')]" == repr(pairs)
