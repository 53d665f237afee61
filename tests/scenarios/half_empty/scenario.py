"""A topic of which one partition may stay empty: it is idle after half a second.

Without that it holds event time back, and no window is ever over.
"""

from datetime import datetime, timedelta

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_TEN = datetime.fromisoformat("2024-03-01T10:00:00")

SCENARIO = Scenario(
    id="half_empty",
    version=1,
    question="How many hits were there in each ten seconds?",
    sources=(
        Source(
            "hits",
            Schema.of(seen="TIMESTAMP(3)"),
            rows=[(_TEN + timedelta(seconds=second),) for second in (1, 9, 14, 16, 25, 36)],
            time="seen",
            idle=timedelta(milliseconds=500),
        ),
    ),
    sinks=(Sink("counts", Schema.of(over="TIMESTAMP(3)", hits="BIGINT"), due="over"),),
    bindings=("kafka",),
    modes=("streaming",),
)
