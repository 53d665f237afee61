"""A Python function over ARRAY<ROW> with a DATE in it."""

from datetime import date

from streamgauge.divergence import Divergence
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="days_in_rows",
    version=1,
    question="How is each day written?",
    sources=(
        Source(
            "days",
            Schema.of(id="INT", day="DATE"),
            rows=[
                (1, date(2024, 2, 29)),
                (2, date(1969, 12, 31)),
                (3, date(1899, 12, 31)),
                (4, date(9999, 12, 30)),
            ],
        ),
    ),
    sinks=(
        Sink(
            "written",
            Schema.of(id="INT", text="STRING"),
            rows=[
                (1, "1 2024-02-29"),
                (2, "2 1969-12-31"),
                (3, "3 1899-12-31"),
                (4, "4 9999-12-30"),
            ],
        ),
    ),
    bindings=("files",),
    modes=("batch",),
    udfs=("process", "thread"),
    divergences=(
        Divergence(
            expects="unknown",
            # A Java object where Python has a date; on 1.19 the interpreter itself trips over it.
            cause="no attribute 'isoformat'|error return without exception set",
            issue="FLINK-35180",
            expires=date(2027, 11, 27),
            udfs=("thread",),
        ),
    ),
)
