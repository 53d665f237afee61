"""A plain aggregate function of Python over windows of event time, out of order."""

from datetime import datetime, timedelta

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema


def _at(second):
    return datetime.fromisoformat(f"2024-03-01 10:00:{second:02}")


SCENARIO = Scenario(
    id="plain_means",
    version=1,
    question="What is each name's mean price in 5 s?",
    sources=(
        Source(
            "prices",
            Schema.of(seen="TIMESTAMP(3)", name="STRING", price="DOUBLE"),
            rows=[
                (_at(1), "Alice", 110.1),
                (_at(4), "Bob", 30.2),
                (_at(3), "Alice", 20.0),
                (_at(2), "Bob", 53.1),
                (_at(5), "Alice", 13.1),
                (_at(3), "Bob", 3.1),
                (_at(7), "Bob", 16.1),
                (_at(10), "Alice", 20.1),
            ],
            time="seen",
            disorder=timedelta(seconds=3),
        ),
    ),
    sinks=(
        Sink(
            "means",
            Schema.of(name="STRING", began="TIMESTAMP(3)", mean="DOUBLE"),
            rows=[
                ("Alice", _at(0), 65.05),
                ("Alice", _at(5), 13.1),
                ("Alice", _at(10), 20.1),
                ("Bob", _at(0), 28.8),
                ("Bob", _at(5), 16.1),
            ],
            # A sum in another order is another in the last digit.
            tolerance={"mean": 1e-12},
        ),
    ),
    bindings=("files", "kafka"),
    udfs=("process",),
    absent={"batch": "Python's general aggregate functions are for streams alone (2026-11-26)"},
)
