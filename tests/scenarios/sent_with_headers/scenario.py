"""Messages with keys, headers and times of their own, which a job gives them."""

from datetime import datetime, timezone

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_FIRST = datetime.fromisoformat("2024-02-29 12:00:00.125")
_SECOND = datetime.fromisoformat("1999-12-31 23:59:59.999")

SCENARIO = Scenario(
    id="sent_with_headers",
    version=1,
    question="Who bought for how much, in messages by buyer that say when and where?",
    sources=(
        Source(
            "orders",
            Schema.of(buyer="STRING", cents="INT", shop="STRING", bought="TIMESTAMP(3)"),
            rows=[
                ("Alice", 100, "größe", _FIRST),
                ("Bob", None, None, _SECOND),
                (None, 7, "a;b", _FIRST),
            ],
        ),
    ),
    sinks=(
        Sink(
            "bills",
            Schema.of(
                buyer="STRING",
                sent="TIMESTAMP_LTZ(3)",
                cents="INT",
                told="MAP<STRING, BYTES>",
            ),
            message_key=("buyer",),
            metadata={"sent": "timestamp", "told": "headers"},
            rows=[
                (
                    "Alice",
                    _FIRST.replace(tzinfo=timezone.utc),
                    100,
                    frozenset({("shop", "größe".encode())}),
                ),
                ("Bob", _SECOND.replace(tzinfo=timezone.utc), None, None),
                (None, _FIRST.replace(tzinfo=timezone.utc), 7, frozenset({("shop", b"a;b")})),
            ],
        ),
    ),
    settings={"table.local-time-zone": "UTC"},
    bindings=("kafka", "files"),
)
