"""Orders and items: valid histories that have what makes copying hard."""

import hashlib
import json
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import orders
from streamgauge.discovery import load
from streamgauge.paths import scenarios
from streamgauge.values.changelog import fold

FAR = 10**12
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
@settings(deadline=None, max_examples=30)
@given(seed=seeds, first=st.sampled_from([0, FAR]), start=st.integers(0, 200), rest=st.data())
def test_slice_is_that_of_the_whole(generate, key, seed, first, start, rest):
    """A slice made alone has the changes that the whole has there."""
    stop = rest.draw(st.integers(start, 200))
    whole = generate(seed, first, first + 200)

    assert whole[start:stop] == generate(seed, first + start, first + stop)


@BOTH
def test_other_seeds_give_other_changes(generate, key):
    """The seed matters, its upper half included."""
    made = [generate(seed, 0, 50) for seed in (0, 1, 2**32, 2**63)]

    assert all(one != other for one in made for other in made if one is not other)


@BOTH
@settings(deadline=None, max_examples=20)
@given(seed=seeds, stop=st.integers(0, 400))
def test_any_prefix_is_a_valid_history(generate, key, seed, stop):
    """Any prefix folds without complaint."""
    assert [] == fold(generate(seed, 0, stop), key).invalid


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
    assert all(abs(amount) < Decimal(10) ** 28 for amount in amounts)
    assert {1} == {len(value) for value in flags}
    assert {0, 40} == {min(map(len, scans)), max(map(len, scans))}
    assert all(text == json.dumps(json.loads(text), ensure_ascii=False) for text in details)
    assert any(time.microsecond % 1000 for time in times)
    assert min(day.year for day in days) < 1972
    assert max(day.year for day in days) > 2100


@pytest.mark.parametrize(
    ("generate", "digest"),
    [
        pytest.param(
            orders.changes,
            "6ba8f66b78d6b7a4d3ea68b69c4901efd3275656861675c65a9c1a6280b21f63",
            id="orders",
        ),
        pytest.param(
            orders.items,
            "857ebd4c4b88dad5442528c3866678e2e9bb3c5eeacbc2e4f844276eebc9beaf",
            id="items",
        ),
    ],
)
def test_seed_means_the_same_changes_everywhere(generate, digest):
    """Seed 42 names the same changes on every machine, Python and numpy."""
    made = repr(generate(42, 0, 600)).encode()

    assert digest == hashlib.sha256(made).hexdigest()
