"""What a query.sql may say beside its queries, and `;` where none ends a statement."""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="said_in_sql",
    version=1,
    question="What is each note, shouted, and what did clocks in Shanghai show?",
    sources=(
        Source(
            "notes",
            Schema.of(id="INT", note="STRING", ms="BIGINT"),
            rows=[(1, "ab", 0), (2, ";", 1621987200000), (3, None, 1)],
        ),
    ),
    sinks=(
        Sink(
            "shouts",
            Schema.of(id="INT", shout="STRING"),
            rows=[(1, "AB;!"), (2, ";;!"), (3, None)],
        ),
        Sink(
            "clocks",
            Schema.of(id="INT", clock="STRING"),
            rows=[
                (1, "1970-01-01 08:00:00.000"),
                (2, "2021-05-26 08:00:00.000"),
                (3, "1970-01-01 08:00:00.001"),
            ],
        ),
    ),
    bindings=("files", "kafka"),
    udfs=("process", "thread"),
)
