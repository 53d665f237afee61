"""A row for each word of a line: a table function, joined so that lines without words stay."""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="split_words",
    version=1,
    question="Which words does each line have, and how long are they?",
    sources=(
        Source(
            "lines",
            Schema.of(id="INT", line="STRING"),
            rows=[(1, "to be or"), (2, ""), (3, "not to be"), (4, None)],
        ),
    ),
    sinks=(
        Sink(
            "words",
            Schema.of(id="INT", word="STRING", length="BIGINT"),
            rows=[
                (1, "to", 2),
                (1, "be", 2),
                (1, "or", 2),
                (2, None, None),
                (3, "not", 3),
                (3, "to", 2),
                (3, "be", 2),
                (4, None, None),
            ],
        ),
    ),
    bindings=("files", "kafka"),
    udfs=("process", "thread"),
)
