"""A window of processing time over input that has an end before the window has: it never fires.

What people ask of a program that prints nothing: the end of input brings event time to its end,
but no clock.
"""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="over_in_five_seconds",
    version=1,
    question="How often did each word come within five seconds?",
    sources=(Source("words", Schema.of(word="STRING"), rows=[("hi",), ("hello",), ("hi",)]),),
    sinks=(Sink("counts", Schema.of(word="STRING", n="BIGINT"), rows=[("hi", 2), ("hello", 1)]),),
    bindings=("files",),
)
