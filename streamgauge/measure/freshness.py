"""How fresh is what a sink shows by event time, and how steadily it is refreshed. Pure functions.

Event time is laid over the clock by when records were due: at its pace, and so that none was due
before it happened.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timezone
from typing import NamedTuple

import numpy as np

from streamgauge.attachments import Arrival
from streamgauge.tables import Sink, Source
from streamgauge.values import event_time
from streamgauge.values.schema import Row


class Fresh(NamedTuple):
    """Seconds: how old the newest record was, and how far apart from its time a refresh came.

    The jitter of a refresh is the time since the one before, less what there should be between.
    """

    age: list[float]
    jitter: list[float]


def pace(source: Source, records: Sequence[Row]) -> float:
    """Seconds of event time from one record to the next, by all of them; two at least."""
    times = _times(source, records)
    return float(np.polyfit(np.arange(len(times)), times, 1)[0])


class Timeline:
    """The records of a source, by event time, and when what happened."""

    def __init__(self, source: Source, records: Sequence[Row], due: Callable[[int], float]) -> None:
        times = _times(source, records)
        late = set(event_time.late(source, records))
        step = (due(len(times) - 1) - due(0)) / (len(times) - 1)
        # Seconds of the clock for each of event time.
        self._scale = step / pace(source, records)
        in_time = [n for n in range(len(times)) if n not in late]
        self._zero = min(due(n) - times[n] * self._scale for n in in_time)
        self._times = sorted(times[n] for n in in_time)
        self.end = self._times[-1] - source.disorder.total_seconds()

    def happened(self, moment: float) -> float:
        """When a moment of event time was, in unix seconds of the clock."""
        return self._zero + moment * self._scale

    def newest(self, end: float) -> float | None:
        """The time of the newest record before an end of event time."""
        number = bisect_left(self._times, end)
        return self._times[number - 1] if number else None


def fresh(sink: Sink, line: Timeline, arrivals: Iterable[Arrival], since: float) -> Fresh:
    """Of the refreshes of what happened since then, up to the end of event time while fed.

    What comes by the end of the input says nothing of refreshes.
    """
    (column,) = sink.schema.indices([str(sink.due)])
    whole: defaultdict[float, float] = defaultdict(float)
    for arrival in arrivals:
        end = _seconds(arrival.change.row[column])
        whole[end] = max(whole[end], arrival.at or 0)
    ends = [end for end in sorted(whole) if end <= line.end and line.happened(end) >= since]
    newest = [(whole[end], line.newest(end)) for end in ends]
    ages = [at - line.happened(time) for at, time in newest if time is not None]
    jitter = [
        (whole[end] - whole[before]) - (line.happened(end) - line.happened(before))
        for before, end in zip(ends, ends[1:])
    ]
    return Fresh(ages, jitter)


def _times(source: Source, records: Sequence[Row]) -> list[float]:
    (at,) = source.schema.indices([str(source.time)])
    return [_seconds(row[at]) for row in records]


def _seconds(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
