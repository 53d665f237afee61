"""The ten users of each sex with the most clicks of the last minute, ten times a second."""

from generators import clicks
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

CLICKS = Schema.of(
    ts="TIMESTAMP(3)", user_id="BIGINT", name="STRING", sex="STRING", action="STRING"
)
RANKS = Schema.of(
    window_end="TIMESTAMP(3)",
    sex="STRING",
    place="BIGINT",
    user_id="BIGINT",
    name="STRING",
    clicks="BIGINT",
)

SCENARIO = Scenario(
    id="click_top10",
    version=4,
    question="Who are the ten men and ten women with the most clicks, each 0.1 s?",
    sources=(
        Source(
            "clicks",
            CLICKS,
            generate=clicks.rows,
            time="ts",
            disorder=clicks.DISORDER,
            corners={"late": clicks.late_ones, "many": clicks.many},
        ),
    ),
    sinks=(
        # Of the last minute; of the calendar minute so far; what came too late to count.
        Sink("last_minute", RANKS, due="window_end"),
        Sink("this_minute", RANKS, due="window_end"),
        Sink("late", CLICKS),
    ),
    # Watermarks that come late do no harm: steps end, and ranks are told, by the rows' own times.
    settings={"python.fn-execution.bundle.size": "1000"},
    bindings=("files", "kafka"),
    rows=1000,
    absent={
        "batch": "nothing is late in a batch: Flink refuses CURRENT_WATERMARK there (2026-11-22)",
    },
)
