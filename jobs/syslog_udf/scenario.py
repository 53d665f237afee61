"""Parse syslog lines of shell commands with Python functions, and raise alerts."""

from datetime import date, timedelta

from generators import syslog
from streamgauge.divergence import Divergence
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

LINES = Schema.of(received="TIMESTAMP(3)", line="BYTES")
COMMANDS = Schema.of(
    topic="STRING",
    host="STRING",
    client="STRING",
    user_name="STRING",
    login_user="STRING",
    command="STRING",
    at="TIMESTAMP(3)",
    status="INT",
)
REJECTED = Schema.of(line="BYTES", reason="STRING")
ALERTS = Schema.of(rule="STRING", client="STRING", at="TIMESTAMP(3)", detail="STRING")

SCENARIO = Scenario(
    id="syslog_udf",
    version=3,
    question="Who ran which command where, and which lines cannot tell? What is alarming?",
    sources=(
        Source(
            "lines",
            LINES,
            generate=syslog.rows,
            time="received",
            disorder=timedelta(seconds=5),
        ),
    ),
    sinks=(
        Sink("commands", COMMANDS),
        Sink("rejected", REJECTED),
        Sink("alerts", ALERTS),
    ),
    # Watermarks that come late do no harm: failures are counted by the rows' own minutes.
    settings={"python.fn-execution.bundle.size": "1000"},
    bindings=("files", "kafka"),
    udfs=("process", "thread", "pandas"),
    rows=400,
    divergences=(
        Divergence(
            expects="unknown",
            cause="Cannot map checkpoint/savepoint state for operator",
            issue="from 2.2 on, calls of Python functions are split otherwise, so ids that are made"
            " from the graph are others; Flink promises no state across plans. A plan compiled on"
            " the older line is the way (1.20.5 to 2.3.0, 2.1.3 to 2.2.1, 2026-11-26)",
            expires=date(2027, 11, 26),
            dialects=("sql", "table"),
            lines=">=2.2",
            baselines="<=2.1",
            lifecycles=("upgrade",),
        ),
    ),
)
