"""Nothing between two commas, in a topic of CSV: NULL, whatever the column's type is."""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_COLUMNS = Schema.of(a="INT", b="INT", c="STRING")
_EMPTY = {"kafka": {"csv.null-literal": ""}}
_ROWS = [(1, None, "x"), (None, 2, "a,b"), (3, 4, None), (5, None, 'say "x"')]

SCENARIO = Scenario(
    id="nothing_between_commas",
    version=1,
    question="What is in each message?",
    sources=(Source("lines", _COLUMNS, rows=_ROWS, format="csv", options=_EMPTY),),
    sinks=(Sink("numbers", _COLUMNS, rows=_ROWS, format="csv", options=_EMPTY),),
    bindings=("kafka",),
)
