"""One row of each number, by ROW_NUMBER: the first and the last in event time."""

from datetime import datetime, timedelta

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema


def _at(second):
    return datetime.fromisoformat(f"2024-03-01 10:00:{second:02}")


_ORDERS = Schema.of(seen="TIMESTAMP(3)", number="BIGINT", state="STRING")

SCENARIO = Scenario(
    id="first_and_last",
    version=1,
    question="Which was the first and which is the last of the rows that an order came in?",
    sources=(
        Source(
            "orders",
            _ORDERS,
            # Sent twice, and not in order: what comes first is not what was first.
            rows=[
                (_at(2), 1, "paid"),
                (_at(1), 1, "new"),
                (_at(3), 2, "new"),
                (_at(1), 1, "new"),
                (_at(5), 1, "sent"),
                (_at(4), 1, "packed"),
            ],
            time="seen",
            disorder=timedelta(seconds=5),
        ),
    ),
    sinks=(
        Sink(
            "first",
            _ORDERS,
            key=("number",),
            rows=[(_at(1), 1, "new"), (_at(3), 2, "new")],
        ),
        Sink(
            "last",
            _ORDERS,
            key=("number",),
            rows=[(_at(5), 1, "sent"), (_at(3), 2, "new")],
        ),
    ),
    bindings=("kafka",),
)
