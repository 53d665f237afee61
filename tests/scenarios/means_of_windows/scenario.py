"""Pandas aggregate functions over windows of event time and over rows, out of order."""

from datetime import datetime, timedelta

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema


def _at(second):
    return datetime.fromisoformat(f"2024-03-01 10:00:{second:02}")


SCENARIO = Scenario(
    id="means_of_windows",
    version=1,
    question="What is each name's mean price in 5 s, and the highest of three in a row?",
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
            # A sum by halves is another in the last digit.
            tolerance={"mean": 1e-12},
        ),
        Sink(
            "highest",
            Schema.of(seen="TIMESTAMP(3)", name="STRING", highest="DOUBLE"),
            rows=[
                (_at(1), "Alice", 110.1),
                (_at(3), "Alice", 110.1),
                (_at(5), "Alice", 110.1),
                (_at(10), "Alice", 20.1),
                (_at(2), "Bob", 53.1),
                (_at(3), "Bob", 53.1),
                (_at(4), "Bob", 53.1),
                (_at(7), "Bob", 30.2),
            ],
        ),
    ),
    bindings=("files", "kafka"),
    udfs=("pandas",),
)
