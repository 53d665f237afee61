"""A value of each type that Avro has, and NULL in its place, as Flink reads and writes them."""

from datetime import date, datetime, time
from decimal import Decimal

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Column, Schema

_VALUES = [
    ("BOOLEAN", True),
    ("TINYINT", -128),
    ("SMALLINT", 32767),
    ("INT", -(2**31)),
    ("BIGINT", 2**63 - 1),
    ("FLOAT", 0.25),
    ("DOUBLE", 0.1),
    ("DECIMAL(8, 2)", Decimal("-1.28")),
    ("DECIMAL(38, 18)", Decimal("12345678901234567890.123456789012345678")),
    ("CHAR(2)", "ab"),
    ("VARCHAR(5)", "№"),
    ("STRING", ""),
    ("BYTES", b"\xff\x00"),
    ("DATE", date(1969, 12, 31)),
    ("TIME", time(23, 59, 59)),
    ("TIMESTAMP(3)", datetime.fromisoformat("2026-11-27 12:00:00.250")),
    ("ARRAY<STRING>", ("a", None)),
    ("ARRAY<INT NOT NULL>", (1, 2)),
    ("MAP<STRING, INT>", frozenset({("a", 1), ("b", None)})),
    ("ROW<a INT, b ARRAY<ROW<c STRING, d DATE>>>", (1, (("x", date(2026, 2, 28)),))),
]
_COLUMNS = Schema(
    (
        Column("id", "INT NOT NULL"),
        *(Column(f"c{n}", type_) for n, (type_, _) in enumerate(_VALUES)),
    )
)
_ROWS = [(1, *(value for _, value in _VALUES)), (2, *(None for _ in _VALUES))]

SCENARIO = Scenario(
    id="avro_types",
    version=1,
    question="What comes of a value of each type through Avro?",
    sources=(Source("given", _COLUMNS, rows=_ROWS, format="avro"),),
    sinks=(
        Sink("read", _COLUMNS, rows=_ROWS),
        Sink("written", _COLUMNS, rows=_ROWS, format="avro"),
    ),
    bindings=("kafka",),
)
