"""Event time that is an instant: its windows of ten seconds are the same in each zone."""

from datetime import date, datetime, timedelta

from streamgauge.divergence import Divergence
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema


def at(second):
    """So many seconds after ten o'clock, by a clock that is eight hours ahead of UTC."""
    return datetime.fromisoformat("2024-03-01T10:00:00+08:00") + timedelta(seconds=second)


SCENARIO = Scenario(
    id="instants",
    version=1,
    question="How many hits were there in each ten seconds?",
    sources=(
        Source(
            "hits",
            Schema.of(seen="TIMESTAMP_LTZ(3)", page="STRING"),
            # The fifth is too late for its window: event time is 11 s after ten o'clock then.
            rows=[(at(second), "home") for second in (1, 9, 14, 16, 5, 12, 23, 37)],
            time="seen",
            disorder=timedelta(seconds=5),
        ),
    ),
    sinks=(Sink("counts", Schema.of(until="TIMESTAMP_LTZ(3)", hits="BIGINT"), due="until"),),
    bindings=("files", "kafka"),
    divergences=(
        Divergence(
            "refused",
            issue="in batch the Table API has no `rowtime` of windows over TIMESTAMP_LTZ (Flink:"
            " please report this bug; no issue was found on 2026-11-27)",
            expires=date(2027, 11, 27),
            cause="WindowReference of RowtimeAttribute has invalid type",
            dialects=("table",),
            modes=("batch",),
        ),
    ),
)
