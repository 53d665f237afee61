"""Two rows a key of the sink, for the query counts by day and the sink keeps no days.

Flink up to 2.2 keeps the row that comes last; 2.3 asks for an ON CONFLICT clause.
"""

from datetime import date

from streamgauge.divergence import Divergence
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="last_of_two_days",
    version=1,
    question="How many visits did each page have on the day that was counted last?",
    sources=(
        Source(
            "visits",
            Schema.of(page="STRING", weekday="STRING"),
            rows=[("home", "mon"), ("home", "mon"), ("shop", "mon"), ("home", "tue")],
        ),
    ),
    sinks=(
        Sink(
            "counts",
            Schema.of(page="STRING", n="BIGINT"),
            key=("page",),
            rows=[("home", 1), ("shop", 1)],
        ),
    ),
    bindings=("kafka",),
    modes=("streaming",),
    # As 2.3 has it by itself, which jobs here are told not to.
    settings={"table.exec.sink.require-on-conflict": "true"},
    divergences=(
        Divergence(
            "refused",
            issue="FLINK-41478: a query that does not say ON CONFLICT is refused by 2.3 alone"
            " (FLIP-558)",
            expires=date(2027, 6, 30),
            cause="upsert key that differs from the primary key of the sink",
            lines="2.3",
        ),
    ),
)
