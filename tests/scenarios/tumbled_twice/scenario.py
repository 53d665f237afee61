"""A row too late for its window, and counted where only the window's start is asked for."""

from datetime import datetime, timedelta

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema


def _at(second):
    return datetime.fromisoformat(f"2024-03-01 10:00:{second:02}")


SCENARIO = Scenario(
    id="tumbled_twice",
    version=1,
    question="How many rows are in each window of ten seconds, once it is over and at any time?",
    sources=(
        Source(
            "hits",
            Schema.of(seen="TIMESTAMP(3)"),
            rows=[(_at(second),) for second in (1, 9, 14, 16, 5, 12)],
            time="seen",
            disorder=timedelta(seconds=5),
        ),
    ),
    sinks=(
        Sink(
            "over",
            Schema.of(begun="TIMESTAMP(3)", ended="TIMESTAMP(3)", hits="BIGINT"),
            # At 10:00:16 event time is 10:00:11: of the first window 10:00:05 is too late.
            rows=[(_at(0), _at(10), 2), (_at(10), _at(20), 3)],
        ),
        Sink(
            "by_start",
            Schema.of(begun="TIMESTAMP(3)", hits="BIGINT"),
            key=("begun",),
            rows=[(_at(0), 3), (_at(10), 3)],
        ),
    ),
    bindings=("kafka",),
    modes=("streaming",),
)
