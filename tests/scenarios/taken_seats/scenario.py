"""Who sits where: the query tells persons apart, and the sink seats."""

from scenarios.taken_seats.hall import moves

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_ONE = "the scenario is about what the planner makes of keys, for which SQL will do (2026-11-26)"

SCENARIO = Scenario(
    id="taken_seats",
    version=1,
    question="Who has taken each seat last, of all who have not moved on?",
    sources=(Source("moves", Schema.of(person="BIGINT", seat="STRING"), generate=moves),),
    sinks=(Sink("seats", Schema.of(seat="STRING", person="BIGINT"), key=("seat",)),),
    bindings=("files", "kafka"),
    rows=200,
    modes=("streaming",),
    absent=dict.fromkeys(("table", "datastream", "process"), _ONE),
)
