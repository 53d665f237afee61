"""A scenario refuses what does not go together, and asks its oracle about the right rows."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamgauge.errors import ScenarioError, UsageError
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

EVENTS = Schema.of(at="TIMESTAMP(3)", n="BIGINT")
NOON = datetime.fromisoformat("2024-02-29 12:00:00")


def source(schema=EVENTS, name="events", **more):
    return Source(name, schema, generate=lambda *_: [], **more)


def question(*sources, **more):
    """A scenario whose oracle answers with its inputs."""
    needed = {"bindings": ("files",), "rows": 10, "sinks": (Sink("copies", EVENTS),)}
    return Scenario(
        id="copy",
        version=1,
        question="Are they equal?",
        sources=sources,
        oracle=lambda inputs: inputs,
        **{**needed, **more},
    )


def after(seconds, n):
    """A row of an event so many seconds after noon."""
    return (NOON + timedelta(seconds=seconds), n)


@pytest.mark.parametrize("wrong", ["TIMESTAMP(6)", "TIMESTAMP", "BIGINT", "STRING", "DATE"])
def test_event_time_is_in_milliseconds(wrong):
    """Flink's watermarks are, so other columns would be cut or refused."""
    with pytest.raises(ScenarioError, match=r"source events: event time at is no TIMESTAMP\(3\)"):
        source(Schema.of(at=wrong), time="at")


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="two columns"),
        pytest.param({"schema": Schema.of(line="STRING", more="STRING")}, id="two texts"),
        pytest.param({"schema": Schema.of(line="STRING"), "key": ("line",)}, id="key"),
        pytest.param({"schema": Schema.of(n="BIGINT")}, id="number"),
        pytest.param({"schema": Schema.of(at="TIMESTAMP(3)"), "time": "at"}, id="time"),
    ],
)
def test_raw_source_is_one_text_or_bytes(more):
    """A message as it is has neither columns nor changes, and is no number."""
    told = "source events: raw is one STRING or BYTES, without a key"

    with pytest.raises(ScenarioError, match=told):
        source(raw=True, **more)


@pytest.mark.parametrize("kind", ["STRING", "BYTES"])
def test_raw_source_may_be_a_text_or_bytes(kind):
    """Which of them it is for the scenario to say."""
    assert source(Schema.of(line=kind), raw=True).raw


def late_ones(seconds, disorder):
    """The rows that the watermark has reached when they come: it moves on with each row."""
    watermark, late = float("-inf"), []
    for at in seconds:
        if at <= watermark:
            late.append(at)
        watermark = max(watermark, at - disorder)
    return late


@given(st.lists(st.integers(0, 5), max_size=8), st.integers(0, 6))
def test_has_late_where_the_watermark_has_reached_a_row(seconds, disorder):
    """Whatever the order and the disorder, as a loop over the rows finds it."""
    timed = source(time="at", disorder=timedelta(seconds=disorder))
    rows = [after(at, n) for n, at in enumerate(seconds)]

    assert bool(late_ones(seconds, disorder)) == timed.has_late(rows)


@pytest.mark.parametrize(
    ("seconds", "disorder", "late"),
    [
        pytest.param([0, 1, 2], 0, False, id="in order"),
        pytest.param([0, 0], 0, True, id="at the watermark"),
        pytest.param([2, 1], 2, False, id="within the disorder"),
        pytest.param([2, 0], 2, True, id="at the end of the disorder"),
        pytest.param([3, 2, 1], 2, True, id="behind the greatest, not the last"),
    ],
)
def test_late_is_what_comes_when_its_time_is_over(seconds, disorder, late):
    """The watermark is a time that is over: a row of that very time is late."""
    timed = source(time="at", disorder=timedelta(seconds=disorder))

    assert late == timed.has_late([after(at, 0) for at in seconds])


@pytest.mark.parametrize(
    ("more", "records"),
    [
        pytest.param({}, [after(2, 1), after(0, 1)], id="no event time"),
        pytest.param(
            {"time": "at", "key": ("n",)},
            [Change("+I", after(2, 1)), Change("-D", after(0, 1))],
            id="changes",
        ),
    ],
)
def test_nothing_is_late_where_nothing_is_dropped(more, records):
    """Without an event time no row is, and a change counts whenever it comes."""
    assert not source(**more).has_late(records)


