"""How often each word occurs."""

from datetime import date

from generators import words
from streamgauge.divergence import Divergence
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="word_count",
    version=2,
    question="How often does each word occur?",
    sources=(
        Source(
            "words",
            Schema.of(word="STRING"),
            generate=words.rows,
            shipped="words.csv",
            corners={"many": words.many},
        ),
    ),
    sinks=(Sink("counts", Schema.of(word="STRING", n="BIGINT"), key=("word",)),),
    bindings=("files", "kafka"),
    rows=1000,
    first=True,
    divergences=(
        Divergence(
            expects="fail",
            cause="counts: missing",
            issue="PyFlink names the state of `reduce` anew in each job (KeyedStream.reduce, by"
            " uuid4): a restored job begins again from nothing (seen in 1.20.5 and 2.3.0,"
            " 2026-11-22)",
            expires=date(2027, 11, 22),
            dialects=("datastream",),
            lifecycles=("restart", "native", "rescale", "upgrade"),
        ),
    ),
)
