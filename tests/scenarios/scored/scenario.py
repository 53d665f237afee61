"""Sums of points, by SQL and by programs that were there before: one of tables, one of streams."""

from scenarios.scored.games import points

from streamgauge.scenario import Scenario, Script, Sink, Source
from streamgauge.values.schema import Schema

_ONE = "the scenario is about programs as they are, which SQL is compared with (2026-11-27)"

SCENARIO = Scenario(
    id="scored",
    version=1,
    question="How many points has each player?",
    sources=(Source("points", Schema.of(player="STRING", n="BIGINT"), generate=points),),
    sinks=(Sink("scores", Schema.of(player="STRING", total="BIGINT"), key=("player",)),),
    bindings=("files", "kafka"),
    rows=200,
    job=Script(
        "scores.py",
        arguments=("--least", "1"),
        environment={"PLAYERS": "all"},
        tables={"incoming": "points"},
    ),
    absent=dict.fromkeys(("table", "datastream", "process"), _ONE),
)
