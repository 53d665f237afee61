"""A copy of values of types made of others, and what is taken out of them."""

from scenarios.nested_types.samples import ROWS, TYPES

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_ONE = "the scenario is about types, for which two dialects will do (2026-11-27)"
_PARTS = {"first": "STRING", "price": "DECIMAL(10, 2)", "place_on": "BOOLEAN", "n": "INT"}

SCENARIO = Scenario(
    id="nested_types",
    version=1,
    question="What is in arrays, maps and rows, and what comes of them whole?",
    sources=(Source("samples", Schema.of(**TYPES), rows=ROWS),),
    sinks=(Sink("copies", Schema.of(**TYPES, **_PARTS)),),
    bindings=("files", "kafka"),
    absent=dict.fromkeys(("table", "process"), _ONE),
)