@pytest.mark.parametrize(
    "make",
    [
        lambda: source(time="att"),
        lambda: source(key=("att",)),
        lambda: source(stored={"att": "DATETIME(3)"}),
        lambda: Sink("copies", EVENTS, key=("att",)),
        lambda: Sink("copies", EVENTS, partitions=("att",)),
        lambda: Sink("copies", EVENTS, stored={"att": "DATETIME(3)"}),
        lambda: Sink("copies", EVENTS, due="att"),
    ],
    ids=["time", "key", "stored", "key of a sink", "partitions", "stored of a sink", "due"],
)
def test_unknown_column_is_refused(make):
    """Whatever names a column names one that is there."""
    with pytest.raises(UsageError, match=r"unknown column 'att' \(did you mean at\?\)"):
        make()


@pytest.mark.parametrize(
    ("more", "due", "told"),
    [
        ({"time": "at"}, "n", r"sink copies: due by n, which is no TIMESTAMP\(3\)"),
        ({}, "at", "all sources are rows with a time"),
        ({"time": "at", "key": ("n",)}, "at", "all sources are rows with a time"),
    ],
    ids=["number", "no event time", "changes"],
)
def test_rows_are_due_by_event_time(more, due, told):
    """Without it, nobody can tell when a row is due."""
    with pytest.raises(ScenarioError, match=told):
        question(source(**more), sinks=(Sink("copies", EVENTS, due=due),))


@pytest.mark.parametrize(
    ("parts", "partitions", "seconds"),
    [
        pytest.param([[9, 4]], 1, 7, id="behind the newest"),
        pytest.param([[9, 4]], 2, 2, id="that of the slowest partition"),
        pytest.param([[9, 4], [3, 8]], 2, 6, id="each part begins at the first partition"),
        pytest.param([[9, 4]], 3, None, id="a partition without rows"),
        pytest.param([[], [9]], 1, 7, id="a part without rows"),
        pytest.param([[]], 1, None, id="no rows"),
    ],
)
def test_watermark_of_a_source(parts, partitions, seconds):
    """Partitions go their own ways, and event time goes with the last of them."""
    asked = source(time="at", disorder=timedelta(seconds=2))
    rows = [[after(second, 0) for second in part] for part in parts]

    reached = None if seconds is None else NOON + timedelta(seconds=seconds)
    assert reached == asked.watermark(rows, partitions)


@pytest.mark.parametrize(
    ("clicks", "sink", "seconds", "due"),
    [
        pytest.param([9], "copies", 5, True, id="reached by both"),
        pytest.param([9], "copies", 6, False, id="reached by one"),
        pytest.param([9], "others", 5, False, id="a sink that may wait"),
        pytest.param([], "copies", 5, False, id="a source without rows"),
    ],
)
def test_rows_are_due_where_all_sources_have_come_to(clicks, sink, seconds, due):
    """And only in sinks that say so."""
    sinks = Sink("copies", EVENTS, due="at"), Sink("others", EVENTS)
    asked = question(source(time="at"), source(name="clicks", time="at"), sinks=sinks)
    fed = {"events": [after(5, 0)], "clicks": [after(second, 0) for second in clicks]}

    assert due == asked.due([fed], 1)(sink, after(seconds, 0))


@pytest.mark.parametrize("partitions", [("day",), ("hour", "day"), ("n", "hour"), ("day", "n")])
def test_partitions_are_the_last_columns(partitions):
    """A folder's name becomes a column after those of the file, in the order of folders."""
    schema = Schema.of(n="BIGINT", day="STRING", hour="STRING")

    with pytest.raises(ScenarioError, match="sink copies: its partitions are not its last columns"):
        Sink("copies", schema, partitions=partitions)


@pytest.mark.parametrize("partitions", [(), ("hour",), ("day", "hour"), ("n", "day", "hour")])
def test_last_columns_may_be_partitions(partitions):
    """As many as one likes, in their order."""
    schema = Schema.of(n="BIGINT", day="STRING", hour="STRING")

    assert partitions == Sink("copies", schema, partitions=partitions).partitions


