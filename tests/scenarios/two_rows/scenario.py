"""A Python function that gives an array of two rows."""

from datetime import date

from streamgauge.divergence import Divergence
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="two_rows",
    version=1,
    question="What is each number, and the next?",
    sources=(Source("numbers", Schema.of(n="BIGINT"), rows=[(1,), (20,)]),),
    sinks=(
        Sink(
            "pairs",
            Schema.of(n="BIGINT", first="BIGINT", second="BIGINT"),
            rows=[(1, 1, 2), (20, 20, 21)],
        ),
    ),
    bindings=("files",),
    modes=("batch",),
    udfs=("process", "thread"),
    divergences=(
        # Both rows are the second, without a word: rows of an array share one buffer.
        Divergence(
            expects="fail",
            cause="pairs: missing 2",
            issue="FLINK-35180",
            expires=date(2027, 11, 27),
            udfs=("thread",),
        ),
    ),
)
