"""Public questions of a few rows, each in the dialect that it is asked of: docs/questions.md."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.attachments.beginning import Beginning
from streamgauge.discovery import load
from streamgauge.lifecycle import rescale, restart
from streamgauge.tables import STARTS
from streamgauge.testing import assert_matches

_FOLDER = Path(__file__).with_name("scenarios")
_NAMES = (
    "broken_between_good",
    "fallen_and_risen",
    "first_and_last",
    "five_means",
    "last_of_two_days",
    "more_than_rows",
    "nothing_between_commas",
    "one_unreadable_time",
    "pairs_of_words",
    "two_best",
)
SCENARIOS = [load(_FOLDER / name) for name in _NAMES]
AXES = [(each, (mode, kind)) for each in SCENARIOS for mode in each.modes for kind in each.bindings]
FIRST, MORE = ("streaming", "kafka"), pytest.mark.every_question
CELLS = [
    pytest.param(each, *axes, marks=[] if axes == FIRST else [MORE], id="-".join((each.id, *axes)))
    for each, axes in AXES
]
RESTARTED = [
    pytest.param(each, marks=[] if each.id == "five_means" else [MORE], id=each.id)
    for each in SCENARIOS
]
BY_PAGE = "SELECT page, COUNT(*) FROM visits GROUP BY page"
# A run into which the end of five seconds falls, after its rows, is tried again.
TIMES = 5


@pytest.mark.parametrize(("scenario", "mode", "binding"), CELLS)
def test_the_answer_comes(flink, scenario, mode, binding):
    """As its author worked it out."""
    inputs = scenario.sample(flink.seed)
    (dialect,) = scenario.dialects

    outcome = flink.run(scenario, dialect, mode, binding, inputs)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.parametrize("scenario", RESTARTED)
def test_the_answer_comes_after_a_restart(flink, scenario):
    """Stopped with a savepoint after two thirds of the rows: two readings of three."""
    inputs = scenario.sample(flink.seed)
    (dialect,) = scenario.dialects
    life = restart("timed" if scenario.timed else "plain", cut=2 / 3)

    outcome = flink.run(scenario, dialect, "streaming", "kafka", inputs, lifecycle=life)

    assert_matches(scenario.expected(inputs), outcome)


def test_a_query_with_the_key_of_its_sink_passes_on_each_line(flink, tmp_path):
    """As one with another key does up to Flink 2.2, which the scenario declares."""
    (tmp_path / "query.sql").write_text(BY_PAGE)
    other = load(_FOLDER / "last_of_two_days")
    (counts,) = other.sinks
    sink = replace(counts, rows=[("home", 3), ("shop", 1)])
    scenario = replace(other, sinks=(sink,), divergences=(), folder=tmp_path)
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "streaming", "kafka", inputs)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.parametrize("mode", ["batch", "streaming"])
def test_a_window_of_processing_time_never_fires_over_bounded_input(flink, mode):
    """A job that ends well and tells nothing has not passed."""
    scenario = load(_FOLDER / "over_in_five_seconds")
    inputs = scenario.sample(flink.seed)
    missing = "counts: missing 2: ('hi', 2), ('hello', 1)"

    told = (flink.run(scenario, "datastream", mode, "files", inputs).record for _ in range(TIMES))
    right = next(r for r in told if ("fail", missing) == (r.verdict, r.reason))

    assert "datastream.py:22: TumblingProcessingTimeWindows" in right.clock


def test_in_batch_no_row_is_late(flink):
    """Both ways to ask have the same answer there."""
    scenario = load(_FOLDER / "tumbled_twice")
    over, by_start = scenario.sinks
    whole = replace(over, rows=[(begun, ended, 3) for begun, ended, _ in over.rows])
    batch = replace(scenario, sinks=(whole, by_start), modes=("batch",))
    inputs = batch.sample(flink.seed)

    outcome = flink.run(batch, "sql", "batch", "kafka", inputs)

    assert_matches(batch.expected(inputs), outcome)


@pytest.mark.parametrize("mode", [pytest.param("batch", marks=MORE), "streaming"])
@pytest.mark.parametrize(
    "start", [*(pytest.param(s, marks=MORE) for s in STARTS[1:] if s != "timestamp"), "timestamp"]
)
def test_what_lies_before_the_start_is_not_read(flink, start, mode):
    """Of a topic that has it on each partition."""
    scenario = started(start)
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", mode, "kafka", inputs)

    assert_matches(scenario.expected(inputs), outcome)


@MORE
@pytest.mark.parametrize("start", STARTS[1:])
def test_what_lies_before_the_start_is_not_read_after_a_restart(flink, start):
    """On two partitions, and then in three tasks."""
    scenario = started(start)
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "streaming", "kafka", inputs, lifecycle=rescale("plain"))

    assert_matches(scenario.expected(inputs), outcome)


def test_what_lies_before_the_start_is_told_where_it_is_read(flink, monkeypatch):
    """It is in the topic: a job that is told to read all of it does not pass."""
    monkeypatch.setattr(Beginning, "options", {"scan.startup.mode": "earliest-offset"})
    scenario = started("timestamp")
    (visits,) = scenario.sources
    readable = tuple(row for row in visits.earlier if isinstance(row, tuple))
    scenario = replace(scenario, sources=(replace(visits, earlier=readable),))

    record = flink.run(scenario, "sql", "batch", "kafka", scenario.sample(flink.seed)).record

    assert "fail" == record.verdict
    assert "extra 2" in record.reason


def started(start):
    """The scenario with a start of this kind."""
    scenario = load(_FOLDER / "from_an_offset")
    (visits,) = scenario.sources
    return replace(scenario, sources=(replace(visits, start=start),))


@pytest.mark.parametrize("dialect", [pytest.param("sql", marks=MORE), "job"])
def test_the_time_of_a_row_is_not_that_of_its_arrival(flink, dialect):
    """But PyFlink asks no timestamp assigner that `from_source` is given, on any line."""
    scenario = load(_FOLDER / "visits_an_hour")
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, dialect, "streaming", "kafka", inputs)

    assert_matches(scenario.expected(inputs), outcome)


def test_a_program_reads_what_debezium_wrote(flink):
    """Messages by hand, and a table that the program itself declares over them."""
    scenario = load(_FOLDER / "debezium_times")
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "job", "streaming", "kafka", inputs)

    assert_matches(scenario.expected(inputs), outcome)
