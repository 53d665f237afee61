"""Milliseconds since 1970 as times, which are the same whatever the session's zone is."""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_ONE = "the scenario is about a time of tables, for which SQL will do (2026-11-27)"
_SEEN = (1_621_987_200_000, 1_709_164_799_000, 0, None)


def seen(seed, start, stop):
    """Rows (id, ms)."""
    return [(at, _SEEN[at % len(_SEEN)]) for at in range(start, stop)]


SCENARIO = Scenario(
    id="epochs",
    version=1,
    question="When was each event seen, in UTC?",
    sources=(Source("events", Schema.of(id="BIGINT", ms="BIGINT"), generate=seen),),
    sinks=(Sink("times", Schema.of(id="BIGINT", seen="TIMESTAMP(3)")),),
    bindings=("files",),
    rows=len(_SEEN),
    absent=dict.fromkeys(("table", "datastream", "process"), _ONE),
)
