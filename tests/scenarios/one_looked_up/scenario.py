"""A lookup join whose dimension is filtered by a constant, which is to hold at the database too.

Flink's JDBC connector 3.1 lost it (FLINK-33365); those of the lines here have it.
"""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="one_looked_up",
    version=2,
    question="Which place of type 0 has each address that is asked for?",
    sources=(
        Source(
            "probes", Schema.of(ip="BIGINT"), rows=[(1,), (2,)], added={"came": "AS PROCTIME()"}
        ),
        # A table in MySQL, whose rows are all there before the first probe.
        Source(
            "places",
            Schema.of(ip="BIGINT", type="BIGINT", place="STRING"),
            rows=[(1, 0, "home"), (1, 1, "work")],
            binding="jdbc",
            options={"jdbc": {"lookup.cache": "PARTIAL", "lookup.partial-cache.max-rows": "10"}},
        ),
    ),
    sinks=(
        Sink(
            "found",
            Schema.of(ip="BIGINT", type="BIGINT", place="STRING"),
            rows=[(1, 0, "home"), (2, None, None)],
        ),
    ),
    bindings=("kafka",),
)
