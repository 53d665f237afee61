"""Windows of each kind, which are open wherever a job is stopped."""

from generators import readings
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

READINGS = Schema.of(at="TIMESTAMP(3)", sensor="STRING", amount="BIGINT")
WINDOWS = Schema.of(
    window_start="TIMESTAMP(3)", window_end="TIMESTAMP(3)", sensor="STRING", amount="BIGINT"
)

SCENARIO = Scenario(
    id="open_windows",
    version=4,
    question="What has each sensor read in each window: tumbling, sliding, cumulative, session?",
    sources=(
        Source(
            "readings",
            READINGS,
            generate=readings.timed,
            time="at",
            disorder=readings.DISORDER,
            corners={"late": readings.late_ones},
        ),
    ),
    sinks=(
        Sink("tumbling", WINDOWS, due="window_end"),
        Sink("sliding", WINDOWS, due="window_end"),
        Sink("cumulative", WINDOWS, due="window_end"),
        Sink("sessions", WINDOWS, due="window_end"),
    ),
    bindings=("kafka",),
    rows=200,
    absent={"batch": "no window is open in a batch, and nothing restores it (2026-11-26)"},
)
