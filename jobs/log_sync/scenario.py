"""Copy JSON logs to a warehouse and a database at once; bad ones go to a dead-letter topic."""

from datetime import date

from generators import weblogs
from streamgauge.divergence import Divergence
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

REQUEST = {
    "id": "STRING",
    "at": "TIMESTAMP(3)",
    "method": "STRING",
    "path": "STRING",
    "status": "INT",
    "bytes": "BIGINT",
    "user_id": "STRING",
    "client": "STRING",
}

SCENARIO = Scenario(
    id="log_sync",
    version=3,
    question="Is each log line either in the warehouse and the database, or among the bad ones?",
    sources=(Source("logs", Schema.of(line="STRING"), generate=weblogs.rows, raw=True),),
    sinks=(
        Sink("events", Schema.of(**REQUEST, dt="STRING", hr="STRING"), partitions=("dt", "hr")),
        Sink("requests", Schema.of(**REQUEST), key=("id",)),
        Sink("dead_letters", Schema.of(line="STRING", reason="STRING")),
    ),
    bindings=("parquet", "hive"),
    rows=1000,
    absent={
        "process": "parsing keeps no state and sets no timers (2026-11-22)",
        "rescale": "from 2.0 on, the writer of files has the committer of partitions in its task"
        " where there is one writer, so its state's ids are others with two: Flink refuses to"
        " restore it (2.3.0, 2026-11-28)",
    },
    divergences=(
        Divergence(
            expects="unknown",
            cause="Cannot map checkpoint/savepoint state for operator",
            issue="from 2.0 on, the writer of files has the committer of partitions in its task,"
            " so ids that are made from the graph are others than on 1.20; Flink promises no state"
            " across plans. SQL and Table: a plan compiled on 1.20 is the way (1.20.5 to 2.0.2 and"
            " 2.3.0, 2026-11-26)",
            expires=date(2027, 11, 26),
            lines=">=2.0",
            baselines="<=1.20",
            lifecycles=("upgrade",),
        ),
    ),
)
