"""A Python function over DATE, also before 1970 and after 2038."""

from datetime import date

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="days_after",
    version=1,
    question="Which day comes after each?",
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
            "following",
            Schema.of(id="INT", day="DATE"),
            rows=[
                (1, date(2024, 3, 1)),
                (2, date(1970, 1, 1)),
                (3, date(1900, 1, 1)),
                (4, date(9999, 12, 31)),
            ],
        ),
    ),
    bindings=("files",),
    udfs=("process", "thread"),
)
