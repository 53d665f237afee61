"""Windows of two words each, of which one never fills: PyFlink's own example of count windows."""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="pairs_of_words",
    version=1,
    question="What do each two of a word come to, in the order in which they arrive?",
    sources=(
        Source(
            "words",
            Schema.of(n="BIGINT", word="STRING"),
            rows=[
                (1, "hi"),
                (2, "hello"),
                (3, "hi"),
                (4, "hello"),
                (5, "hi"),
                (6, "hello"),
                (6, "hello"),
            ],
        ),
    ),
    # The third "hi" waits for a fourth, for ever.
    sinks=(
        Sink(
            "pairs",
            Schema.of(word="STRING", total="BIGINT"),
            rows=[("hi", 4), ("hello", 6), ("hello", 12)],
        ),
    ),
    bindings=("files", "kafka"),
)
