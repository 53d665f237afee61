"""Avro whose schemas are in a registry: each message says by its first five bytes which it has."""

from datetime import datetime
from decimal import Decimal

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_COLUMNS = Schema.of(id="INT NOT NULL", name="STRING", price="DECIMAL(8, 2)", paid="TIMESTAMP(3)")
_NOON = datetime.fromisoformat("2026-11-27 12:00:00.250")
_ROWS = [(1, "pear", Decimal("1.50"), _NOON), (2, None, None, None), (3, "№", Decimal(-1), _NOON)]

SCENARIO = Scenario(
    id="in_registry",
    version=1,
    question="What do messages say whose schema is in a registry, and what is written so?",
    sources=(Source("orders", _COLUMNS, rows=_ROWS, format="avro-confluent"),),
    sinks=(
        Sink("read", _COLUMNS, rows=_ROWS),
        Sink("written", _COLUMNS, rows=_ROWS, format="avro-confluent"),
    ),
    bindings=("kafka",),
)
