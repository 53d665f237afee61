"""Columns that lie in the keys of messages, and not in their values."""

from streamgauge.scenario import Message, Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="named_by_key",
    version=1,
    question="How much did each buy, where the key of a message says who and where?",
    sources=(
        Source(
            "orders",
            Schema.of(amount="INT", buyer="STRING", shop="INT"),
            rows=[
                (3, "Alice", 1),
                (None, "Bob", 2),
                Message(b'{"amount": 4}', b'{"buyer": "Eve"}'),
            ],
            message_key=("shop", "buyer"),
        ),
    ),
    sinks=(
        Sink(
            "bought",
            Schema.of(buyer="STRING", shop="INT", amount="INT"),
            rows=[("Alice", 1, 3), ("Bob", 2, None), ("Eve", None, 4)],
        ),
    ),
    bindings=("kafka",),
    modes=("streaming",),
)
