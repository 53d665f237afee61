"""Rows in files: partitions committed by event time, others by checkpoints, and plain lines."""

from datetime import datetime, timedelta

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema


def _at(text):
    return datetime.fromisoformat(f"2024-02-{text}")


_ROWS = [
    (_at("28 23:59:50"), "home", 1.5),
    (_at("29 00:00:10"), "shop", None),
    (_at("28 23:59:59"), "a,b", 0.25),
    (_at("29 12:00:00"), "home", 2.0),
]
_FILED = Schema.of(seen="TIMESTAMP(3)", page="STRING", seconds="DOUBLE", day="STRING")
_BY_DAY = [(*row, row[0].strftime("%Y-%m-%d")) for row in _ROWS]

SCENARIO = Scenario(
    id="filed_by_day",
    version=1,
    question="Which pages were seen on each day, in files that others may read?",
    sources=(
        Source(
            "visits",
            Schema.of(seen="TIMESTAMP(3)", page="STRING", seconds="DOUBLE"),
            rows=_ROWS,
            time="seen",
            disorder=timedelta(minutes=1),
        ),
    ),
    sinks=(
        Sink(
            "days",
            _FILED,
            partitions=("day",),
            rows=_BY_DAY,
            binding="files",
            options={
                "filesystem": {
                    "format": "csv",
                    # A day is whole when event time is past its end.
                    "sink.partition-commit.trigger": "partition-time",
                    "partition.time-extractor.timestamp-pattern": "$day 00:00:00",
                    "sink.partition-commit.delay": "1 d",
                    "sink.partition-commit.success-file.name": "_DONE",
                }
            },
        ),
        Sink("warehouse", _FILED, partitions=("day",), rows=_BY_DAY, binding="parquet"),
        Sink(
            "lines",
            Schema.of(page="STRING", seconds="DOUBLE"),
            rows=[row[1:] for row in _ROWS],
            binding="files",
            options={
                "filesystem": {
                    "format": "json",
                    "sink.rolling-policy.rollover-interval": "300 ms",
                    "sink.rolling-policy.check-interval": "50 ms",
                }
            },
        ),
    ),
    bindings=("kafka",),
)
