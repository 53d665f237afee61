"""Public questions of a few rows: the rows and the right answer by hand, and the SQL."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.lifecycle import restart
from streamgauge.scenario import CUT, Sink
from streamgauge.testing import assert_matches
from streamgauge.values.arrivals import cut, looks
from streamgauge.values.schema import Schema

BY_NAME = "SELECT name, COUNT(*) FROM prices GROUP BY name"
_FOLDER = Path(__file__).with_name("scenarios")
_NAMES = ("greatest_of_three", "five_minutes_apart", "other_charset", "tumbled_twice")
SCENARIOS = [load(_FOLDER / name) for name in _NAMES]
# Nothing of it is kept that a restart could lose.
_KEYED = load(_FOLDER / "named_by_key")
_ALL = (*SCENARIOS, _KEYED)
CELLS = [(each, mode, kind) for each in _ALL for mode in each.modes for kind in each.bindings]
IDS = [f"{each.id}-{mode}-{kind}" for each, mode, kind in CELLS]


@pytest.mark.parametrize(("scenario", "mode", "binding"), CELLS, ids=IDS)
def test_the_answer_by_hand_comes(flink, scenario, mode, binding):
    """Not what Flink printed once, but what the question's author worked out."""
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", mode, binding, inputs)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=_NAMES)
def test_the_answer_by_hand_comes_after_a_restart(flink, scenario):
    """Stopped with a savepoint after half of the rows, to which no answer is known."""
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "streaming", "kafka", inputs, lifecycle=restart("timed"))

    assert_matches(scenario.expected(inputs), outcome)


def test_what_is_updated_is_looked_at_when_all_is_read(flink, tmp_path):
    """Without event time too: halfway nobody knows the numbers, at the end each has to be right."""
    (tmp_path / "query.sql").write_text(BY_NAME)
    counts = Schema.of(name="STRING", n="BIGINT")
    sink = Sink("counts", counts, key=("name",), rows=[("Alice", 4), ("Bob", 4)])
    (prices,) = SCENARIOS[0].sources
    scenario = replace(
        SCENARIOS[0], sources=(replace(prices, time=None),), sinks=(sink,), folder=tmp_path
    )
    inputs = scenario.sample(flink.seed)

    record = flink.run(
        scenario, "sql", "streaming", "kafka", inputs, lifecycle=restart("plain")
    ).record

    assert "pass" == record.verdict, record.reason


def test_what_is_due_is_out_where_arrivals_say(flink):
    """Before the next row is fed, which would be counted with it or close another window."""
    scenario = load(_FOLDER / "watermarked.py")
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "streaming", "kafka", inputs)

    assert_matches(scenario.expected(inputs), outcome)


def test_what_is_due_is_out_where_arrivals_say_after_a_restart_too(flink):
    """It is stopped when the late row has been read."""
    scenario = load(_FOLDER / "watermarked.py")
    arrivals = [each for each in scenario.arrivals if each is not CUT]
    scenario = replace(scenario, arrivals=[*arrivals[:7], CUT, *arrivals[7:]])
    inputs = scenario.sample(flink.seed)
    stopped = restart("timed", cut(scenario.arrivals), looks=looks(scenario.arrivals))

    outcome = flink.run(scenario, "sql", "streaming", "kafka", inputs, lifecycle=stopped)

    assert_matches(scenario.expected(inputs), outcome)


def test_a_job_is_stopped_where_arrivals_say(flink):
    """In the state that it has then, some orders have no rate yet; in the end each has its own."""
    scenario = load(_FOLDER / "converted.py")
    inputs = scenario.sample(flink.seed)
    lifecycle = restart("plain", cut(scenario.arrivals))

    outcome = flink.run(scenario, "sql", "streaming", "kafka", inputs, lifecycle=lifecycle)

    assert [("USD", 2)] == list(inputs.until(lifecycle.cut)["rates"])
    assert_matches(scenario.expected(inputs), outcome)
