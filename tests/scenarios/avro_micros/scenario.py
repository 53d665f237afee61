"""Microseconds in Avro (local-timestamp-micros): read from it, and written to it."""

from datetime import date, datetime

from streamgauge.divergence import Divergence
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_COLUMNS = Schema.of(id="INT NOT NULL", seen="TIMESTAMP(6)")
_OFF = {"kafka": {"avro.timestamp_mapping.legacy": "false"}}
_ROWS = [(1, datetime.fromisoformat("2026-11-27 12:00:00.250001")), (2, None)]

SCENARIO = Scenario(
    id="avro_micros",
    version=1,
    question="Which microseconds does Flink read from Avro, and which does it write?",
    sources=(
        Source("in_avro", _COLUMNS, rows=_ROWS, format="avro", options=_OFF),
        Source("in_json", _COLUMNS, rows=_ROWS),
    ),
    sinks=(
        # As a text: a year of five digits is none of Python's.
        Sink(
            "read",
            Schema.of(id="INT NOT NULL", seen="STRING"),
            rows=[(1, "2026-11-27 12:00:00.250001"), (2, None)],
        ),
        Sink("written", _COLUMNS, rows=_ROWS, format="avro", options=_OFF),
    ),
    bindings=("kafka",),
    divergences=(
        Divergence(
            "fail",
            issue="FLINK-39251: with microseconds declared, milliseconds are read and written"
            " (github.com/apache/flink/pull/27770)",
            expires=date(2027, 6, 30),
            cause=r"read: .* extra 1: .*8876-01-11.*written: .* extra 1: .*1970, 1, 21",
        ),
    ),
)
