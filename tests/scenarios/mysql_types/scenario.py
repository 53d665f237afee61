"""A copy of a table with MySQL's own types, half of it there before the job."""

from scenarios.mysql_types.values import NAMES, ROWS, STORED, TYPES, rows

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Column, Schema

_ONE = "the scenario is about types of tables, for which SQL will do (2026-11-27)"
_COLUMNS = Schema((Column("id", "BIGINT"), *map(Column, NAMES, TYPES)))
# Nothing here reads a truth of a BIT, or a SET, back from a sink.
_READ = {"bit1": "TINYINT(1)", "set_": "VARCHAR(20)"}

SCENARIO = Scenario(
    id="mysql_types",
    version=1,
    question="What comes of values of each type of MySQL's?",
    sources=(Source("samples", _COLUMNS, generate=rows, key=("id",), stored=STORED),),
    sinks=(Sink("copies", _COLUMNS, key=("id",), stored={**STORED, **_READ}),),
    bindings=("cdc", "debezium"),
    rows=2 * len(ROWS),
    absent=dict.fromkeys(("table", "datastream", "process"), _ONE),
)
