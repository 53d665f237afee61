"""The two highest of each player: a table aggregate function, which gives several rows a group."""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="two_highest",
    version=1,
    question="Which two are the highest points of each player?",
    sources=(
        Source(
            "points",
            Schema.of(player="STRING", n="BIGINT"),
            rows=[
                ("ann", 3),
                ("bob", 5),
                ("ann", 7),
                ("cid", 4),
                ("bob", 5),
                ("ann", 5),
                ("bob", 2),
                ("ann", 1),
            ],
        ),
    ),
    sinks=(
        Sink(
            "highest",
            Schema.of(player="STRING", place="BIGINT", n="BIGINT"),
            key=("player", "place"),
            rows=[("ann", 1, 7), ("ann", 2, 5), ("bob", 1, 5), ("bob", 2, 5), ("cid", 1, 4)],
        ),
    ),
    bindings=("files", "kafka"),
    udfs=("process",),
    absent={
        "sql": "SQL has no call of a table aggregate function (2026-11-27)",
        "batch": "Python's table aggregate functions are for streams alone (2026-11-27)",
    },
)
