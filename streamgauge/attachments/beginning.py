"""Where a job begins to read a source's topic, and what lies there before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from streamgauge.attachments.broker import Batch, Outgoing
from streamgauge.tables import GROUP, SPECIFIC, TIMESTAMP, Source
from streamgauge.values.inputs import Entry

# So long before a job's beginning, in milliseconds.
_EARLIER = 60_000


class Beginning:
    """Of a topic with so many partitions, of which the first few are filled."""

    def __init__(self, source: Source, partitions: int, filled: int) -> None:
        self._source = source
        self._lengths = [len(source.earlier[n::filled]) for n in range(filled)]
        self._lengths += [0] * (partitions - filled)
        self._at = int(time.time() * 1000)

    @property
    def options(self) -> Mapping[str, str]:
        """What Flink is told of it."""
        told = {"scan.startup.mode": self._source.start}
        if self._source.start == SPECIFIC:
            each = (f"partition:{n},offset:{length}" for n, length in enumerate(self._lengths))
            told["scan.startup.specific-offsets"] = ";".join(each)
        if self._source.start == TIMESTAMP:
            told["scan.startup.timestamp-millis"] = str(self._at)
        return told

    @property
    def committed(self) -> Sequence[int]:
        """What the job's group has read of each partition, where the job begins by that."""
        return self._lengths if self._source.start == GROUP else []

    def batches(self, send: Callable[[list[Entry]], Iterator[Outgoing]]) -> Iterator[Batch]:
        """What is there before, of a time before, as it is to be sent."""
        name = self._source.name
        messages = send([Entry(name, record) for record in self._source.earlier])
        in_order = sorted(messages, key=_place)
        for (topic, partition), group in groupby(in_order, key=_place):
            sent = list(group)
            times = [self._at - _EARLIER] * len(sent)
            keys = [message.key for message in sent]
            yield Batch(topic, partition, [message.value for message in sent], times, keys)


def _place(message: Outgoing) -> tuple[str, int]:
    return message.topic, message.partition
