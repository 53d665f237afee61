"""What a Kafka broker is told: topics made and deleted, messages sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, TimeoutError  # noqa: A004
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple

from confluent_kafka import (
    KafkaError,
    KafkaException,
    Message,
    Producer,
)
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from streamgauge.abreast import made_once
from streamgauge.errors import StreamgaugeError
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.kafka import client_settings
from streamgauge.waiting import wait_for

SECONDS = 15.0
# Of messages that a producer holds, and of one batch of them.
_QUEUE = 100_000
MOST = 20_000
_TOGETHER = 100
# A producer is shared: the room that one sees in it another one would take.
_SENDING = Lock()
_APPENDED = {"message.timestamp.type": "LogAppendTime"}


def create_topics(
    address: Endpoint,
    topics: Mapping[str, int],
    *,
    anew: bool = True,
    appended: Collection[str] = (),
) -> None:
    """Make topics, each with its number of partitions; not `anew`, some may be there already.

    The broker says how many copies there are. Messages of those that are `appended` have the
    times at which it appended them.
    """
    # It has a second of its own to take until it may send, which nobody needs to wait for.
    _producer(address)
    wanted = [
        NewTopic(topic, partitions, config=_APPENDED if topic in appended else {})
        for topic, partitions in topics.items()
    ]
    made = _admin(address).create_topics(wanted)
    _settled(made, KafkaError.NO_ERROR if anew else KafkaError.TOPIC_ALREADY_EXISTS)


def delete_topics(address: Endpoint, topics: Sequence[str]) -> None:
    """Delete topics; of those that were to be made together some may not be there."""
    _settled(_admin(address).delete_topics(list(topics)), KafkaError.UNKNOWN_TOPIC_OR_PART)


class Outgoing(NamedTuple):
    """A message, and where it goes."""

    topic: str
    partition: int
    value: bytes
    key: bytes | None = None


class Batch(NamedTuple):
    """Messages that go to the same partition, in order: at most `MOST`.

    `times` are those that they carry, in unix milliseconds; by default that of their sending.
    `keys` are one a message, or none at all.
    """

    topic: str
    partition: int
    values: Sequence[bytes]
    times: Sequence[int] = ()
    keys: Sequence[bytes | None] = ()


def produce(address: Endpoint, messages: Iterable[Outgoing]) -> None:
    """Send messages, those of a partition in order, and wait until the broker has them."""
    produce_all(address, _batches(iter(messages)))


def produce_all(address: Endpoint, batches: Iterable[Batch]) -> None:
    """Send batches, those of a partition in order, and wait until the broker has them."""
    producer = _producer(address)
    refused: list[KafkaError] = []
    untaken = f"Kafka at {address} does not take records"
    with _SENDING:
        for batch in batches:
            _enqueue(producer, batch, refused, untaken)
        held = producer.flush(SECONDS)
    if held or refused:
        raise StreamgaugeError(f"{untaken}: {refused[0].str() if refused else 'no answer'}")


def _batches(messages: Iterator[Outgoing]) -> Iterator[Batch]:
    """So few messages at a time that those of several topics come side by side."""
    while group := list(islice(messages, _TOGETHER)):
        places: defaultdict[tuple[str, int], list[Outgoing]] = defaultdict(list)
        for message in group:
            places[message.topic, message.partition].append(message)
        for place, together in places.items():
            keys = [message.key for message in together]
            yield Batch(*place, [message.value for message in together], keys=keys)


def _enqueue(producer: Producer, batch: Batch, refused: list[KafkaError], untaken: str) -> None:
    """When there is room for the whole batch; what is not delivered goes to `refused`."""

    def delivered(error: KafkaError | None, _: Message) -> None:
        if error is not None:
            refused.append(error)

    def room() -> int:
        producer.poll(0)
        return _QUEUE - len(producer)

    wait_for(
        room, lambda free: free >= len(batch.values), SECONDS, lambda _: untaken, interval=0.001
    )
    if batch.times:
        refused += _each(producer, batch, delivered)
        return
    values: list[dict[str, Any]] = [{"value": value} for value in batch.values]
    for value, key in zip(values, batch.keys):
        if key is not None:
            value["key"] = key
    producer.produce_batch(batch.topic, values, batch.partition, delivered)
    refused += [value["_error"] for value in values if "_error" in value]


def _each(
    producer: Producer, batch: Batch, delivered: Callable[[KafkaError | None, Message], None]
) -> Iterator[KafkaError]:
    """One by one, as the client takes them that carry a time; what it does not take."""
    topic, partition, values, times, keys = batch
    for value, at, key in zip(values, times, keys or [None] * len(values)):
        try:
            producer.produce(topic, value, key, partition, delivered, timestamp=at)
        except KafkaException as error:
            yield error.args[0]


@made_once
def _producer(address: Endpoint) -> Producer:
    """One a broker, as for `_admin`. Idempotent, for a retry would change the order."""
    settings = {
        "linger.ms": 1,
        "enable.idempotence": True,
        "queue.buffering.max.messages": _QUEUE,
        # Or it would tell of each message.
        "delivery.report.only.error": True,
    }
    return Producer({**client_settings(address), **settings})


def _settled(futures: Mapping[str, Future[None]], fine: int = KafkaError.NO_ERROR) -> None:
    """Wait for the broker; a StreamgaugeError where it refuses, but for what is `fine`."""
    for topic, future in futures.items():
        try:
            future.result(SECONDS)
        except KafkaException as error:
            if error.args[0].code() != fine:
                raise StreamgaugeError(f"topic {topic}: {error.args[0].str()}") from None
        except TimeoutError:
            raise StreamgaugeError(f"topic {topic}: no answer from Kafka") from None


@made_once
def _admin(address: Endpoint) -> AdminClient:
    """One a broker: to log in takes longer than to make a topic."""
    return AdminClient(client_settings(address))
