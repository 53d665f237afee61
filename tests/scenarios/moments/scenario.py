"""MySQL's DATETIME, which has no zone, and its TIMESTAMP, which is an instant."""

from scenarios.moments.calendar_days import SEEN, seen

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_ONE = "the scenario is about types of tables, for which SQL will do (2026-11-27)"

SCENARIO = Scenario(
    id="moments",
    version=1,
    question="What does the calendar say, and how many seconds after 1970 was it?",
    sources=(
        Source(
            "moments",
            # In MySQL a DATETIME(3) and a TIMESTAMP(3).
            Schema.of(id="BIGINT", said="TIMESTAMP(3)", seen="TIMESTAMP_LTZ(3)"),
            generate=seen,
            key=("id",),
        ),
    ),
    sinks=(Sink("told", Schema.of(id="BIGINT", said="TIMESTAMP(3)", s="BIGINT"), key=("id",)),),
    bindings=("cdc", "debezium"),
    rows=2 * len(SEEN),
    absent=dict.fromkeys(("table", "datastream", "process"), _ONE),
)
