"""Small numbers of MySQL, of which half are there before the job and half come after."""

from scenarios.switches.panel import STATES, switched

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_ONE = "the scenario is about a type of tables, for which SQL will do (2026-11-27)"
_STATE = Schema.of(id="BIGINT", state="TINYINT")
_SHOWN = Schema.of(id="BIGINT", state="TINYINT", tenfold="SMALLINT")
_STORED = {"state": "TINYINT(1)"}

SCENARIO = Scenario(
    id="switches",
    version=1,
    question="Which state has each switch, of those that MySQL's drivers like to take for truths?",
    sources=(Source("switches", _STATE, generate=switched, key=("id",), stored=_STORED),),
    sinks=(Sink("shown", _SHOWN, key=("id",), stored=_STORED),),
    bindings=("cdc", "debezium"),
    rows=2 * len(STATES),
    absent=dict.fromkeys(("table", "datastream", "process"), _ONE),
)
