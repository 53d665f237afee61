"""Columns that Flink makes itself: a time out of milliseconds since 1970, and a message's place."""

from datetime import datetime

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

# In UTC, whatever the session's zone is.
_SEEN = """AS CAST(
    TIMESTAMPADD(SECOND, CAST(ms / 1000 AS INT), TIMESTAMP '1970-01-01 00:00:00') AS TIMESTAMP(3)
  )"""
_DAY = datetime.fromisoformat("2021-05-26 00:00:00")

SCENARIO = Scenario(
    id="more_than_rows",
    version=1,
    question="When was each event seen, and where does its message lie?",
    sources=(
        Source(
            "events",
            Schema.of(ms="BIGINT"),
            rows=[(1_621_987_200_000,), (None,), (0,)],
            added={
                "seen": _SEEN,
                "part": "INT METADATA FROM 'partition' VIRTUAL",
                "offset": "BIGINT METADATA VIRTUAL",
            },
        ),
    ),
    sinks=(
        Sink(
            "places",
            Schema.of(seen="TIMESTAMP(3)", part="INT", at="BIGINT"),
            rows=[(_DAY, 0, 0), (None, 0, 1), (datetime.fromisoformat("1970-01-01"), 0, 2)],
        ),
    ),
    bindings=("kafka",),
    modes=("streaming",),
)
