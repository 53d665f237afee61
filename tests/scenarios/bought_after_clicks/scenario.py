"""Orders from MySQL beside clicks from Kafka, and an answer on Kafka though it has a key."""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="bought_after_clicks",
    version=1,
    question="How much has each paid, and how often clicked?",
    sources=(
        Source(
            "orders",
            Schema.of(id="BIGINT", buyer="STRING", cents="BIGINT"),
            rows=[
                Change("+I", (1, "Alice", 100)),
                Change("+I", (2, "Bob", 250)),
                Change("-U", (1, "Alice", 100)),
                Change("+U", (1, "Alice", 120)),
                Change("-D", (2, "Bob", 250)),
                Change("+I", (3, "Alice", 30)),
            ],
            key=("id",),
        ),
        Source(
            "clicks",
            Schema.of(who="STRING"),
            rows=[("Alice",), ("Bob",), ("Alice",), ("Eve",)],
            binding="kafka",
        ),
    ),
    sinks=(
        Sink(
            "buyers",
            Schema.of(buyer="STRING", cents="BIGINT", clicks="BIGINT"),
            key=("buyer",),
            binding="kafka",
        ),
    ),
    # The orders': their binlog where the line can read it, and else what Debezium reads of it.
    bindings=("cdc", "debezium"),
    modes=("streaming",),
)
