"""Parse syslog lines of shell commands with Python functions, and raise alerts."""

from datetime import timedelta

from generators import syslog
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
    version=1,
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
)
