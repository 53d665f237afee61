"""A scenario refuses what does not go together, and asks its oracle about the right rows."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from streamgauge.errors import ScenarioError, UsageError
from streamgauge.scenario import Alignment, Scenario, Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

EVENTS = Schema.of(at="TIMESTAMP(3)", n="BIGINT")
SECOND = timedelta(seconds=1)
NOON = datetime.fromisoformat("2024-02-29 12:00:00")


def source(schema=EVENTS, name="events", **more):
    return Source(name, schema, generate=lambda *_: [], **more)


def copied(inputs):
    """What a change is of, or a row."""
    records = next(iter(inputs.values()))
    return {"copies": [r.row if isinstance(r, Change) else r for r in records]}


def question(*sources, **more):
    """A scenario whose oracle answers with the rows of its first source."""
    needed = {"bindings": ("files",), "rows": 10, "sinks": (Sink("copies", EVENTS),)}
    return Scenario(
        id="copy",
        version=1,
        question="Are they equal?",
        sources=sources,
        **{**needed, "oracle": copied, **more},
    )


def after(seconds, n):
    """A row of an event so many seconds after noon."""
    return (NOON + timedelta(seconds=seconds), n)


@pytest.mark.parametrize("wrong", ["TIMESTAMP(6)", "TIMESTAMP", "BIGINT", "STRING", "DATE"])
def test_event_time_is_in_milliseconds(wrong):
    """Flink's watermarks are, so other columns would be cut or refused."""
    told = r"source events: event time at is no TIMESTAMP\(p\) or TIMESTAMP_LTZ\(p\) of at most 3 "
    with pytest.raises(ScenarioError, match=told):
        source(Schema.of(at=wrong), time="at")


@pytest.mark.parametrize("kind", ["TIMESTAMP(0)", "TIMESTAMP_LTZ(3)"])
def test_event_time_may_be_an_instant_and_of_fewer_digits(kind):
    """As Flink has it."""
    assert "at" == source(Schema.of(at=kind), time="at").time


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"idle": SECOND}, "idle and alignment are of rows with event time"),
        ({"alignment": Alignment("both", SECOND)}, "idle and alignment are of rows with event"),
        ({"idle": SECOND, "time": "at", "key": ("n",)}, "idle and alignment are of rows with"),
        ({"idle": SECOND / 10_000, "time": "at"}, "idle of 0:00:00.000100 is less than a mill"),
        (
            {"alignment": Alignment("both", SECOND, -SECOND), "time": "at"},
            "interval of alignment of -1 day, 23:59:59 is less than a millisecond",
        ),
    ],
)
def test_partitions_are_idle_or_wait_by_event_time(more, told):
    """For a length that Flink's options have."""
    with pytest.raises(ScenarioError, match=f"source events: {told}"):
        source(**more)


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
        lambda: Sink("copies", EVENTS, tolerance={"att": 0.1}),
    ],
    ids=["time", "key", "stored", "key of a sink", "partitions", "stored of a sink", "due", "tol"],
)
def test_unknown_column_is_refused(make):
    """Whatever names a column names one that is there."""
    with pytest.raises(UsageError, match=r"unknown column 'att' \(did you mean at\?\)"):
        make()


@pytest.mark.parametrize(
    ("more", "due", "told"),
    [
        ({"time": "at"}, "n", r"sink copies: due by n, which is no TIMESTAMP\(p\) or "),
        ({}, "at", "all sources are rows with a time"),
        ({"time": "at", "key": ("n",)}, "at", "all sources are rows with a time"),
    ],
    ids=["number", "no event time", "changes"],
)
def test_rows_are_due_by_event_time(more, due, told):
    """Without it, nobody can tell when a row is due."""
    with pytest.raises(ScenarioError, match=told):
        question(source(**more), sinks=(Sink("copies", EVENTS, due=due),))


def test_rows_are_not_due_by_another_kind_of_time():
    """A local time is another instant in each zone."""
    instants = Schema.of(at="TIMESTAMP_LTZ(3)", n="BIGINT")
    told = "only by a time as that of all sources is: all TIMESTAMP, or all TIMESTAMP_LTZ"

    with pytest.raises(ScenarioError, match=told):
        question(source(time="at"), sinks=(Sink("copies", instants, due="at"),))
    assert question(source(instants, time="at"), sinks=(Sink("copies", instants, due="at"),))


