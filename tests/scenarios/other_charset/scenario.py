"""Lines of UTF-8 that are read as Latin-1, by a table's own options."""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_LATIN = {"raw.charset": "ISO-8859-1"}
_ALONE = {"sink.parallelism": "1"}

SCENARIO = Scenario(
    id="other_charset",
    version=1,
    question="What does a line look like to one who takes its bytes for Latin-1?",
    sources=(
        Source(
            "lines",
            Schema.of(line="STRING"),
            rows=[("plain",), ("caf\u00e9",), ("\u00fc\u00df",)],
            raw=True,
            options={"filesystem": _LATIN, "kafka": _LATIN},
        ),
    ),
    sinks=(
        Sink(
            "seen",
            Schema.of(line="STRING", letters="INT"),
            # Two bytes of UTF-8 are two letters: C3 A9, C3 BC, C3 9F.
            rows=[("plain", 5), ("caf\u00c3\u00a9", 5), ("\u00c3\u00bc\u00c3\u009f", 4)],
            options={"filesystem": _ALONE, "kafka": _ALONE},
        ),
    ),
    bindings=("files", "kafka"),
    modes=("streaming",),
)
