"""Times in Avro: on a clock (local-timestamp-millis), a moment (timestamp-millis), and as before.

Up to Flink 1.19, and later unless an option says otherwise, a TIMESTAMP is what Avro has for a
moment, and a TIMESTAMP_LTZ is refused.
"""

from datetime import datetime, timezone

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_BOTH = Schema.of(id="INT NOT NULL", seen="TIMESTAMP(3)", at="TIMESTAMP_LTZ(3)")
_ONE = Schema.of(id="INT NOT NULL", seen="TIMESTAMP(3)")
_OFF = {"kafka": {"avro.timestamp_mapping.legacy": "false"}}
_NOON = datetime.fromisoformat("2026-11-27 12:00:00.250")
_BEFORE = datetime.fromisoformat("1969-12-31 23:59:59.999")
_ROWS = [
    (1, _NOON, _NOON.replace(tzinfo=timezone.utc)),
    (2, _BEFORE, _BEFORE.replace(tzinfo=timezone.utc)),
    (3, None, None),
]
_OLD = [row[:2] for row in _ROWS]

SCENARIO = Scenario(
    id="avro_times",
    version=1,
    question="Which times does Flink read from Avro, and which does it write?",
    sources=(
        Source("recent", _BOTH, rows=_ROWS, format="avro", options=_OFF),
        Source("before", _ONE, rows=_OLD, format="avro"),
    ),
    sinks=(
        # JSON, so that what was read wrongly is not written wrongly back.
        Sink("read", _BOTH, rows=_ROWS),
        Sink("written", _BOTH, rows=_ROWS, format="avro", options=_OFF),
        Sink("as_before", _ONE, rows=_OLD, format="avro"),
    ),
    bindings=("kafka",),
)
