"""A job whose state is carried into a changed one: each folder has what a change makes of it."""

from scenarios.running_totals.till import sales

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_PYTHON = "the scenario is about state of a process function (2026-11-26)"

SCENARIO = Scenario(
    id="running_totals",
    version=1,
    question="What has each till taken so far?",
    sources=(Source("sales", Schema.of(till="BIGINT", amount="BIGINT"), generate=sales),),
    sinks=(Sink("totals", Schema.of(till="BIGINT", total="BIGINT"), key=("till",)),),
    bindings=("kafka",),
    modes=("streaming",),
    rows=20,
    absent=dict.fromkeys(("sql", "table", "datastream"), _PYTHON),
)