@pytest.mark.parametrize(
    ("tolerance", "told"),
    [
        ({"id": 0.1}, "tolerance of id, a BIGINT; only FLOAT and DOUBLE may be off"),
        ({"by": 0.1}, "tolerance of by, which is of its key"),
        ({"ratio": -1e-9}, "tolerance of ratio: -1e-09 is not between 0 and 1"),
        ({"ratio": float("nan")}, "tolerance of ratio: nan is not between 0 and 1"),
        ({"ratio": 0}, "tolerance of ratio: 0 is not between 0 and 1"),
        ({"ratio": 1.0}, "tolerance of ratio: 1.0 is not between 0 and 1"),
        ({"ratio": True}, "tolerance of ratio: True is not between 0 and 1"),
        ({"ratio": "1e-9"}, "tolerance of ratio: '1e-9' is not between 0 and 1"),
    ],
)
def test_tolerance_is_a_share_of_a_double(tolerance, told):
    """Nothing else may be off, and not by nothing or all."""
    schema = Schema.of(id="BIGINT", by="DOUBLE", ratio="DOUBLE")

    with pytest.raises(ScenarioError) as refused:
        Sink("copies", schema, key=("id", "by"), tolerance=tolerance)
    assert f"sink copies: {told}" == str(refused.value)


def test_sink_compares_within_its_tolerance():
    """By the names of columns, wherever they stand."""
    sink = Sink("copies", Schema.of(id="BIGINT", ratio="FLOAT"), tolerance={"ratio": 1e-9})

    assert sink.compared([(1, 0.3)], [Change("+I", (1, 0.1 + 0.2))]).ok
    assert not sink.compared([(1, 0.3)], [Change("+I", (2, 0.3))]).ok


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

    assert {"copies": [rows[1], rows[2], rows[0]]} == asked.expected({"events": rows}, "batch")


def test_rows_of_the_same_time_stay_in_order():
    """Of rows at one time, the first to come stays the first, whatever else is in them."""
    rows = [after(1, 9), after(0, 5), after(1, 1), after(0, 7)]
    asked = question(source(time="at"))

    assert {"copies": [rows[1], rows[3], rows[0], rows[2]]} == (
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

    assert {"copies": rows} == question(source(**more)).expected({"events": rows}, runs_in)


def test_changes_keep_their_order_in_a_batch():
    """A history that is sorted by time need not be valid any more."""
    changes = [Change("+I", after(2, 1)), Change("-D", after(2, 1)), Change("+I", after(0, 1))]
    asked = question(source(time="at", key=("n",)))

    assert {"copies": [change.row for change in changes]} == asked.expected(
        {"events": changes}, "batch"
    )


def test_expected_is_a_streams_unless_told():
    """Rows are in order of arrival where no mode is given, and stay as they were given."""
    rows = [after(2, 1), after(0, 2)]
    asked = question(source(time="at"))
    asked.expected({"events": rows}, "batch")

    assert {"copies": [after(2, 1), after(0, 2)]} == asked.expected({"events": rows})


@pytest.mark.parametrize(
    ("times", "timed"), [((None, None), False), ((None, "at"), True), (("at", "at"), True)]
)
def test_answer_waits_for_event_time_of_any_source(times, timed):
    """One source with an event time is enough."""
    asked = question(*(source(name=f"events_{n}", time=time) for n, time in enumerate(times)))

    assert timed == asked.timed


MAKERS = pytest.mark.parametrize(
    "make",
    [
        lambda name: source(name=name),
        lambda name: Sink(name, EVENTS),
        lambda name: replace(question(source()), id=name),
    ],
    ids=["source", "sink", "scenario"],
)


@MAKERS
@pytest.mark.parametrize(
    "wrong",
    ["../../up", "", "Events", "a-b", "a.b", "a b", "1st", "_hidden", "naïve", "a`b", "a\n"],
)
def test_name_that_leaves_its_place_is_refused(make, wrong):
    """Names stand in paths, SQL, topics and modules."""
    told = f"{wrong!r}: names are lower case letters, digits and _, and begin with a letter"

    with pytest.raises(ScenarioError, match=re.escape(told)):
        make(wrong)


@MAKERS
def test_name_may_be_so_long(make):
    """And no longer: MySQL has an end, and puts more into one."""
    assert make("a" * 48)
    with pytest.raises(ScenarioError, match="at most 48 characters, not 49"):
        make("a" * 49)


@MAKERS
@pytest.mark.parametrize("word", ["rank", "views", "order", "select", "table"])
def test_reserved_word_is_a_name(make, word):
    """It is quoted wherever it stands."""
    assert make(word)


def test_names_of_our_own_tables_are_refused():
    """They lie beside the scenario's."""
    with pytest.raises(ScenarioError, match="source streamgauge_fence: names with streamgauge in"):
        source(name="streamgauge_fence")


@pytest.mark.parametrize(
    ("sources", "sinks"),
    [(["one", "one"], ["two"]), (["one"], ["two", "two"]), (["one", "two"], ["two"])],
    ids=["sources", "sinks", "source and sink"],
)
def test_tables_have_names_of_their_own(sources, sinks):
    """They are made side by side."""
    tables = tuple(Sink(name, EVENTS) for name in sinks)

    with pytest.raises(ScenarioError, match=r"source or sink (one|two) is there 2 times"):
        question(*(source(name=name) for name in sources), sinks=tables)
