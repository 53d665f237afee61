"""A topic of which a job reads what comes after an offset: what lies before it is not counted."""

from streamgauge.scenario import Message, Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="from_an_offset",
    version=1,
    question="How many visits had each page, since the job was to begin?",
    sources=(
        Source(
            "visits",
            Schema.of(page="STRING"),
            start="specific-offsets",
            # A message that nobody could read is among them.
            earlier=[("shop",), Message(b"{"), ("shop",), ("gone",), ("gone",)],
            rows=[("home",), ("shop",), ("home",), ("cart",)],
        ),
    ),
    sinks=(
        Sink(
            "counts",
            Schema.of(page="STRING", n="BIGINT"),
            key=("page",),
            rows=[("home", 2), ("shop", 1), ("cart", 1)],
        ),
    ),
    bindings=("kafka",),
)
