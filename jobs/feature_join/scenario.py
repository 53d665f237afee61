"""Features for online learning: what was shown, to whom, and whether it was clicked."""

from datetime import timedelta

from generators import features
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

IMPRESSIONS = Schema.of(ts="TIMESTAMP(3)", impression_id="BIGINT", user_id="BIGINT", item="STRING")
# Whoever clicks on an impression, known or not (NULL), it was clicked; there are clicks on what
# nobody saw.
CLICKS = Schema.of(ts="TIMESTAMP(3)", impression_id="BIGINT", user_id="BIGINT")
PROFILES = Schema.of(user_id="BIGINT", city="STRING", level="INT", updated_at="TIMESTAMP(3)")
FEATURES = Schema.of(
    impression_id="BIGINT",
    ts="TIMESTAMP(3)",
    user_id="BIGINT",
    item="STRING",
    city="STRING",
    level="INT",
    # The user's impressions in the five minutes up to this one.
    seen="BIGINT",
    # 1 where a click followed within ten minutes, else 0.
    label="INT",
)

SCENARIO = Scenario(
    id="feature_join",
    version=6,
    question="What did the user look like at each impression, and did a click follow?",
    sources=(
        Source(
            "impressions",
            IMPRESSIONS,
            generate=features.impressions,
            time="ts",
            disorder=features.DISORDER,
        ),
        Source("clicks", CLICKS, generate=features.clicks, time="ts", disorder=features.DISORDER),
        Source(
            "profiles",
            PROFILES,
            generate=features.profiles,
            key=("user_id",),
            time="updated_at",
            disorder=timedelta(0),
        ),
    ),
    sinks=(Sink("features", FEATURES),),
    # Watermarks that come late do no harm: impressions are told by the rows' own times.
    settings={"python.fn-execution.bundle.size": "1000"},
    bindings=("debezium",),
    rows=600,
    absent={
        "table": "PyFlink's Table has no as-of join: Java's createTemporalTableFunction is not in"
        " Python on any line (2026-11-22)",
    },
)
