"""Values of a type are the same over all bindings."""

import shutil
from dataclasses import replace
from datetime import datetime, time, timezone
from pathlib import Path

import pytest

from streamgauge.attachments import limits
from streamgauge.attachments.ddl import listed
from streamgauge.discovery import load
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.testing import assert_matches
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

SCENARIOS = Path(__file__).with_name("scenarios")
# Files and Kafka alone show them.
ELSEWHERE = ("CHAR", "VARCHAR", "BINARY", "VARBINARY", "TIMESTAMP_LTZ")
VALUES = {
    "TIME": time(12, 30),
    "TIMESTAMP_LTZ": datetime(2024, 2, 29, tzinfo=timezone.utc),
}
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


@pytest.mark.parametrize(
    ("dialect", "mode", "binding"),
    [("sql", "streaming", "kafka"), ("table", "batch", "kafka"), ("datastream", "batch", "files")],
)
def test_values_of_every_type_are_the_same(flink, dialect, mode, binding):
    """In columns whose names have to be quoted."""
    scenario = load(SCENARIOS / "every_type")
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, dialect, mode, binding, inputs)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.parametrize(
    ("dialect", "mode", "binding"),
    [("sql", "streaming", "kafka"), ("sql", "batch", "files"), ("datastream", "batch", "kafka")],
)
def test_arrays_maps_and_rows_are_the_same(flink, dialect, mode, binding):
    """To any depth, and what is taken out of them."""
    scenario = load(SCENARIOS / "nested_types")
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, dialect, mode, binding, inputs)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.every_zone
@both
def test_values_of_mysqls_own_types_are_the_same(flink, binding):
    """From the snapshot and from the binlog, into a table of the same types."""
    if binding in flink.line.absent:
        pytest.skip(flink.line.absent[binding])
    scenario = load(SCENARIOS / "mysql_types")
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "streaming", binding, inputs)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.every_zone
@pytest.mark.parametrize("kind", [*limits._NOT_IN_HIVE, "BYTES"])
def test_hive_has_no_such_columns(flink, kind, monkeypatch, tmp_path):
    """What is absent over Hive is what Flink's connector refuses; all else it writes."""
    if "hive" in flink.line.absent:
        pytest.skip(flink.line.absent["hive"])
    monkeypatch.setattr(limits, "_NOT_IN_HIVE", ())
    type_ = f"{kind}(2)" if kind.endswith("BINARY") else kind
    schema = Schema.of(value=type_, day="STRING")
    rows = [(VALUES.get(kind, b"ab"), "today")]
    scenario = Scenario(
        "copy",
        1,
        "?",
        (Source("a", schema, rows=rows),),
        (Sink("b", schema, partitions=("day",), rows=rows),),
        ("hive",),
        modes=("streaming",),
        sql="SELECT * FROM a",
        folder=tmp_path,
    )

    record = flink.run(scenario, "sql", "streaming", "hive", {"a": rows}).record

    refused = f"Flink doesn't support converting type {kind}"
    assert (kind == "BYTES") == (record.verdict == "pass"), record.reason
    assert kind == "BYTES" or refused in record.reason


@both
def test_values_are_the_same_in_mysql(flink, binding, tmp_path):
    """The sink's columns have such names as Flink's JDBC connector has parameters for."""
    if binding in flink.line.absent:
        pytest.skip(flink.line.absent[binding])
    copy = shutil.copytree(SCENARIOS / "every_type", tmp_path / "scenarios" / "every_type")
    scenario = load(copy)
    (source,), (sink,) = scenario.sources, scenario.sinks
    chosen = [at for at, each in enumerate(source.schema.columns) if each.kind not in ELSEWHERE]
    columns = Schema(tuple(source.schema.columns[at] for at in chosen))
    (copy / "query.sql").write_text(
        f"SELECT {listed(columns.names)} FROM samples", encoding="utf-8"
    )
    rows = [tuple(row[at] for at in chosen) for row in scenario.sample(flink.seed)["samples"]]
    there = replace(
        scenario,
        sources=(replace(source, schema=columns, key=columns.names[:1], rows=changes(rows)),),
        sinks=(replace(sink, schema=plainly_named(columns), key=("größe0",)),),
        bindings=("cdc", "debezium"),
    )

    outcome = flink.run(there, "sql", "streaming", binding, {"samples": changes(rows)})

    assert_matches({"copies": rows}, outcome)


def changes(rows):
    """As inserts."""
    return [Change("+I", row) for row in rows]


def plainly_named(schema):
    """Columns of the same types."""
    named = (replace(each, name=f"größe{at}") for at, each in enumerate(schema.columns))
    return replace(schema, columns=tuple(named))
