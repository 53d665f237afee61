"""Days of eight hours ahead of UTC, by event time that is an instant.

Streaming loses them, of zones without daylight saving time.
"""

from datetime import date, datetime

from streamgauge.divergence import Divergence
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_at = datetime.fromisoformat
SCENARIO = Scenario(
    id="local_days",
    version=1,
    question="How many hits were there on each day in Shanghai?",
    sources=(
        Source(
            "hits",
            Schema.of(seen="TIMESTAMP_LTZ(3)"),
            rows=[
                (_at("2024-03-01T23:00:00+08:00"),),
                (_at("2024-03-02T00:30:00+08:00"),),
                (_at("2024-03-02T09:00:00+08:00"),),
            ],
            time="seen",
        ),
    ),
    sinks=(
        Sink(
            "days",
            Schema.of(begun="TIMESTAMP(3)", hits="BIGINT"),
            rows=[(_at("2024-03-01"), 1), (_at("2024-03-02"), 2)],
        ),
    ),
    settings={"table.local-time-zone": "Asia/Shanghai"},
    # Over Kafka a checkpoint that falls between its rows writes down what would be lost.
    bindings=("files",),
    divergences=(
        Divergence(
            "fail",
            issue="FLINK-38075: days of event time that is TIMESTAMP_LTZ lose rows",
            expires=date(2027, 11, 27),
            cause="days: missing 1: ",
            modes=("streaming",),
            # A savepoint between its rows writes down what would be lost.
            lifecycles=("once",),
        ),
    ),
)
