"""Numbers of 32 bits, copied and doubled."""

from scenarios.readings.meters import readings

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_ONE = "the scenario is about a type of tables, for which SQL will do (2026-11-26)"

SCENARIO = Scenario(
    id="readings",
    version=1,
    question="What does each meter show, and what is twice as much?",
    sources=(Source("readings", Schema.of(id="BIGINT", level="FLOAT"), generate=readings),),
    sinks=(Sink("doubled", Schema.of(id="BIGINT", level="FLOAT", twice="FLOAT")),),
    bindings=("files", "kafka"),
    rows=200,
    absent=dict.fromkeys(("table", "datastream", "process"), _ONE),
)
