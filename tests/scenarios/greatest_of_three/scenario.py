"""The greatest of three rows, in the order of their time, not of their arrival."""

from datetime import datetime, timedelta

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema


def _at(second):
    return datetime.fromisoformat(f"2024-03-01 10:00:{second:02}")


SCENARIO = Scenario(
    id="greatest_of_three",
    version=1,
    question="What is the highest of each price and the two before it, of the same name?",
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
)
