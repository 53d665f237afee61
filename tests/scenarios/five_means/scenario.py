"""The same mean from five kinds of keyed state: each may be lost or doubled by itself."""

from decimal import Decimal

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

_KINDS = ("by_value", "by_list", "by_map", "by_reducing", "by_aggregating")
_MEANS = ("20.00", "22.50", "25.33")

SCENARIO = Scenario(
    id="five_means",
    version=1,
    question="What is the mean of all that a sensor has told so far?",
    sources=(
        Source(
            "readings",
            Schema.of(sensor="STRING", reading="BIGINT"),
            rows=[("a", 20), ("a", 25), ("a", 31)],
        ),
    ),
    sinks=(
        Sink(
            "means",
            Schema.of(**dict.fromkeys(_KINDS, "DECIMAL(10, 2)")),
            rows=[(Decimal(mean),) * len(_KINDS) for mean in _MEANS],
        ),
    ),
    bindings=("files", "kafka"),
)
