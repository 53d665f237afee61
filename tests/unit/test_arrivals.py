"""The rows of all sources in one list: they arrive in its order, and it says where the cut is."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from streamgauge.cells import make_cell
from streamgauge.errors import ScenarioError
from streamgauge.lifecycle import Feed, Shape
from streamgauge.records import Origin
from streamgauge.run import planned
from streamgauge.scenario import CUT, Scenario, Sink, Source, Watermark
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Entry, Inputs
from streamgauge.values.schema import Schema
from tests.unit.world import LINE

NUMBERS = Schema.of(n="INT")
ARRIVALS = [("b", (1,)), ("a", (1,)), ("b", (2,)), CUT, ("b", (3,)), ("a", (2,))]


def question(arrivals=ARRIVALS, **more):
    """Two sources, whose rows come one by one."""
    sources = (Source("a", NUMBERS, **more), Source("b", NUMBERS))
    sinks = (Sink("c", NUMBERS, rows=[(1,)]),)
    return Scenario("joined", 1, "Both?", sources, sinks, ("kafka",), arrivals=arrivals)


def test_they_arrive_in_the_order_of_the_list():
    """Whatever the order of the sources is, or how many rows each has."""
    sample = question().sample(seed=7)

    assert tuple(Entry(*each) for each in ARRIVALS if each is not CUT) == sample.entries
    assert {"a": [(1,), (2,)], "b": [(1,), (2,), (3,)]} == dict(sample)


def test_each_source_has_its_own_as_rows_by_hand():
    """So the answer may be by hand too; a scenario made of another keeps them."""
    scenario = replace(question(), version=2)

    assert scenario.by_hand
    assert [(1,), (2,)] == scenario.sources[0].rows
    assert {"c": [(1,)]} == scenario.expected(scenario.sample(0))


def test_source_without_any_is_there():
    """It has no rows."""
    assert {"a": [], "b": [(1,)]} == dict(question([("b", (1,))]).sample(0))


def test_changes_arrive_among_rows():
    """A source with a key has them."""
    sources = (Source("a", NUMBERS), Source("b", NUMBERS, key=("n",)))
    arrivals = [("a", (1,)), ("b", Change("+I", (1,))), ("a", (1,)), ("b", Change("-D", (1,)))]
    scenario = Scenario(
        "joined", 1, "?", sources, (Sink("c", NUMBERS),), ("kafka",), arrivals=arrivals
    )

    assert list(map(Entry._make, arrivals)) == list(scenario.sample(0).entries)


@pytest.mark.parametrize("name", ["once", "restart"])
def test_the_cut_is_where_the_list_says(name):
    """All that stands before it is fed first, and nothing else."""
    scenario = question()
    cell = replace(make_cell(scenario, "sql", "streaming", "kafka", LINE), absent=None)
    inputs = scenario.sample(0)

    run = planned(cell, inputs, Origin("by hand"), "", name)

    assert ARRIVALS[: ARRIVALS.index(CUT)] == list(inputs.until(run.lifecycle.cut).entries)


def test_the_command_line_says_it_before_the_list():
    """A cut that is asked for is one."""
    cell = replace(make_cell(question(), "sql", "streaming", "kafka", LINE), absent=None)

    run = planned(cell, question().sample(0), Origin("by hand"), "", "once", Shape(cut=0.2))

    assert 0.2 == run.lifecycle.cut


def test_a_share_of_entries_is_these_entries():
    """A product of floats may be a little less than the number that it stands for."""
    for count in range(1, 300):
        inputs = Inputs(("a",), (Entry("a", (1,)),) * count)
        for first in range(count + 1):
            assert first == len(inputs.until(first / count).entries)


TIMED = Schema.of(at="TIMESTAMP(3)")
NOON = datetime.fromisoformat("2024-02-29 12:00:00")
SECOND = timedelta(seconds=1)


def timed(arrivals, due="at", kinds=("a", "b")):
    """Two sources with event time, of which b may come two seconds out of order."""
    spread = {"a": 0 * SECOND, "b": 2 * SECOND}
    sources = [Source(name, TIMED, time="at", disorder=spread[name]) for name in kinds]
    sinks = (Sink("c", TIMED, rows=[(NOON,)], due=due),)
    return Scenario("joined", 1, "?", sources, sinks, ("kafka", "files"), arrivals=arrivals)


def test_a_watermark_is_what_the_rows_before_it_come_to():
    """That of the slowest source, by its disorder; it is no entry."""
    arrivals = [
        ("a", (NOON + 9 * SECOND,)),
        ("b", (NOON + 5 * SECOND,)),
        Watermark(NOON + 3 * SECOND),
        ("b", (NOON + 9 * SECOND,)),
    ]
    scenario = timed(arrivals)
    cell = replace(make_cell(scenario, "sql", "streaming", "kafka", LINE), absent=None)
    run = planned(cell, scenario.sample(0), Origin("by hand"), "", "once")
    fed = [action.share for action in run.lifecycle.actions if isinstance(action, Feed)]

    assert 3 == len(scenario.sample(0).entries)
    assert [0.5, 2 / 3, 1] == fed
    assert run.cell.absent is None


def test_a_watermark_needs_more_to_come():
    """Where input has an end it comes whole: nothing could be looked at in between."""
    scenario = timed([("a", (NOON,)), Watermark(NOON), ("a", (NOON,))], kinds=("a",))
    cell = replace(make_cell(scenario, "sql", "batch", "kafka", LINE), absent=None)

    run = planned(cell, scenario.sample(0), Origin("by hand"), "", "once")

    assert "a Watermark is looked at while more is to come" in run.cell.absent


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (
            lambda: timed([("a", (NOON,)), Watermark(NOON + SECOND)], kinds=("a",)),
            r"entry 1: Watermark\('2024-02-29 12:00:01'\), but event time has come to 2024",
        ),
        (
            lambda: timed([("a", (NOON,)), Watermark(NOON), ("b", (NOON,))]),
            "come to nothing, for a source has no row by the rows before it",
        ),
        (
            lambda: timed([("a", ("noon",)), Watermark(NOON)], kinds=("a",)),
            "source a: row 0: column at",
        ),
        (
            lambda: timed([("a", (NOON,)), Watermark(NOON)], due=None, kinds=("a",)),
            "a Watermark among arrivals needs a sink that says what is due",
        ),
    ],
)
def test_a_watermark_that_is_none_is_told(make, told):
    """With what event time is there, by the rule that lateness goes by."""
    with pytest.raises(ScenarioError, match=told):
        make()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: question([("a", (1,)), ("d", (1,))]), r"entry 1: there is no source 'd'"),
        (lambda: question([("a", (1,), 2)]), r"entry 0: \('a', \(1,\), 2\) is neither \(source, "),
        (lambda: question([("a", (1,)), "cut"]), "entry 1: 'cut' is neither"),
        (lambda: question([CUT, ("a", (1,)), CUT]), "entry 2: a second CUT"),
        (lambda: question(rows=[(5,)]), "source a has its rows among arrivals, alone"),
        (lambda: question(generate=list), "source a has its rows among arrivals, alone"),
        (lambda: question([("a", (1, 2))]).sample(0), "source a: row 0: 2 columns, not 1"),
        (lambda: question([]), "source a: needs generate, or else rows, here or among arrivals"),
    ],
)
def test_what_cannot_be_is_told(make, told):
    """By the entry, the row and the column."""
    with pytest.raises(ScenarioError, match=told):
        make()
