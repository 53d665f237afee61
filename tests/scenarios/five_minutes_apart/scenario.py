"""Sessions with a gap of five minutes, one of which is met to the second."""

from datetime import datetime

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema


def _at(minute, second=0):
    return datetime.fromisoformat(f"2024-03-01 10:{minute:02}:{second:02}")


SCENARIO = Scenario(
    id="five_minutes_apart",
    version=1,
    question="How many visits were less than or just five minutes after the one before?",
    sources=(
        Source(
            "visits",
            Schema.of(seen="TIMESTAMP(3)"),
            rows=[(_at(0),), (_at(4),), (_at(8, 59),), (_at(13, 59),), (_at(19),)],
            time="seen",
        ),
    ),
    sinks=(
        Sink(
            "sessions",
            Schema.of(begun="TIMESTAMP(3)", over="TIMESTAMP(3)", visits="BIGINT"),
            rows=[(_at(0), _at(18, 59), 4), (_at(19), _at(24), 1)],
        ),
    ),
    bindings=("kafka",),
    modes=("streaming",),
)
