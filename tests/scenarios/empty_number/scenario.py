"""A line of CSV with nothing where a number is: that is NULL.

By itself Flink takes it for a number, and the job ends with `For input string: ""`.
"""

from streamgauge.scenario import Scenario, Script, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="empty_number",
    version=1,
    question="What is in each line?",
    sources=(
        Source(
            "lines",
            Schema.of(line="STRING"),
            rows=[("1,,x",), ("2,3,y",), (",4,z",)],
            raw=True,
        ),
    ),
    sinks=(
        Sink(
            "numbers",
            Schema.of(a="INT", b="INT", c="STRING"),
            rows=[(1, None, "x"), (2, 3, "y"), (None, 4, "z")],
        ),
    ),
    bindings=("files",),
    job=Script("empty.py", arguments=("{path:lines}",)),
)
