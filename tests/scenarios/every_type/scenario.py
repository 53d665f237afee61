"""A copy of values of every type."""

from scenarios.every_type.samples import NAMES, ROWS, TYPES

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Column, Schema

_ONE = "the scenario is about types and names of tables, for which three will do (2026-11-27)"
COLUMNS = Schema(tuple(map(Column, NAMES, TYPES)))

SCENARIO = Scenario(
    id="every_type",
    version=1,
    question="What comes of values of each type, whatever the columns are called?",
    sources=(Source("samples", COLUMNS, rows=ROWS),),
    sinks=(Sink("copies", COLUMNS),),
    bindings=("files", "kafka"),
    absent={"process": _ONE},
)
