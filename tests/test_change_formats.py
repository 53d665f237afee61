"""Changes in and out of Kafka by Flink's formats for them: with inserts, updates and deletes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.lifecycle import restart
from streamgauge.scenario import Message
from streamgauge.testing import assert_matches

SCENARIO = load(Path(__file__).with_name("scenarios") / "stock_changed")
MORE = pytest.mark.every_question
FORMATS = ("debezium-json", "canal-json", "maxwell-json")
# As they come of tables that tell less of what was there: of Postgres' by default, of MySQL's
# with binlog_row_image=MINIMAL.
ROW = {"id": 1, "name": "pear", "n": 4, "price": "1.50", "counted": "2026-11-27 12:00:00"}
WITHOUT_BEFORE = {
    "debezium-json": {"op": "u", "before": None, "after": ROW},
    "canal-json": {"type": "UPDATE", "data": [ROW], "old": None},
    "maxwell-json": {"type": "update", "data": ROW, "old": {}},
}


def of(form, rows=None):
    """The scenario with another format, of its source and of the sink that has one."""
    (stock,) = SCENARIO.sources
    shelves, totals = SCENARIO.sinks
    return replace(
        SCENARIO,
        sources=(replace(stock, format=form, rows=stock.rows if rows is None else rows),),
        sinks=(replace(shelves, format=form), totals),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_changes_come_as_they_went(flink, form):
    """In the order of each row, and written again as rows that come and go."""
    scenario = of(form)
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "streaming", "kafka", inputs)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.parametrize(
    ("form", "verdict", "told"),
    [
        ("debezium-json", "unknown", 'The "before" field of UPDATE message is null'),
        pytest.param("canal-json", "unknown", "NullPointerException", marks=MORE),
        pytest.param("maxwell-json", "fail", "retraction of another row", marks=MORE),
    ],
)
def test_an_update_without_its_before_image_is_caught(flink, form, verdict, told):
    """The first update of a pear's number: two formats end the job, with Maxwell's it is wrong."""
    (stock,) = SCENARIO.sources
    at = next(i for i, change in enumerate(stock.rows) if change.op == "+U")
    broken = Message(json.dumps(WITHOUT_BEFORE[form]).encode())
    scenario = of(form, [*stock.rows[:at], broken, *stock.rows[at:]])

    record = flink.run(scenario, "sql", "streaming", "kafka", scenario.sample(flink.seed)).record

    assert verdict == record.verdict
    assert told in record.reason


@pytest.mark.parametrize("cut", [pytest.param(0.3, marks=MORE), 7 / 13])
def test_changes_after_a_restart(flink, cut):
    """Also between both halves of an update."""
    inputs = SCENARIO.sample(flink.seed)
    assert "-U" == inputs.entries[6].record.op

    outcome = flink.run(
        SCENARIO, "sql", "streaming", "kafka", inputs, lifecycle=restart("plain", cut)
    )

    assert_matches(SCENARIO.expected(inputs), outcome)
