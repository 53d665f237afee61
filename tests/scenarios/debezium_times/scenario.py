"""Times as Debezium writes them unless it is told otherwise: days, and microseconds, since 1970.

Flink's `debezium-json` takes neither for a DATE or a TIMESTAMP: they have to be declared as the
numbers that they are.
"""

import json
from datetime import date, datetime, time

from streamgauge.scenario import Scenario, Script, Sink, Source
from streamgauge.values.schema import Schema


def _change(op, before, after):
    """A message of Debezium's, without the schema and the source's block."""
    return (json.dumps({"before": before, "after": after, "op": op, "ts_ms": 1_709_164_800_000}),)


def _row(number, born, seen, wakes):
    return {"id": number, "born": born, "seen": seen, "wakes": wakes}


_LEAP = _row(1, 19_782, 1_709_164_799_123_456, 86_399_000_000)
_BEFORE = _row(2, -1, -1_000_000, 0)
_NONE = _row(3, None, None, None)
_GONE = _row(4, 0, 0, 0)

SCENARIO = Scenario(
    id="debezium_times",
    version=1,
    question="When was each born, when last seen, and when does each wake?",
    sources=(
        Source(
            "messages",
            Schema.of(message="STRING"),
            rows=[
                _change("r", None, _row(1, 0, 0, 0)),
                _change("c", None, _BEFORE),
                _change("u", _row(1, 0, 0, 0), _LEAP),
                _change("c", None, _GONE),
                _change("c", None, _NONE),
                _change("d", _GONE, None),
            ],
            raw=True,
        ),
    ),
    sinks=(
        Sink(
            "people",
            Schema.of(id="BIGINT", born="DATE", seen="TIMESTAMP(3)", wakes="TIME"),
            key=("id",),
            rows=[
                (
                    1,
                    date(2024, 2, 29),
                    datetime.fromisoformat("2024-02-28 23:59:59.123"),
                    time(23, 59, 59),
                ),
                (2, date(1969, 12, 31), datetime.fromisoformat("1969-12-31 23:59:59"), time(0)),
                (3, None, None, None),
            ],
        ),
    ),
    bindings=("kafka",),
    modes=("streaming",),
    job=Script(
        "people.py",
        arguments=("{properties.bootstrap.servers:messages}", "{topic:messages}"),
        environment={
            "SECURITY_PROTOCOL": "{properties.security.protocol:messages}",
            "SASL_MECHANISM": "{properties.sasl.mechanism:messages}",
            "SASL_JAAS_CONFIG": "{properties.sasl.jaas.config:messages}",
        },
    ),
)
