"""Where event time stands after rows, which of them come late, and what is due by then."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, islice
from typing import Any, Protocol

from streamgauge.errors import UsageError
from streamgauge.values.inputs import Given, Message, Record
from streamgauge.values.schema import Row, Schema

# Flink's watermarks have milliseconds.
TIMES = "TIMESTAMP(p) or TIMESTAMP_LTZ(p) of at most 3 digits"
_TIME = re.compile(r"TIMESTAMP(_LTZ)?\([0-3]\)")
# Whether a row of the sink of this name has to be there.
Due = Callable[[str, Row], bool]


@dataclass(frozen=True)
class Alignment:
    """Sources of a `group` wait for the slowest of them.

    None reads on while it is more than `drift` of event time ahead of it, which is looked at
    each `interval`.
    """

    group: str
    drift: timedelta
    interval: timedelta = timedelta(seconds=1)


class Table(Protocol):
    """What sources and sinks have in common here."""

    @property
    def name(self) -> str:
        """No other table has it."""

    @property
    def schema(self) -> Schema:
        """Where the columns stand."""


class Stream(Table, Protocol):
    """A source, as far as event time goes."""

    @property
    def key(self) -> tuple[str, ...]:
        """With one it gives changes."""

    @property
    def time(self) -> str | None:
        """The column of event time."""

    @property
    def disorder(self) -> timedelta:
        """How far the watermark stays behind the newest row."""


class Target(Table, Protocol):
    """A sink, as far as event time goes."""

    @property
    def due(self) -> str | None:
        """The column of the time by which a row has to be there."""


def is_time(kind: str) -> bool:
    """Whether a column of the type can be event time."""
    return _TIME.fullmatch(kind) is not None


def late(source: Stream, records: Sequence[Record]) -> list[int]:
    """Which records the watermark has passed when they come, by their indices.

    The watermark follows each row, in the order given; so it is for a source of one
    partition. A change is never late.
    """
    if source.time is None or source.key:
        return []
    times = _times(source, records)
    newest = accumulate(times.values(), max)
    pairs = zip(islice(times.items(), 1, None), newest)
    return [index for (index, time), before in pairs if time <= before - source.disorder]


def refuse_undecidable(sources: Sequence[Stream], parts: Sequence[Given], partitions: int) -> None:
    """A UsageError where nobody can tell which rows a job will find late.

    Of several partitions Flink reads now one and now another first, and its watermark is
    that of the slowest. A row that is in time in the order of all is so however they are
    read; one that is late there is late or not, as it happens. A job that is started anew
    for each of `parts` has forgotten where event time was.
    """
    for source in sources:
        whole = [record for part in parts for record in part[source.name]]
        behind = late(source, whole)
        if behind and partitions > 1:
            raise UsageError(
                f"source {source.name}: row {behind[0]} comes late, and over {partitions}"
                " partitions Flink may find it so or not"
            )
        if len(behind) > sum(len(late(source, part[source.name])) for part in parts):
            raise UsageError(
                f"source {source.name}: a row comes late by what was read before the restart,"
                " which a job started anew does not know"
            )


def watermark(
    source: Stream, parts: Sequence[Sequence[Record]], partitions: int
) -> datetime | None:
    """Where event time is after rows in `parts`, each in turn to all partitions.

    That of the slowest; None as long as a partition has no row: it holds event time back.
    """
    times: list[list[Any]] = [
        [time for part in parts for time in _times(source, part[number::partitions]).values()]
        for number in range(partitions)
    ]
    return min(map(max, times)) - source.disorder if all(times) else None


def in_time(source: Stream, records: Sequence[Record]) -> Sequence[Record]:
    """The records by event time, if the source has one; messages have none that is known."""
    if source.time is None or source.key:
        return records
    (at,) = source.schema.indices([source.time])
    rows = [record for record in records if not isinstance(record, Message)]
    return sorted(rows, key=lambda row: row[at])


def due(
    sources: Sequence[Stream], sinks: Sequence[Target], parts: Sequence[Given], partitions: int
) -> Due:
    """What has to be there after `parts` of the inputs, while more may come."""
    timed = {sink.name: sink.schema.indices([sink.due])[0] for sink in sinks if sink.due}
    now = reached(sources, parts, partitions) if timed else None
    return lambda sink, row: sink in timed and bool(now and row[timed[sink]] <= now)


def reached(sources: Sequence[Stream], parts: Sequence[Given], partitions: int) -> datetime | None:
    """Where event time is after `parts`: that of the slowest source, None while one has no row."""
    marks = [watermark(s, [part[s.name] for part in parts], partitions) for s in sources]
    return None if None in marks else min(filter(None, marks))


def _times(source: Stream, records: Sequence[Record]) -> dict[int, Any]:
    """By index; of messages, and of those alone, nobody knows it."""
    (at,) = source.schema.indices([str(source.time)])
    pairs = enumerate(records)
    return {index: record[at] for index, record in pairs if not isinstance(record, Message)}
