"""Kafka topics in and out, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from confluent_kafka import Consumer, Message, TopicPartition

from streamgauge.bindings.ddl import create_table, watermark
from streamgauge.bindings.place import Place
from streamgauge.bindings.topics import (
    SECONDS,
    Offsets,
    all_consumed,
    create_topics,
    delete_topics,
    produce,
)
from streamgauge.errors import StreamgaugeError
from streamgauge.scenario import Feed, Sink, Source
from streamgauge.services.kafka import client_settings
from streamgauge.values.changelog import Change, Op
from streamgauge.values.inputs import Record
from streamgauge.values.schema import Row, Schema, as_bytes, to_text

_AS_IS = (type(None), bool, int, float)


class Kafka:
    """A topic a table, of one partition, but for sources where the place says more.

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
        self._topics: dict[str, int] = {}
        self._fed: list[str] = []

    def source_ddl(self, source: Source) -> list[str]:
        """A table that reads a topic from its beginning."""
        options = {**self.source_options(source), "format": "raw" if source.raw else "json"}
        return [create_table(source.name, source.schema, (), options, watermark(source))]

    def source_options(self, source: Source) -> dict[str, str]:
        """What reads the source's topic, but for the format."""
        options = {
            **self._options("kafka", source.name),
            "scan.startup.mode": "earliest-offset",
            "properties.group.id": self._place.name,
        }
        if self.bounded:
            options["scan.bounded.mode"] = "latest-offset"
        if source.time:
            # Whether a row is late must not depend on when it is looked at.
            options["scan.watermark.emit.strategy"] = "on-event"
        return options

    def sink_ddl(self, sink: Sink) -> list[str]:
        """A table that writes to a topic, or upserts to it."""
        if self._upserts(sink):
            formats = {"key.format": "json", "value.format": "json"}
            options = {**self._options("upsert-kafka", sink.name), **formats}
            return [create_table(sink.name, sink.schema, sink.key, options)]
        options = {**self._options("kafka", sink.name), "format": "json"}
        return [create_table(sink.name, sink.schema, (), options)]

    def target(self, sink: Sink) -> str:
        """The sink's name."""
        return sink.name

    def create(self, sources: Sequence[Source], sinks: Sequence[Sink]) -> None:
        """Make a topic for each source and sink."""
        partitions = self._place.partitions + self._place.idle
        self._topics = {
            **{self.topic(source.name): partitions for source in sources},
            **{self.topic(sink.name): 1 for sink in sinks},
        }
        create_topics(self._address, self._topics)

    def feed(self, records: Feed) -> None:
        """Produce the records, in turn to each partition, and wait until the broker has them."""
        for source, rows in records:
            topic = self.topic(source.name)
            produce(self._address, topic, messages(source, rows), self._place.partitions)
            self._fed.append(topic)

    def consumed(self, read: Offsets) -> bool:
        """Whether the job has read all topics to their end."""
        topics = {topic: self._topics[topic] for topic in self._fed}
        return all_consumed(self._address, self._place.name, topics, read)

    def read(self, sink: Sink) -> Sequence[Change]:
        """All that the topic holds up to now."""
        if sink.name not in self._sinks:
            decode = _Upserts(sink.schema) if self._upserts(sink) else _Inserts(sink.schema)
            self._sinks[sink.name] = _Topic(self._consumer(), self.topic(sink.name), decode)
        return self._sinks[sink.name].changes()

    def drop(self) -> None:
        """Delete the topics."""
        for topic in self._sinks.values():
            topic.close()
        if self._topics:
            delete_topics(self._address, list(self._topics))

    def _upserts(self, sink: Sink) -> bool:
        return not self.bounded and bool(sink.key)

    def topic(self, table: str) -> str:
        """The topic of a source or sink."""
        return f"{self._place.name}-{table}"

    def _consumer(self) -> Consumer:
        own = {"group.id": f"{self._place.name}-reader", "fetch.wait.max.ms": 10}
        return Consumer({**client_settings(self._address), **own})

    def _options(self, connector: str, table: str) -> dict[str, str]:
        login = (
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
            f' username="{self._address.user}" password="{self._address.password}";'
        )
        return {
            "connector": connector,
            "topic": self.topic(table),
            "properties.bootstrap.servers": str(self._address),
            **{f"properties.{name}": value for name, value in self._address.options.items()},
            "properties.sasl.jaas.config": login,
        }


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
        _, end = self._consumer.get_watermark_offsets(self._partition, SECONDS)
        while len(self._changes) < end:
            message = self._consumer.poll(SECONDS)
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


def messages(source: Source, rows: Iterable[Record]) -> Iterator[bytes]:
    """Rows as a topic holds them: JSON, or as they are."""
    for row in rows:
        yield as_bytes(row[0]) if source.raw else encode(source.schema, row)


def encode(schema: Schema, row: Record) -> bytes:
    """A row as JSON."""
    values = (value if isinstance(value, _AS_IS) else to_text(value) for value in row)
    return json.dumps(dict(zip(schema.names, values)), ensure_ascii=False).encode()


def _decode(schema: Schema, value: bytes | None) -> Row:
    fields: Mapping[str, Any] = json.loads(value or b"{}", parse_float=Decimal)
    return schema.parse([to_text(fields.get(name)) for name in schema.names])
