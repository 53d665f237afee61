"""What a Kafka broker is told: topics made and deleted, messages sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from typing import NamedTuple

from confluent_kafka import (
    KafkaError,
    KafkaException,
    Message,
    Producer,
)
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from streamgauge.errors import StreamgaugeError
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.kafka import client_settings

SECONDS = 15.0


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
