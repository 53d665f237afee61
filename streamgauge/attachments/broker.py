"""What a Kafka broker is asked: topics made and deleted, messages sent, offsets read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from typing import NamedTuple

from confluent_kafka import (
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec  # type: ignore[attr-defined]

from streamgauge.attachments import Offsets
from streamgauge.errors import StreamgaugeError
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.kafka import client_settings

SECONDS = 15.0
# A new broker makes the place where offsets are kept when it is first asked for one.
_NOT_YET = (
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
)


def create_topics(address: Endpoint, topics: Mapping[str, int]) -> None:
    """Make topics, each with its number of partitions."""
    # It has a second of its own to take until it may send, which nobody needs to wait for.
    _producer(address)
    _settled(_admin(address).create_topics([NewTopic(t, n, 1) for t, n in topics.items()]))


def delete_topics(address: Endpoint, topics: Sequence[str]) -> None:
    """Delete topics; of those that were to be made together some may not be there."""
    _settled(_admin(address).delete_topics(list(topics)), KafkaError.UNKNOWN_TOPIC_OR_PART)


class Outgoing(NamedTuple):
    """A message, and where it goes."""

    topic: str
    partition: int
    value: bytes


def produce(address: Endpoint, messages: Iterable[Outgoing]) -> None:
    """Send messages in order, and wait until the broker has them."""
    producer = _producer(address)
    refused: list[KafkaError] = []
    for message in messages:
        _enqueue(producer, message, refused)
    if producer.flush(SECONDS) or refused:
        why = refused[0].str() if refused else "no answer"
        raise StreamgaugeError(f"Kafka at {address} does not take records: {why}")


def _enqueue(producer: Producer, message: Outgoing, refused: list[KafkaError]) -> None:
    """Once more where the producer's queue is full; what is not delivered goes to `refused`."""
    topic, partition, value = message

    def delivered(error: KafkaError | None, _: Message) -> None:
        if error is not None:
            refused.append(error)

    try:
        producer.produce(topic, value, partition=partition, on_delivery=delivered)
    except BufferError:
        producer.flush(SECONDS)
        producer.produce(topic, value, partition=partition, on_delivery=delivered)
    producer.poll(0)


def _committed(
    address: Endpoint, group: str, partitions: list[TopicPartition]
) -> Mapping[tuple[str, int], int]:
    """A group's committed offsets; 0 as long as the broker is not ready to tell."""
    asked = [ConsumerGroupTopicPartitions(group, partitions)]
    answer = _admin(address).list_consumer_group_offsets(asked)[group]
    try:
        found = answer.result(SECONDS).topic_partitions
    except KafkaException as error:
        if error.args[0].code() not in _NOT_YET:
            raise
        return dict.fromkeys(((at.topic, at.partition) for at in partitions), 0)
    return {(at.topic, at.partition): at.offset for at in found}


def in_metrics(topic: str) -> str:
    """How Flink's metrics write a topic's name."""
    return re.sub(r"[ .:,]", "_", topic)


def all_consumed(address: Endpoint, group: str, topics: Mapping[str, int], read: Offsets) -> bool:
    """Whether a job has read topics, given with their numbers of partitions, to their end.

    `read` knows what the job has read since it started; where it has been restored,
    its group's committed offsets tell what it had read before.
    """
    partitions = [TopicPartition(t, n) for t, count in topics.items() for n in range(count)]
    before = _committed(address, group, partitions)
    return all(
        end <= max(read.get((in_metrics(topic), number), 0), before[topic, number])
        for (topic, number), end in _ends(address, partitions).items()
    )


def end_of(address: Endpoint, topic: str) -> int:
    """The offset after the last message of a topic of one partition."""
    return _ends(address, [TopicPartition(topic, 0)])[topic, 0]


def _ends(address: Endpoint, partitions: Sequence[TopicPartition]) -> Mapping[tuple[str, int], int]:
    latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
    asked = _admin(address).list_offsets(dict.fromkeys(partitions, latest))
    return {(at.topic, at.partition): end.result(SECONDS).offset for at, end in asked.items()}


@cache
def _producer(address: Endpoint) -> Producer:
    """One a broker, as for `_admin`. Idempotent, for a retry would change the order."""
    return Producer({**client_settings(address), "linger.ms": 1, "enable.idempotence": True})


def _settled(futures: Mapping[str, Future[None]], fine: int = KafkaError.NO_ERROR) -> None:
    """Wait for the broker; a StreamgaugeError where it refuses, but for what is `fine`."""
    for topic, future in futures.items():
        try:
            future.result(SECONDS)
        except KafkaException as error:
            if error.args[0].code() != fine:
                raise StreamgaugeError(f"topic {topic}: {error.args[0].str()}") from None


@cache
def _admin(address: Endpoint) -> AdminClient:
    """One a broker: to log in takes longer than to make a topic."""
    return AdminClient(client_settings(address))
