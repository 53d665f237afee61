"""Values of a type are the same over all bindings."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.testing import assert_matches
from streamgauge.values.changelog import Change

SCENARIOS = Path(__file__).with_name("scenarios")
READINGS = SCENARIOS / "readings"
both = pytest.mark.parametrize("binding", ["cdc", "debezium"])


@pytest.mark.parametrize("binding", ["files", "kafka"])
def test_numbers_of_32_bits_are_the_same(flink, binding):
    """To the last digit."""
    scenario = load(READINGS)
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "streaming", binding, inputs)

    assert_matches(scenario.expected(inputs), outcome)


@both
def test_numbers_of_32_bits_are_near_in_mysql(flink, binding):
    """Where it writes them as text, as for a snapshot, it writes six digits."""
    if binding in flink.line.absent:
        pytest.skip(flink.line.absent[binding])
    scenario = load(READINGS)
    rows = scenario.sample(flink.seed)["readings"]
    changes = {"readings": [Change("+I", row) for row in rows]}

    outcome = flink.run(of_tables(scenario), "sql", "streaming", binding, changes)

    assert_matches(scenario.expected({"readings": rows}), outcome)


@both
def test_tinyint_1_of_mysql_is_a_number(flink, binding):
    """Before the job starts, from the snapshot, and after, from the binlog: 2 is no truth."""
    if binding in flink.line.absent:
        pytest.skip(flink.line.absent[binding])
    scenario = load(SCENARIOS / "switches")
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "streaming", binding, inputs)

    states = [(0, 0), (1, 10), (2, 20), (-128, -1280), (127, 1270), (None, None)] * 2
    assert_matches({"shown": [(at, *state) for at, state in enumerate(states)]}, outcome)


def of_tables(scenario):
    """The scenario over tables with keys, whose numbers may be a little off."""
    (source,), (sink,) = scenario.sources, scenario.sinks
    tables = replace(
        scenario,
        sources=(replace(source, key=("id",)),),
        sinks=(replace(sink, key=("id",), tolerance={"level": 1e-5, "twice": 1e-5}),),
        bindings=("cdc", "debezium"),
    )
    return replace(tables, oracle=lambda given: scenario.oracle({"readings": plain(given)}))


def plain(inputs):
    """The rows of changes that are all inserts."""
    return [change.row for change in inputs["readings"]]
