"""Two topics in one answer, of which neither is read far ahead of the other."""

from datetime import datetime, timedelta

from streamgauge.scenario import Alignment, Scenario, Sink, Source
from streamgauge.values.schema import Schema


def at(minute):
    """So many minutes after ten o'clock."""
    return datetime.fromisoformat("2024-03-01T10:00:00") + timedelta(minutes=minute)


_HITS = Schema.of(seen="TIMESTAMP(3)")
_TOGETHER = Alignment("both", timedelta(minutes=5), timedelta(milliseconds=50))

SCENARIO = Scenario(
    id="aligned",
    version=1,
    question="When was each page hit?",
    sources=(
        Source("home", _HITS, time="seen", alignment=_TOGETHER),
        Source("shop", _HITS, time="seen", alignment=_TOGETHER),
    ),
    arrivals=[
        ("home", (at(0),)),
        ("shop", (at(0),)),
        ("home", (at(1),)),
        ("shop", (at(1),)),
        ("home", (at(10),)),
        ("home", (at(20),)),
        ("shop", (at(18),)),
    ],
    sinks=(
        Sink(
            "hits",
            Schema.of(page="STRING", seen="TIMESTAMP(3)"),
            rows=[
                *(("home", at(minute)) for minute in (0, 1, 10, 20)),
                *(("shop", at(minute)) for minute in (0, 1, 18)),
            ],
        ),
    ),
    bindings=("kafka",),
    modes=("streaming",),
    sql="SELECT 'home', seen FROM home UNION ALL SELECT 'shop', seen FROM shop",
)
