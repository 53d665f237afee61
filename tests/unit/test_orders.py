"""Orders and items: valid histories that have what makes copying hard."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import orders
from streamgauge.discovery import load
from streamgauge.paths import scenarios
from streamgauge.values.changelog import fold

BOTH = pytest.mark.parametrize(
    ("generate", "key"), [(orders.changes, (0,)), (orders.items, (0, 1))], ids=["orders", "items"]
)

seeds = st.integers(0, 2**64 - 1)


@pytest.fixture(scope="module")
def orders_cdc():
    """The scenario."""
    return load(scenarios() / "orders_cdc")


def rows_of(changes):
    """The changes that have a whole row."""
    return [change.row for change in changes if change.op in ("+I", "+U")]


def pairs(changes):
    """Each `-U` with the change after it."""
    return [pair for pair in zip(changes, changes[1:]) if pair[0].op == "-U"]


@BOTH
@settings(deadline=None, max_examples=20)
@given(seed=seeds, stop=st.integers(0, 400))
def test_any_prefix_is_a_valid_history(generate, key, seed, stop):
    """Any prefix folds without complaint, but for an update that it cuts in half."""
    assert all(told.pending for told in fold(generate(seed, 0, stop), key).invalid)


@settings(deadline=None, max_examples=20)
@given(seed=seeds, stop=st.integers(0, 400))
def test_the_oracle_agrees_with_folding(orders_cdc, seed, stop):
    """The oracle's rows are those that the changes fold into."""
    inputs = {"orders": orders.changes(seed, 0, stop), "items": orders.items(seed, 0, stop)}
    expected = orders_cdc.expected(inputs)

    assert Counter(fold(inputs["orders"], (0,)).table.values()) == Counter(expected["orders_copy"])
    assert Counter(fold(inputs["items"], (0, 1)).table.values()) == Counter(expected["items_copy"])


@settings(deadline=None, max_examples=20)
@given(seed=seeds, stop=st.integers(0, 400))
def test_items_belong_to_orders(orders_cdc, seed, stop):
    """At any index the items' orders are there."""
    inputs = {"orders": orders.changes(seed, 0, stop), "items": orders.items(seed, 0, stop)}
    expected = orders_cdc.expected(inputs)

    assert {row[0] for row in expected["orders_copy"]} == {r[0] for r in expected["items_copy"]}


@settings(deadline=None, max_examples=10)
@given(seed=seeds)
def test_orders_have_what_makes_copying_hard(seed):
    """Every op, NULLs in every column but the key, keys used again, changed keys, great keys."""
    changes = orders.changes(seed, 0, 800)
    deleted = {change.row[0] for change in changes if change.op == "-D"}
    inserted = Counter(change.row[0] for change in changes if change.op == "+I")
    side_by_side = [
        (one.op, other.op)
        for one, other in zip(changes[::2], changes[1::2])
        if one.row[0] == other.row[0]
    ]

    assert {"+I", "-U", "+U", "-D"} == {change.op for change in changes}
    assert any(inserted[order] > 1 for order in deleted)
    assert ("-D", "+I") in side_by_side
    assert all(
        second.op == "+U" and first.row[0] != second.row[0] for first, second in pairs(changes)
    )
    assert len(pairs(changes)) > 20
    assert all(None in column for column in list(zip(*rows_of(changes)))[1:])
    assert 2**63 < max(row[0] for row in rows_of(changes)) < 2**64


def test_values_reach_the_ends_of_their_types():
    """38 digits and few, microseconds, days before 1970, any byte, JSON that MySQL would keep."""
    columns = list(zip(*rows_of(orders.changes(7, 0, 2000))))
    amounts, flags, details, scans, days, times = (
        [value for value in columns[at] if value is not None] for at in (3, 7, 8, 9, 10, 11)
    )
    digits = {len(amount.as_tuple().digits) for amount in amounts}

    assert {amount.as_tuple().exponent for amount in amounts} == {-10}
    assert (38, True) == (max(digits), min(digits) <= 2)
    assert all(-(10**28) < amount < 10**28 for amount in amounts)
    assert {1} == {len(value) for value in flags}
    assert {0, 40} == {min(map(len, scans)), max(map(len, scans))}
    assert all(text == json.dumps(json.loads(text), ensure_ascii=False) for text in details)
    assert any(time.microsecond % 1000 for time in times)
    assert min(day.year for day in days) < 1972
    assert max(day.year for day in days) > 2100
