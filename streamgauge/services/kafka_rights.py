"""What a run does with somebody else's Kafka, tried at once, so that what it may not is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from streamgauge.errors import StreamgaugeError
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.kafka import client_settings
from streamgauge.waiting import DeadlineError, wait_for

_SECONDS = 15
# What no waiting mends, in words. Of a broker that is away clients tell something else.
_FINAL = {
    KafkaError._SSL: "no TLS with it, or its certificate is not trusted",  # noqa: SLF001
    KafkaError._AUTHENTICATION: "wrong user, password or mechanism",  # noqa: SLF001
    KafkaError._RESOLVE: "no such host",  # noqa: SLF001
}
# A new broker makes the place where offsets are kept when it is first asked for one.
_NOT_YET = (
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
)


def probe(address: Endpoint, name: str) -> None:
    """Make a topic of this name, write to it, read it in a group of this name, and delete it.

    A StreamgaugeError says in a line what is wrong, or not allowed.
    """
    told: list[KafkaError] = []
    settings: dict[str, Any] = {**client_settings(address), "error_cb": told.append}
    admin = AdminClient(settings)
    _reach(admin, address, told)
    with _allowed(address, f"make topics such as {name}"):
        _done(admin.create_topics([NewTopic(name, 1)]))
    try:
        with _allowed(address, f"write to topic {name}"):
            _write(Producer({**settings, "enable.idempotence": True}), name)
        with _allowed(address, f"read topic {name} in a group of this name"):
            _read(Consumer({**settings, "group.id": name, "enable.auto.commit": False}), name)
    finally:
        with _allowed(address, f"delete topic {name}"):
            _done(admin.delete_topics([name]))


def _reach(admin: AdminClient, address: Endpoint, told: list[KafkaError]) -> None:
    def asked() -> KafkaError | None:
        """What is wrong; None where it answers."""
        try:
            admin.list_topics(timeout=1)
        except KafkaException as error:
            admin.poll(0)
            return next((each for each in told if each.code() in _FINAL), error.args[0])
        return None

    def settled(error: KafkaError | None) -> bool:
        return error is None or error.code() in _FINAL

    try:
        wrong = wait_for(asked, settled, _SECONDS, lambda _: "no answer")
    except DeadlineError:
        raise StreamgaugeError(f"Kafka at {address}: no answer{_last(told)}") from None
    if wrong:
        raise StreamgaugeError(f"Kafka at {address}: {_FINAL[wrong.code()]}: {_line(wrong)}")


def _last(told: list[KafkaError]) -> str:
    """What the client had to say of a broker's absence."""
    return f": {_line(told[0])}" if told else ""


def _line(error: KafkaError) -> str:
    return " ".join(error.str().split())


@contextmanager
def _allowed(address: Endpoint, what: str) -> Iterator[None]:
    try:
        yield
    except KafkaException as error:
        why = _line(error.args[0])
        raise StreamgaugeError(f"Kafka at {address}: cannot {what}: {why}") from None


def _done(futures: dict[str, Future[None]]) -> None:
    for future in futures.values():
        future.result(_SECONDS)


def _write(producer: Producer, topic: str) -> None:
    wrong: list[KafkaError] = []

    def delivered(error: KafkaError | None, _: Message) -> None:
        wrong.extend([error] if error else [])

    producer.produce(topic, b"", on_delivery=delivered)
    if producer.flush(_SECONDS) or wrong:
        raise KafkaException(wrong[0] if wrong else KafkaError(KafkaError._TIMED_OUT))  # noqa: SLF001


def _read(consumer: Consumer, topic: str) -> None:
    place = TopicPartition(topic, 0, 0)
    try:
        consumer.assign([place])
        came = consumer.consume(1, _SECONDS)
        wrong = came[0].error() if came else KafkaError(KafkaError._TIMED_OUT)  # noqa: SLF001
        if wrong:
            raise KafkaException(wrong)
        _ready(lambda: consumer.committed([place], _SECONDS))
    finally:
        consumer.close()


def _ready(ask: Callable[[], Any]) -> None:
    """Ask until the broker is ready to tell of groups."""

    def asked() -> bool:
        try:
            ask()
        except KafkaException as error:
            if error.args[0].code() not in _NOT_YET:
                raise
            return False
        return True

    wait_for(asked, bool, _SECONDS, lambda _: "Kafka does not tell of groups")
