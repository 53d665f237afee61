"""A timer of processing time for each row, and nothing else to remember it by."""

from scenarios.reminders.asked import asked

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_PYTHON = "the scenario is about timers of a process function (2026-11-27)"

SCENARIO = Scenario(
    id="reminders",
    version=1,
    question="Who is told, when the time has come?",
    sources=(Source("asked", Schema.of(name="STRING", after_ms="BIGINT"), generate=asked),),
    sinks=(Sink("told", Schema.of(name="STRING")),),
    bindings=("kafka",),
    modes=("streaming",),
    rows=20,
    absent=dict.fromkeys(("sql", "table", "datastream"), _PYTHON),
)
