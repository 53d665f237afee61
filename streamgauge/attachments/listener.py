"""What a run asks of a Kafka broker about topics: messages, their ends, how far a job has read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from streamgauge.attachments import Offsets
from streamgauge.attachments.broker import SECONDS
from streamgauge.errors import StreamgaugeError
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.kafka import client_settings
from streamgauge.waiting import wait_for

# How many messages are taken over by one call.
_AT_ONCE = 10_000
# What a transaction holds is there when it is committed: it ends, as messages do not, with a mark
# that has an offset of its own.
_COMMITTED: Mapping[str, str | int | float | bool] = {
    "isolation.level": "read_committed",
    "enable.partition.eof": True,
}
# A new broker makes the place where offsets are kept when it is first asked for one.
_NOT_YET = (
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
)


class Listener:
    """One consumer for all topics of a run, of the group in which its job reads.

    It fetches only while it is asked for messages: a broker answers a connection one question
    after the other, and to wait for messages takes the time of both. Not an AdminClient: that
    dies of a broker whose coordinator is not ready (librdkafka 2.16; the same is seen in
    github.com/confluentinc/confluent-kafka-javascript/issues/374).
    """

    def __init__(self, address: Endpoint, group: str) -> None:
        self._address = address
        self._group = group

    @cached_property
    def _consumer(self) -> Consumer:
        return self._made(_COMMITTED)

    @cached_property
    def _of_all(self) -> Consumer:
        return self._made({"isolation.level": "read_uncommitted"})

    def _made(self, more: Mapping[str, str | int | float | bool]) -> Consumer:
        own = {"group.id": self._group, "enable.auto.commit": False, "fetch.wait.max.ms": 10}
        return Consumer({**client_settings(self._address), **own, **more})

    def has_open(self, topic: str) -> bool:
        """Whether a topic of one partition has a transaction that has not come to its end."""
        return _end(self._of_all, topic, 0) > self.end(topic)

    def end(self, topic: str, partition: int = 0) -> int:
        """The offset after the last message, but for transactions that are open, and for marks."""
        return _end(self._consumer, topic, partition)

    def messages(self, topic: str, start: int, end: int) -> tuple[list[Message], int]:
        """The messages of a topic of one partition from one offset to another, which is there.

        And the offset from which to read on.
        """
        self._consumer.assign([TopicPartition(topic, 0, start)])
        found: list[Message] = []
        try:
            while start < end:
                told = _told(self._consumer)
                found += [message for message in told if not message.error()]
                start = _after(told[-1])
            return found, start
        finally:
            self._consumer.unassign()

    def all_consumed(self, topics: Mapping[str, int], read: Offsets) -> bool:
        """Whether the job has read topics, given with their numbers of partitions, to their end.

        `read` knows what it has read since it started; where it has been restored, the offsets
        that it committed tell what it had read before.
        """
        return all(
            self.end(at.topic, at.partition)
            <= max(read.get((in_metrics(at.topic), at.partition), 0), at.offset)
            for at in self._committed(topics)
        )

    def lag(self, topics: Mapping[str, int]) -> int:
        """How many messages of topics, given likewise, are after the offsets of the group."""
        at = self._committed(topics)
        return sum(self.end(each.topic, each.partition) - max(each.offset, 0) for each in at)

    def commit(self, topic: str, offsets: Sequence[int]) -> None:
        """Have the group's offsets be these, one a partition, if there are any."""
        if not offsets:
            return
        partitions = [TopicPartition(topic, n, offset) for n, offset in enumerate(offsets)]

        def committed() -> bool:
            with _unless_not_yet():
                self._consumer.commit(offsets=partitions, asynchronous=False)
                return True
            return False

        wait_for(committed, bool, SECONDS, lambda _: f"topic {topic}: no offsets of the group")

    def _committed(self, topics: Mapping[str, int]) -> Sequence[TopicPartition]:
        """With the group's offsets; without, as long as the broker is not ready to tell."""
        partitions = [TopicPartition(t, n) for t, count in topics.items() for n in range(count)]
        with _unless_not_yet():
            return self._consumer.committed(partitions, SECONDS)
        return partitions

    def close(self) -> None:
        """Give connections up, if there were any."""
        for name in ("_consumer", "_of_all"):
            if name in vars(self):
                getattr(self, name).close()
                delattr(self, name)


@contextmanager
def _unless_not_yet() -> Iterator[None]:
    """What the body asks is left where the broker is not ready to tell."""
    try:
        yield
    except KafkaException as error:
        if error.args[0].code() not in _NOT_YET:
            raise


def _end(consumer: Consumer, topic: str, partition: int) -> int:
    try:
        _, end = consumer.get_watermark_offsets(TopicPartition(topic, partition), SECONDS)
    except KafkaException as error:
        raise StreamgaugeError(f"topic {topic}: {error.args[0].str()}") from None
    return int(end)


def in_metrics(topic: str) -> str:
    """How Flink's metrics write a topic's name."""
    return re.sub(r"[ .:,]", "_", topic)


def taken(consumer: Consumer, seconds: float) -> list[Message]:
    """A message as soon as it comes, and those that came with it; none where none comes in time."""
    found = consumer.consume(1, seconds)
    return found + consumer.consume(_AT_ONCE, 0) if found else found


def _told(consumer: Consumer) -> Sequence[Message]:
    """Messages as they come, at least one. A StreamgaugeError where none does.

    Where there are no more it is said in place of one.
    """
    told = taken(consumer, SECONDS)
    wrong = [m.error() for m in told if m.error() and not _ends(m)]
    if wrong or not told:
        raise StreamgaugeError(f"Kafka: {wrong[0] if wrong else 'no answer'}")
    return told


def _after(message: Message) -> int:
    """The offset after a message; that of an end is after what it ends."""
    offset = message.offset()
    assert offset is not None, "what was consumed has one"
    return offset + (not _ends(message))


def _ends(message: Message) -> bool:
    error = message.error()
    return error is not None and error.code() == KafkaError._PARTITION_EOF  # noqa: SLF001
