"""The best two of totals that also fall: who was told to be among them is taken back."""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="two_best",
    version=1,
    question="Which two players have the most points, now that some were taken away again?",
    sources=(
        Source(
            "points",
            Schema.of(player="STRING", n="BIGINT"),
            rows=[
                ("ann", 50),
                ("bob", 40),
                ("cid", 30),
                ("ann", -45),
                ("dan", 35),
                ("bob", -10),
                ("cid", 1),
            ],
        ),
    ),
    # ann 5, bob 30, cid 31, dan 35.
    sinks=(
        Sink(
            "best",
            Schema.of(place="BIGINT", player="STRING", total="BIGINT"),
            key=("place",),
            rows=[(1, "dan", 35), (2, "cid", 31)],
        ),
    ),
    bindings=("kafka",),
)
