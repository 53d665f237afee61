"""A job is told what its cluster, tuning, attachments, cell and start ask for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from streamgauge import tuning
from streamgauge.attachments import KEYED
from streamgauge.cells import make_cell
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.scenario import UDFS, Scenario, Sink, Source
from streamgauge.tuning import Begin, check_udf, given
from streamgauge.values.schema import Schema
from streamgauge.versions import Line

LINE = Line("9.0", "9.0.2", ">=3.9", (), {}, absent={})
EVENTS = Schema.of(at="TIMESTAMP(3)", n="BIGINT")

BUNDLE_SIZE = "python.fn-execution.bundle.size"
BUNDLE_TIME = "python.fn-execution.bundle.time"
EACH_ROW = "pipeline.auto-watermark-interval"
EXECUTION = "python.execution-mode"
IDLE = "table.exec.source.idle-timeout"


def cell(dialect="sql", mode="streaming", time=None, udf=None, settings=(), idle=None):
    scenario = Scenario(
        id="copy",
        version=1,
        question="Are they equal?",
        sources=(Source("events", EVENTS, generate=lambda *_: [], time=time, idle=idle),),
        sinks=(Sink("copies", EVENTS),),
        bindings=("kafka",),
        rows=1,
        udfs=UDFS if udf else (),
        settings=dict(settings),
    )
    return make_cell(scenario, dialect, mode, "kafka", LINE, udf)


def merged(cell, begin=None, **more):
    told = {"cluster": {}, "attached": {}, **more}
    return tuning.merged(cell, begin or Begin(), **told)


@pytest.mark.parametrize(
    ("dialect", "udf", "time", "keys"),
    [
        ("sql", None, None, set()),
        ("table", None, None, set()),
        ("datastream", None, None, {BUNDLE_TIME}),
        ("sql", "process", None, {BUNDLE_TIME}),
        ("sql", "pandas", None, {BUNDLE_TIME}),
        ("table", "thread", None, {BUNDLE_TIME, EXECUTION}),
        ("sql", None, "at", {EACH_ROW}),
        ("table", "process", "at", {EACH_ROW, BUNDLE_TIME}),
        ("sql", "thread", "at", {EACH_ROW, BUNDLE_TIME, EXECUTION}),
        ("process", None, "at", {EACH_ROW, BUNDLE_TIME}),
    ],
)
def test_settings_of_a_cell(dialect, udf, time, keys):
    """Python's bundles, watermarks after each row, and threads, each only where it matters."""
    told = {BUNDLE_SIZE, BUNDLE_TIME, EACH_ROW, EXECUTION}

    assert keys == told.intersection(merged(cell(dialect, time=time, udf=udf)))


@pytest.mark.parametrize(
    ("dialect", "runs_in", "time", "forgets"),
    [
        ("datastream", "batch", "at", "false"),
        ("process", "batch", "at", "false"),
        ("process", "streaming", "at", None),
        ("process", "batch", None, None),
        ("table", "batch", "at", None),
    ],
)
def test_timed_batch_keeps_the_state_of_all_keys(dialect, runs_in, time, forgets):
    """A bundle goes over several keys, of which Flink would know the last one only."""
    told = merged(cell(dialect, runs_in, time))

    assert forgets == told.get("execution.batch-state-backend.enabled")


@pytest.mark.parametrize(
    ("setting", "value"), [(EACH_ROW, "0 ms"), ("table.local-time-zone", "UTC")]
)
def test_lateness_does_not_depend_on_when_it_is_looked_at(setting, value):
    """Watermarks come with each row, and days begin when they do in UTC."""
    assert value == merged(cell("process", time="at"))[setting]


@pytest.mark.parametrize(
    ("begin", "keys"),
    [
        (Begin(2), {}),
        (Begin(2, late=True), {BUNDLE_SIZE: "1"}),
        (Begin(2, idle=True), {IDLE: "3 s", EACH_ROW: "50 ms"}),
    ],
    ids=["neither", "late", "idle"],
)
def test_settings_of_a_start(begin, keys):
    """Late rows go one by one; idleness shows only to who looks now and then."""
    told = merged(cell(), begin)

    assert keys == {key: told[key] for key in (BUNDLE_SIZE, EACH_ROW, IDLE) if key in told}
    assert "2" == told["parallelism.default"]


def test_a_scenario_says_by_itself_when_partitions_are_idle():
    """By its source, which needs the watermark looked at now and then; or that they never are."""
    of_source = cell(time="at", idle=timedelta(seconds=1))
    never = cell(time="at", settings={IDLE: "0 ms"})

    for begin in (Begin(), Begin(idle=True)):
        told = merged(of_source, begin)
        assert (None, "50 ms") == (told.get(IDLE), told[EACH_ROW])
    assert "0 ms" == merged(never, Begin(idle=True))[IDLE]


def test_scenario_may_ask_for_what_attachments_spare_it():
    """Such as Flink 2.3's refusal of an upsert key that is not the sink's."""
    (setting,) = KEYED
    asked = cell(settings={setting: "true"})

    assert "false" == merged(cell(), attached=KEYED)[setting]
    assert "true" == merged(asked, attached=KEYED)[setting]


def test_savepoint_has_the_names_of_all_lines():
    """An unknown name is passed over by Flink."""
    told = merged(cell(), Begin(savepoint="file:/there"))

    assert 2 == list(told.values()).count("file:/there")


def test_flink_s_defaults_leave_bundles_alone():
    """What the answer needs stays."""
    told = merged(cell("process", time="at"), tuning="flink defaults")

    assert BUNDLE_TIME not in told
    assert "0 ms" == told[EACH_ROW]


