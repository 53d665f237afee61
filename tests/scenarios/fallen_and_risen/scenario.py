"""A price that falls at least once and rises again, by MATCH_RECOGNIZE, in the order of time."""

from datetime import datetime, timedelta

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema


def _at(second):
    return datetime.fromisoformat(f"2024-03-01 10:00:{second:02}")


SCENARIO = Scenario(
    id="fallen_and_risen",
    version=1,
    question="When did a price begin to fall, how low did it come, and when did it rise again?",
    sources=(
        Source(
            "prices",
            Schema.of(seen="TIMESTAMP(3)", symbol="STRING", price="BIGINT"),
            # ACME in order: 12 17 13 15 11 9 20 19; its last fall is not over. Of ZETA none is.
            rows=[
                (_at(0), "ACME", 12),
                (_at(2), "ACME", 13),
                (_at(1), "ACME", 17),
                (_at(3), "ZETA", 5),
                (_at(3), "ACME", 15),
                (_at(5), "ACME", 9),
                (_at(4), "ACME", 11),
                (_at(6), "ACME", 20),
                (_at(6), "ZETA", 4),
                (_at(7), "ACME", 19),
            ],
            time="seen",
            disorder=timedelta(seconds=2),
        ),
    ),
    sinks=(
        Sink(
            "falls",
            Schema.of(symbol="STRING", begun="TIMESTAMP(3)", lowest="BIGINT", risen="TIMESTAMP(3)"),
            rows=[("ACME", _at(1), 13, _at(3)), ("ACME", _at(3), 9, _at(6))],
        ),
    ),
    bindings=("files", "kafka"),
    modes=("streaming",),
)
