"""Rows as Avro, held against what fastavro makes of the same schema with its logical types."""

import io
from datetime import date, datetime, time, timezone
from decimal import Decimal

import fastavro
import pytest

from streamgauge.attachments import formats
from streamgauge.cells import make_cell
from streamgauge.errors import ScenarioError
from streamgauge.scenario import Scenario
from streamgauge.tables import Sink, Source
from streamgauge.values import avro
from streamgauge.values.schema import Column, Schema
from streamgauge.versions import line

OFF = {"kafka": {"avro.timestamp_mapping.legacy": "false"}}
NOON = datetime.fromisoformat("2026-11-27 12:00:00.250")
ATOMS = [
    ("BOOLEAN", "boolean", True),
    ("TINYINT", "int", -128),
    ("INT NOT NULL", "int", 2**31 - 1),
    ("BIGINT", "long", -(2**63)),
    ("FLOAT", "float", 0.5),
    ("DOUBLE", "double", 0.1),
    ("STRING", "string", "№"),
    ("BYTES", "bytes", b"\xff\x00"),
    ("DECIMAL(8, 2)", "decimal", Decimal("-1.28")),
    ("DECIMAL(8, 2)", "decimal", Decimal("1.27")),
    ("DECIMAL(38, 0)", "decimal", Decimal("9" * 38)),
    ("DATE", "date", date(1969, 12, 31)),
    ("TIME", "time-millis", time(23, 59, 59)),
    ("TIMESTAMP(3)", "local-timestamp-millis", NOON),
    ("TIMESTAMP(6)", "local-timestamp-micros", NOON.replace(microsecond=1)),
    ("TIMESTAMP_LTZ(3)", "timestamp-millis", NOON.replace(tzinfo=timezone.utc)),
    ("TIMESTAMP_LTZ(6)", "timestamp-micros", NOON.replace(tzinfo=timezone.utc)),
]
MADE = [
    ("ARRAY<STRING>", ("a", None), ["a", None]),
    ("MAP<STRING, INT>", frozenset({("a", 1)}), {"a": 1}),
    ("ROW<a INT, b ARRAY<DATE>>", (1, None), {"a": 1, "b": None}),
]


def told(schema, row, **more):
    """What fastavro reads of ours."""
    part = avro.of_rows(schema, legacy=False)
    message = io.BytesIO(avro.encode(schema, row, legacy=False))
    found = fastavro.schemaless_reader(message, fastavro.parse_schema(part.schema), None)
    assert b"" == message.read()
    return found


@pytest.mark.parametrize(("type_", "logical", "value"), ATOMS)
def test_value_of_avro(type_, logical, value):
    """As a library reads it, and as it writes it."""
    schema = Schema.of(a=type_)
    (field,) = avro.of_rows(schema, legacy=False).schema["fields"]

    assert {"a": value} == told(schema, (value,))
    assert logical in str(field["type"])
    assert (value,) == avro.decode(
        schema, avro.encode(schema, (value,), legacy=False), legacy=False
    )


@pytest.mark.parametrize(("type_", "value", "plain"), MADE)
def test_value_made_of_others(type_, value, plain):
    """With the names that Flink gives rows in rows."""
    schema = Schema.of(a=type_)

    assert {"a": plain} == told(schema, (value,))
    assert (value,) == avro.decode(
        schema, avro.encode(schema, (value,), legacy=False), legacy=False
    )


def test_null_needs_a_union():
    """A column that may be NULL is a union with that first, and has NULL where nothing is said."""
    schema = Schema.of(a="INT", b="INT NOT NULL")
    first, second = avro.of_rows(schema, legacy=True).schema["fields"]

    assert {"name": "a", "type": ["null", "int"], "default": None} == first
    assert {"name": "b", "type": "int"} == second
    assert b"\x00\x02" == avro.encode(schema, (None, 1), legacy=True)
    assert b"\x02\x02\x02" == avro.encode(schema, (1, 1), legacy=True)


def test_timestamps_as_before():
    """A local time is written as a moment of UTC."""
    (field,) = avro.of_rows(Schema.of(a="TIMESTAMP(3) NOT NULL"), legacy=True).schema["fields"]

    assert "timestamp-millis" == field["type"]["logicalType"]


def test_bytes_after_a_row():
    """They would be of a column more."""
    with pytest.raises(ValueError, match="1 bytes of Avro after a row"):
        avro.decode(Schema.of(a="INT NOT NULL"), b"\x02\x02", legacy=True)


@pytest.mark.parametrize(
    ("column", "options", "what"),
    [
        (Column("a", "TIMESTAMP_LTZ(3)"), {}, "a: TIMESTAMP_LTZ"),
        (Column("a", "TIMESTAMP(6)"), {}, "a: TIMESTAMP"),
        (Column("a", "TIMESTAMP(9)"), OFF, "a: TIMESTAMP"),
        (Column("a", "ARRAY<TIMESTAMP_LTZ(3)>"), OFF, "a: TIMESTAMP_LTZ"),
        (Column("größe", "INT"), {}, "größe: 'größe' is no name of it"),
        (Column("a", "ROW<b INT NOT NULL>"), {}, "a: NOT NULL within a ROW"),
        (Column("a", "ROW<`b c` INT>"), {}, "a: 'b c' is no name of it"),
    ],
)
@pytest.mark.parametrize("kind", [Source, Sink])
def test_column_that_avro_has_not(kind, column, options, what):
    """Told when the table is made, with what to do."""
    with pytest.raises(ScenarioError, match=f"t: cannot have format avro: column {what}"):
        kind("t", Schema((column,)), rows=[], format="avro", options=options)


def test_table_of_avro():
    """Its jar does not come with Flink."""
    schema = Schema.of(a="INT")
    source = Source("t", schema, rows=[(1,)], format="avro")
    sink = Sink("s", schema, rows=[(1,)], format="avro")
    scenario = Scenario("x", 1, "?", (source,), (sink,), ("kafka",), sql="SELECT a FROM t")

    cell = make_cell(scenario, "sql", "batch", "kafka", line("2.3"))

    assert ("kafka", "avro") == cell.kind.connectors
    assert {"format": "avro"} == formats.options(source)
    assert [b"\x02\x02"] == formats.messages(source, [(1,)])
    assert (1,) == formats.of(sink).decode(schema, b"\x02\x02")