def test_key_of_a_sink_by_position():
    """The columns of the key may stand anywhere."""
    assert (1, 0) == Sink("copies", EVENTS, key=("n", "at")).key_indices


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"modes": ("stream",)}, r"unknown mode 'stream' \(did you mean streaming\?\)"),
        ({"udfs": ("panda",)}, r"unknown udf 'panda' \(did you mean pandas\?\)"),
        ({"absent": {"process": ""}}, "absent needs a reason for each entry"),
        ({"sinks": ()}, "may not be empty"),
        ({"bindings": ()}, "may not be empty"),
        ({"modes": ()}, "may not be empty"),
        ({"rows": 0}, "may not be empty"),
    ],
)
def test_declaration_that_does_not_go_is_refused(more, told):
    """A mistake in a declaration is told when it is made."""
    with pytest.raises((ScenarioError, UsageError), match=told):
        question(source(), **more)


def test_batch_has_timed_rows_in_order():
    """All is there before the batch begins: the oracle sees no row late."""
    rows = [after(2, 1), after(0, 2), after(1, 3)]
    asked = question(source(time="at"))

    assert {"events": [rows[1], rows[2], rows[0]]} == asked.expected({"events": rows}, "batch")


def test_rows_of_the_same_time_stay_in_order():
    """Of rows at one time, the first to come stays the first, whatever else is in them."""
    rows = [after(1, 9), after(0, 5), after(1, 1), after(0, 7)]
    asked = question(source(time="at"))

    assert {"events": [rows[1], rows[3], rows[0], rows[2]]} == (
        asked.expected({"events": rows}, "batch")
    )


@pytest.mark.parametrize(
    ("more", "runs_in"),
    [
        pytest.param({"time": "at"}, "streaming", id="stream"),
        pytest.param({}, "batch", id="no event time"),
    ],
)
def test_rows_are_in_order_of_arrival_otherwise(more, runs_in):
    """A stream has late rows, and a table without event time knows no order by it."""
    rows = [after(2, 1), after(0, 2)]

    assert {"events": rows} == question(source(**more)).expected({"events": rows}, runs_in)


def test_changes_keep_their_order_in_a_batch():
    """A history that is sorted by time need not be valid any more."""
    changes = [Change("+I", after(2, 1)), Change("-D", after(2, 1)), Change("+I", after(0, 1))]
    asked = question(source(time="at", key=("n",)))

    assert {"events": changes} == asked.expected({"events": changes}, "batch")


def test_expected_is_a_streams_unless_told():
    """Rows are in order of arrival where no mode is given, and stay as they were given."""
    rows = [after(2, 1), after(0, 2)]
    asked = question(source(time="at"))
    asked.expected({"events": rows}, "batch")

    assert {"events": [after(2, 1), after(0, 2)]} == asked.expected({"events": rows})


@pytest.mark.parametrize(
    ("times", "timed"), [((None, None), False), ((None, "at"), True), (("at", "at"), True)]
)
def test_answer_waits_for_event_time_of_any_source(times, timed):
    """One source with an event time is enough."""
    assert timed == question(*(source(time=time) for time in times)).timed


def test_feed_has_sources_in_their_order():
    """Each source goes with its own records."""
    ones, twos = source(name="ones"), source(name="twos")
    inputs = {"twos": [after(2, 2)], "ones": [after(1, 1)]}

    assert [(ones, [after(1, 1)]), (twos, [after(2, 2)])] == question(ones, twos).feed(inputs)


@pytest.mark.parametrize(("cut", "sizes"), [(0, (0, 0)), (0.5, (2, 1)), (1, (4, 3))])
def test_prefix_cuts_every_source(cut, sizes):
    """A part of the input has the same share of each source's records."""
    inputs = {"ones": list(range(4)), "twos": list(range(3))}
    part = question(source()).prefix(inputs, cut)

    assert sizes == tuple(map(len, part.values()))
    assert all(inputs[name][: len(rows)] == rows for name, rows in part.items())
