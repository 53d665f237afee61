"""Hits as they came, with what has to be out by then."""

from datetime import datetime, timedelta

from streamgauge.scenario import CUT, Scenario, Sink, Source, Watermark
from streamgauge.values.schema import Schema


def at(second):
    """So many seconds after ten o'clock."""
    return datetime.fromisoformat("2024-03-01T10:00:00") + timedelta(seconds=second)


_HITS = Schema.of(seen="TIMESTAMP(3)")
SCENARIO = Scenario(
    id="watermarked",
    version=1,
    question="How many hits were there in each ten seconds?",
    sources=(Source("hits", _HITS, time="seen", disorder=timedelta(seconds=5)),),
    arrivals=[
        ("hits", (at(1),)),
        ("hits", (at(9),)),
        ("hits", (at(14),)),
        # Nothing is over yet.
        Watermark(at(9)),
        ("hits", (at(16),)),
        Watermark(at(11)),
        CUT,
        ("hits", (at(5),)),
        ("hits", (at(12),)),
        ("hits", (at(27),)),
        Watermark(at(22)),
        ("hits", (at(28),)),
    ],
    sinks=(
        Sink(
            "counts",
            Schema.of(over="TIMESTAMP(3)", hits="BIGINT"),
            rows=[(at(10), 2), (at(20), 3), (at(30), 2)],
            due="over",
        ),
    ),
    bindings=("kafka",),
    modes=("streaming",),
    sql="""
        SELECT window_end, COUNT(*)
        FROM TABLE(TUMBLE(TABLE hits, DESCRIPTOR(seen), INTERVAL '10' SECOND))
        GROUP BY window_start, window_end
    """,
)
