"""A copy of a table all of whose names are words of SQL."""

from scenarios.reserved_words.ranks import ranks

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

COLUMNS = Schema.of(group="BIGINT", select="STRING")
_ONE = "names stand in tables, which two dialects read (2026-11-26)"

SCENARIO = Scenario(
    id="reserved_words",
    version=1,
    question="Is a table equal to another, whatever both are called?",
    sources=(Source("rank", COLUMNS, generate=ranks, key=("group",)),),
    sinks=(Sink("order", COLUMNS, key=("group",)),),
    bindings=("cdc", "debezium"),
    rows=30,
    absent=dict.fromkeys(("datastream", "process"), _ONE),
)
