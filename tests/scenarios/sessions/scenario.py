"""Sessions of rows with days, microseconds and decimals in Python's windows."""

from scenarios.sessions.meter import readings

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_PYTHON = "the scenario is about windows of Python, which these dialects have not (2026-11-26)"

SCENARIO = Scenario(
    id="sessions",
    version=1,
    question="What did each meter read in a row, never more than 4 ms apart?",
    sources=(
        Source(
            "readings",
            Schema.of(
                at="TIMESTAMP(3)",
                meter="BIGINT",
                day="DATE",
                seen="TIMESTAMP(6)",
                price="DECIMAL(12, 4)",
            ),
            generate=readings,
            time="at",
        ),
    ),
    sinks=(
        Sink(
            "sessions",
            Schema.of(
                meter="BIGINT",
                began="TIMESTAMP(3)",
                readings="BIGINT",
                first_day="DATE",
                last_seen="TIMESTAMP(6)",
                total="DECIMAL(12, 4)",
            ),
        ),
    ),
    bindings=("files", "kafka"),
    rows=60,
    absent=dict.fromkeys(("sql", "table", "process"), _PYTHON),
)
