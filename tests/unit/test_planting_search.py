"""Rows that tell a survivor: drawn near a scenario's own, as few as do."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from streamgauge.planting.drawn import groups, joined, smallest
from streamgauge.planting.search import lines
from streamgauge.scenario import Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Entry, Inputs
from streamgauge.values.schema import Schema
from tests.unit.world import NOON, copying


@pytest.fixture
def near():
    """The rows near these of a table."""

    def near(columns, *rows, key=()):
        source = Source("events", Schema.of(**columns), generate=lambda *_: [], key=key)
        scenario = replace(copying(), sources=(source,))
        inputs = Inputs.of({"events": list(rows)})
        found = groups(scenario, inputs)
        return [each.record for group in found for several in group.values() for each in several]

    return near


@pytest.mark.parametrize(
    ("kind", "value", "others"),
    [
        ("INT", 3, {3, 4, 2, 0, -3, 120_000, None}),
        ("TINYINT", 127, {127, 126, 0, -127, None}),
        (
            "DECIMAL(5, 2)",
            Decimal("1.50"),
            {*map(Decimal, ("1.5", "1.51", "1.49", "0", "-1.5")), None},
        ),
        ("STRING", "aB", {"aB", "", "aB ", "Ab", "aB, aB", None}),
        ("BOOLEAN", True, {True, False, None}),
        ("DATE", NOON.date(), {NOON.date(), None}),
    ],
)
def test_values_are_near(kind, value, others, near):
    """What a column cannot have is not among them."""
    assert others == {row[0] for row in near({"a": kind}, (value,))}


def test_times_are_near(near):
    """On both sides of each border that is a whole number of units away."""
    found = {row[0] - NOON for row in near({"a": "TIMESTAMP(3)"}, (NOON,)) if row[0]}
    steps = [timedelta(milliseconds=1), timedelta(seconds=1), timedelta(minutes=1)]

    assert {timedelta(), *steps, *(-step for step in steps)} == found


def test_another_row_s_value_is_near(near):
    """And each row once more."""
    found = near({"a": "DATE", "b": "DATE"}, (NOON.date(), None), (None, None))

    assert found.count((NOON.date(), None)) == 2
    assert (NOON.date(), NOON.date()) not in found


def test_changes_have_none(near):
    """What comes and goes has to fit."""
    assert [] == near({"a": "INT"}, Change("+I", (1,)), key=("a",))


def test_near_rows_come_behind_their_own():
    """So that event time goes on as before."""
    inputs = Inputs.of({"events": [(NOON, 1), (NOON, 5)]})
    again, *_ = groups(copying(), inputs)

    assert [(NOON, 1), (NOON, 1), (NOON, 5), (NOON, 5)] == joined(inputs, [again])["events"]
    assert ["events: " + ", ".join([repr((NOON, 1)), repr((NOON, 5))])] == lines(inputs)


@pytest.mark.parametrize("wanted", [{17}, {0}, {3, 90}, {5, 6, 7}, set()])
def test_as_few_as_tell(wanted):
    """Of a hundred those that are needed, in some dozens of questions."""
    entries = [Entry("events", (n,)) for n in range(100)]
    asked = []

    def tells(parts):
        asked.extend(parts)
        return next((p for p in parts if wanted <= {e.record[0] for e in p}), None)

    found = smallest(entries, tells)

    assert (wanted or {0}) == {entry.record[0] for entry in found}
    assert len(asked) < 100


def test_where_no_fewer_tell_all_stay():
    """What nobody can tell is not made smaller."""
    entries = [Entry("events", (n,)) for n in range(4)]

    assert entries == smallest(entries, lambda _: None)
