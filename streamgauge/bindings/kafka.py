"""Kafka topics in and out, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from decimal import Decimal
from functools import cache
from typing import Any

from confluent_kafka import Consumer, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from streamgauge.bindings.ddl import create_table
from streamgauge.bindings.place import Place
from streamgauge.errors import StreamgaugeError
from streamgauge.scenario import Inputs, Scenario, Sink, Source
from streamgauge.services.address import Address
from streamgauge.services.kafka import client_settings
from streamgauge.values.changelog import Change, Op
from streamgauge.values.schema import Row, Schema, to_text

_SECONDS = 15.0
_AS_IS = (type(None), bool, int, float)


class Kafka:
    """A topic a table, of one partition.

    In streaming the input has no end, and a sink with a primary key is an
    upsert topic. In batch the job reads to the end that it finds, and the sink is
    a plain topic, so that a row written twice shows.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._address = place.services["kafka"]
        self.bounded = place.mode == "batch"
        self.settings: Mapping[str, str] = (
            {} if self.bounded else {"execution.checkpointing.interval": "500 ms"}
        )
        self._sinks: dict[str, _Topic] = {}

    def source_ddl(self, source: Source) -> str:
        """A table that reads a topic from its beginning."""
        options = {
            **self._options("kafka", source.name),
            "format": "json",
            "scan.startup.mode": "earliest-offset",
            "properties.group.id": self._topic(source.name),
        }
        if self.bounded:
            options["scan.bounded.mode"] = "latest-offset"
        return create_table(source.name, source.schema, (), options)

    def sink_ddl(self, sink: Sink) -> str:
        """A table that writes to a topic, or upserts to it."""
        if self._upserts(sink):
            formats = {"key.format": "json", "value.format": "json"}
            options = {**self._options("upsert-kafka", sink.name), **formats}
            return create_table(sink.name, sink.schema, sink.key, options)
        options = {**self._options("kafka", sink.name), "format": "json"}
        return create_table(sink.name, sink.schema, (), options)

    def create(self, scenario: Scenario) -> None:
        """Make a topic for each source and sink."""
        create_topics(self._address, self._topics(scenario))

    def feed(self, scenario: Scenario, inputs: Inputs) -> None:
        """Produce the records and wait until the broker has them."""
        for source in scenario.sources:
            topic = self._topic(source.name)
            produce(self._address, topic, source.schema, inputs[source.name])

    def read(self, sink: Sink) -> Sequence[Change]:
        """All that the topic holds up to now."""
        if sink.name not in self._sinks:
            decode = _Upserts(sink.schema) if self._upserts(sink) else _Inserts(sink.schema)
            self._sinks[sink.name] = _Topic(self._consumer(), self._topic(sink.name), decode)
        return self._sinks[sink.name].changes()

    def drop(self, scenario: Scenario) -> None:
        """Delete the topics."""
        for topic in self._sinks.values():
            topic.close()
        _settled(_admin(self._address).delete_topics(self._topics(scenario)))

    def _upserts(self, sink: Sink) -> bool:
        return not self.bounded and bool(sink.key)

    def _topic(self, table: str) -> str:
        return f"{self._place.name}-{table}"

    def _topics(self, scenario: Scenario) -> list[str]:
        return [self._topic(table.name) for table in scenario.tables]

    def _consumer(self) -> Consumer:
        own = {"group.id": self._place.name, "fetch.wait.max.ms": 10}
        return Consumer({**client_settings(self._address), **own})

    def _options(self, connector: str, table: str) -> dict[str, str]:
        login = (
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
            f' username="{self._address.user}" password="{self._address.password}";'
        )
        return {
            "connector": connector,
            "topic": self._topic(table),
            "properties.bootstrap.servers": str(self._address),
            "properties.security.protocol": "SASL_PLAINTEXT",
            "properties.sasl.mechanism": "PLAIN",
            "properties.sasl.jaas.config": login,
        }


def create_topics(address: Address, topics: Sequence[str]) -> None:
    """Make topics of one partition."""
    _settled(_admin(address).create_topics([NewTopic(topic, 1, 1) for topic in topics]))


def produce(address: Address, topic: str, schema: Schema, rows: Sequence[Row]) -> None:
    """Send rows as JSON and wait until the broker has them."""
    producer = _producer(address)
    for row in rows:
        producer.produce(topic, _encode(schema, row))
        producer.poll(0)
    if producer.flush(_SECONDS):
        raise StreamgaugeError(f"Kafka at {address} does not take records")


@cache
def _producer(address: Address) -> Producer:
    """One a broker, as for `_admin`."""
    return Producer({**client_settings(address), "linger.ms": 1})


def _settled(futures: Mapping[str, Future[None]]) -> None:
    """Wait for the broker; a StreamgaugeError where it refuses."""
    for topic, future in futures.items():
        try:
            future.result(_SECONDS)
        except KafkaException as error:
            raise StreamgaugeError(f"topic {topic}: {error.args[0].str()}") from None


@cache
def _admin(address: Address) -> AdminClient:
    """One a broker: to log in takes longer than to make a topic."""
    return AdminClient(client_settings(address))


class _Topic:
    """Reads a topic of one partition on, from its beginning."""

    def __init__(self, consumer: Consumer, topic: str, decode: Callable[[Message], Change]) -> None:
        self._consumer = consumer
        self._partition = TopicPartition(topic, 0, 0)
        self._decode = decode
        self._changes: list[Change] = []
        consumer.assign([self._partition])

    def changes(self) -> Sequence[Change]:
        """All changes up to the end of now: with no transactions, as many as offsets."""
        _, end = self._consumer.get_watermark_offsets(self._partition, _SECONDS)
        while len(self._changes) < end:
            message = self._consumer.poll(_SECONDS)
            if message is None or message.error():
                raise StreamgaugeError(f"Kafka: {message.error() if message else 'no answer'}")
            self._changes.append(self._decode(message))
        return self._changes

    def close(self) -> None:
        """Give the connection up."""
        self._consumer.close()


class _Inserts:
    """A plain topic: each message is a row."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def __call__(self, message: Message) -> Change:
        return Change("+I", _decode(self._schema, message.value()))


class _Upserts:
    """A value upserts its key's row, a message without one deletes it."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._present: set[Row] = set()

    def __call__(self, message: Message) -> Change:
        key = _decode(self._schema, message.key())
        if message.value() is None:
            self._present.discard(key)
            return Change("-D", key)
        op: Op = "+U" if key in self._present else "+I"
        self._present.add(key)
        return Change(op, _decode(self._schema, message.value()))


def _encode(schema: Schema, row: Row) -> bytes:
    values = (value if isinstance(value, _AS_IS) else to_text(value) for value in row)
    return json.dumps(dict(zip(schema.names, values)), ensure_ascii=False).encode()


def _decode(schema: Schema, value: bytes | None) -> Row:
    fields: Mapping[str, Any] = json.loads(value or b"{}", parse_float=Decimal)
    return schema.parse([to_text(fields.get(name)) for name in schema.names])