def test_what_comes_later_wins():
    """An attachment over the cluster, the start over both."""
    told = merged(
        cell(),
        Begin(3),
        cluster={"a": "cluster", "b": "cluster", "parallelism.default": "1"},
        attached={"b": "attached"},
    )

    assert ("cluster", "attached", "3") == (told["a"], told["b"], told["parallelism.default"])


def test_low_latency_is_for_cells_without_python_too():
    """What Python waits for is apart, and so is what waits for a checkpoint."""
    often = "execution.checkpointing.interval"
    plain, python, exactly = (
        merged(each, attached={often: "500 ms"}, tuning=tuning.LOW_LATENCY)
        for each in (cell(), cell("process"), replace(cell(), delivery="exactly-once"))
    )

    assert {"5 ms"} == {each["execution.buffer-timeout.interval"] for each in (plain, python)}
    assert ("500 ms", "500 ms", "100 ms") == (plain[often], python[often], exactly[often])
    assert BUNDLE_TIME not in plain
    assert "10" == python[BUNDLE_TIME]


def test_failed_job_is_not_started_again():
    """With checkpoints Flink would do so for ever, and tell nobody why it failed."""
    assert "none" == merged(cell())["restart-strategy.type"]


@pytest.mark.parametrize(
    ("udf", "operators"),
    [
        ("process", ["PythonScalarFunctionOperator"]),
        ("thread", ["EmbeddedPythonScalarFunctionOperator"]),
        ("pandas", ["ArrowPythonScalarFunctionOperator"]),
        ("pandas", ["ArrowPythonScalarFunctionOperator"] * 2),
        ("process", ["PythonTableFunctionOperator", "PythonAsyncScalarFunctionOperator"]),
        ("process", ["PythonStreamGroupAggregateOperator"]),
        ("process", ["PythonStreamGroupTableAggregateOperator"]),
        ("process", ["PythonStreamGroupWindowAggregateOperator"]),
        ("thread", ["EmbeddedPythonTableFunctionOperator"]),
        ("pandas", ["BatchArrowPythonGroupAggregateFunctionOperator"]),
        ("pandas", ["BatchArrowPythonGroupWindowAggregateFunctionOperator"]),
        ("pandas", ["BatchArrowPythonOverWindowAggregateFunctionOperator"]),
        ("pandas", ["StreamArrowPythonGroupWindowAggregateFunctionOperator"]),
        ("pandas", ["StreamArrowPythonRowTimeBoundedRowsOperator"]),
        ("pandas", ["StreamArrowPythonProcTimeBoundedRangeOperator"]),
        (None, []),
        (None, ["PythonScalarFunctionOperator"]),
    ],
)
def test_functions_run_in_the_way_they_were_told(udf, operators):
    """Each way has operators of its own; a cell without ways is not looked at."""
    assert check_udf(cell(udf=udf), operators) is None


@pytest.mark.parametrize(
    ("udf", "operators", "told"),
    [
        ("thread", ["PythonScalarFunctionOperator"], "chose PythonScalarFunctionOperator"),
        ("process", ["ArrowPythonScalarFunctionOperator"], "chose ArrowPythonScalar"),
        ("pandas", [], "but the planner chose no Python operator"),
        (
            "thread",
            ["EmbeddedPythonScalarFunctionOperator", "PythonScalarFunctionOperator"],
            "chose PythonScalarFunctionOperator$",
        ),
        ("thread", ["PythonTableFunctionOperator"] * 2, "chose PythonTableFunctionOperator$"),
        ("thread", ["PythonStreamGroupAggregateOperator"], "chose PythonStreamGroupAggregate"),
        ("pandas", ["PythonStreamGroupWindowAggregateOperator"], "chose PythonStreamGroupWindow"),
        ("pandas", ["PythonTableFunctionOperator"], "chose PythonTableFunctionOperator"),
        (
            "process",
            ["BatchArrowPythonGroupAggregateFunctionOperator"],
            "chose BatchArrowPythonGroupAggregateFunctionOperator",
        ),
    ],
)
def test_functions_that_run_in_another_way_are_an_error(udf, operators, told):
    """What Flink takes instead, without a word, would be measured as what it is not."""
    with pytest.raises(StreamgaugeError, match=f"mode {udf}, .*{told}"):
        check_udf(cell(udf=udf), operators)


def test_given_settings_are_read_as_they_are():
    """A value may have an equals sign in it, or be empty."""
    told = ["table.exec.state.ttl = 1 h", "pipeline.name=a=b", "state.backend.type="]

    assert given(told) == {
        "table.exec.state.ttl": "1 h",
        "pipeline.name": "a=b",
        "state.backend.type": "",
    }


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ("table.exec.state.ttl", "not key=value"),
        ("=1h", "not key=value"),
        ("parallelism.default=2", "that is for --parallelism to say"),
        ("execution.savepoint.path=file:///x", "that is for --lifecycle to say"),
        ("taskmanager.numberOfTaskSlots=8", "is of the cluster, not of a job"),
    ],
)
def test_given_setting_without_effect_is_an_error(told, error):
    """It would be dropped, or said over, without a word."""
    with pytest.raises(UsageError, match=error):
        given([told])


def test_session_is_in_the_zone_of_the_run_where_times_matter():
    """Elsewhere it is in that of its JVM; a scenario's own zone is its own."""
    zone = "table.local-time-zone"
    assert "Asia/Shanghai" == merged(cell(time="at"), zone="Asia/Shanghai")[zone]
    assert "UTC" == merged(cell(time="at"))[zone]
    assert "UTC" == merged(cell(time="at", settings={zone: "UTC"}), zone="Asia/Shanghai")[zone]
    assert zone not in merged(cell(), zone="Asia/Shanghai")
