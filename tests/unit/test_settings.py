"""A cell has the settings that its dialect, its event time and its functions ask for."""

from types import SimpleNamespace

import pytest

from streamgauge import settings
from streamgauge.cell_run import CellRun
from streamgauge.cells import make_cell
from streamgauge.errors import StreamgaugeError
from streamgauge.lifecycle import ONCE
from streamgauge.scenario import UDFS, Scenario, Sink, Source
from streamgauge.values.schema import Schema
from streamgauge.versions import Line

LINE = Line("9.0", "9.0.2", ">=3.9", (), {}, absent={})
EVENTS = Schema.of(at="TIMESTAMP(3)", n="BIGINT")


def copying(time=None, udfs=()):
    return Scenario(
        id="copy",
        version=1,
        question="Are they equal?",
        sources=(Source("events", EVENTS, generate=lambda *_: [], time=time),),
        sinks=(Sink("copies", EVENTS),),
        bindings=("kafka",),
        rows=1,
        udfs=udfs,
    )


BUNDLE_SIZE = "python.fn-execution.bundle.size"
BUNDLE_TIME = "python.fn-execution.bundle.time"
EACH_ROW = "pipeline.auto-watermark-interval"
EXECUTION = "python.execution-mode"


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
    cell = make_cell(
        copying(time=time, udfs=UDFS if udf else ()), dialect, "streaming", "kafka", LINE, udf
    )

    told = {BUNDLE_SIZE, BUNDLE_TIME, EACH_ROW, EXECUTION}
    assert keys == told.intersection(settings.of_cell(cell))


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
    cell = make_cell(copying(time=time), dialect, runs_in, "kafka", LINE)

    assert forgets == settings.of_cell(cell).get("execution.batch-state-backend.enabled")


@pytest.mark.parametrize(
    ("setting", "value"), [(EACH_ROW, "0 ms"), ("table.local-time-zone", "UTC")]
)
def test_lateness_does_not_depend_on_when_it_is_looked_at(setting, value):
    """Watermarks come with each row, and days begin when they do in UTC."""
    cell = make_cell(copying(time="at"), "process", "streaming", "kafka", LINE)

    assert value == settings.of_cell(cell)[setting]


def run(udf):
    """A run whose job calls functions in one way, or in none."""
    asked = copying(udfs=UDFS if udf else ())
    cell = make_cell(asked, "sql", "streaming", "kafka", LINE, udf)
    return CellRun(None, cell, {}, None, ONCE)


@pytest.mark.parametrize(
    ("udf", "operators"),
    [
        ("process", ["PythonScalarFunctionOperator"]),
        ("thread", ["EmbeddedPythonScalarFunctionOperator"]),
        ("pandas", ["ArrowPythonScalarFunctionOperator"]),
        ("pandas", ["ArrowPythonScalarFunctionOperator"] * 2),
        (None, []),
        (None, ["PythonScalarFunctionOperator"]),
    ],
)
def test_functions_run_in_the_way_they_were_told(udf, operators):
    """Each way has an operator of its own; a cell without ways is not looked at."""
    assert run(udf)._check_udf(operators) is None


@pytest.mark.parametrize(
    ("udf", "operators", "told"),
    [
        ("thread", ["PythonScalarFunctionOperator"], "chose PythonScalarFunctionOperator"),
        ("process", ["ArrowPythonScalarFunctionOperator"], "chose ArrowPythonScalar"),
        ("pandas", [], "but the planner chose no Python operator"),
        (
            "thread",
            ["EmbeddedPythonScalarFunctionOperator", "PythonScalarFunctionOperator"],
            "chose EmbeddedPythonScalarFunctionOperator, PythonScalarFunctionOperator",
        ),
    ],
)
def test_functions_that_run_in_another_way_are_an_error(udf, operators, told):
    """What Flink takes instead, without a word, would be measured as what it is not."""
    with pytest.raises(StreamgaugeError, match=f"mode {udf}, that is in .*{told}"):
        run(udf)._check_udf(operators)


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        ({"late": False, "idle": False}, {}),
        ({"late": True, "idle": False}, {BUNDLE_SIZE: "1"}),
        (
            {"late": False, "idle": True},
            {"table.exec.source.idle-timeout": "3 s", EACH_ROW: "50 ms"},
        ),
    ],
    ids=["neither", "late", "idle"],
)
def test_settings_of_a_start(told, keys):
    """Late rows go one by one; idleness shows only to who looks now and then."""
    cluster = SimpleNamespace(
        environment=SimpleNamespace(python="python"), rest=SimpleNamespace(url="http://host:1")
    )
    start = settings.of_start(SimpleNamespace(cluster=cluster), 2, None, **told)

    asked = {BUNDLE_SIZE, EACH_ROW, "table.exec.source.idle-timeout"}
    assert keys == {key: start[key] for key in asked.intersection(start)}
    assert ("2", "1") == (start["parallelism.default"], start["rest.port"])
