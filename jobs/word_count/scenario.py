"""How often each word occurs."""

from generators import words
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="word_count",
    version=1,
    question="How often does each word occur?",
    sources=(Source("words", Schema.of(word="STRING"), generate=words.rows, shipped="words.csv"),),
    sinks=(Sink("counts", Schema.of(word="STRING", n="BIGINT"), key=("word",)),),
    bindings=("files", "kafka"),
    rows=1000,
    first=True,
)
