"""A table in MySQL that says after each sale what its till has taken."""

from scenarios.till_totals.tills import sales

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_ONE = "the scenario is about how soon rows are in MySQL, for which SQL will do (2026-11-27)"

SCENARIO = Scenario(
    id="till_totals",
    version=1,
    question="What has each till taken so far?",
    sources=(Source("sales", Schema.of(till="BIGINT", amount="BIGINT"), generate=sales),),
    sinks=(Sink("totals", Schema.of(till="BIGINT", total="BIGINT"), key=("till",)),),
    # With no partitions to be written as files, of `parquet` are left a topic in and a table out.
    bindings=("kafka", "parquet"),
    modes=("streaming",),
    rows=1000,
    absent=dict.fromkeys(("table", "datastream", "process"), _ONE),
)
