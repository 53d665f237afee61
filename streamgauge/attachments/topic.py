"""Kafka topics in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from confluent_kafka import Message

from streamgauge.attachments import (
    GONE,
    KEYED,
    OTHER,
    RETRACTED,
    Arrival,
    Outlet,
    Progress,
    change_formats,
    formats,
    inserts_tell,
)
from streamgauge.attachments.arrived import Arrived
from streamgauge.attachments.beginning import Beginning
from streamgauge.attachments.broker import create_topics, delete_topics, produce, produce_all
from streamgauge.attachments.ddl import clauses, create_table, named, strategy, with_own
from streamgauge.attachments.follower import Follower
from streamgauge.attachments.json_rows import Inserts, Lines, Retractions, Upserts
from streamgauge.attachments.listener import Listener
from streamgauge.attachments.parts import Parts
from streamgauge.attachments.place import EXACTLY_ONCE, Place
from streamgauge.attachments.registered import Registered
from streamgauge.attachments.sending import Sending
from streamgauge.own_options import changes_are_messages, is_registered
from streamgauge.services.kafka import java_settings
from streamgauge.tables import EARLIEST, Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Entry

CHECKPOINTS = {"execution.checkpointing.interval": "500 ms"}
# Longer than a job is down between a savepoint, which has transactions that are to be committed,
# and its restore; shorter than what brokers allow, which is less than Flink's own default.
_TRANSACTION = {"properties.transaction.timeout.ms": "600000"}


class Topics:
    """The topics of a run, one a table."""

    def __init__(self, place: Place) -> None:
        self.address = place.services["kafka"]
        self.group = place.name
        self.listener = Listener(self.address, self.group)
        self.batch = place.mode == "batch"
        self.bounded = self.batch or place.ends
        self.commits = place.delivery == EXACTLY_ONCE
        self._filled = place.partitions
        self._partitions = place.partitions + place.idle
        self._sources: dict[str, Source] = {}
        self._wanted: dict[str, int] = {}
        self._appended: set[str] = set()
        self._sending = Sending(self._filled)
        self._beginnings: dict[str, Beginning] = {}
        self._registry = place.services.get("registry")
        self._registered: dict[str, Registered] = {}
        self._made: list[str] = []

    def name(self, table: str) -> str:
        """The topic of a source or sink."""
        return f"{self.group}-{table}"

    def add_source(self, source: Source) -> None:
        """A topic that is to be made and fed."""
        self._sources[source.name] = source
        self._wanted[self.name(source.name)] = self._partitions
        self._sending.add(source, self.name(source.name), self.registered(source))
        self._beginnings[source.name] = Beginning(source, self._partitions, self._filled)

    def registered(self, table: Source | Sink) -> Registered | None:
        """The messages of a topic whose schemas are in a registry, if they are."""
        if self._registry is None or not is_registered(table):
            return None
        made = Registered(self._registry, self.name(table.name))
        return self._registered.setdefault(table.name, made)

    def add_sink(self, sink: Sink) -> None:
        """A topic that is to be made; unless the job says when a message was sent, it does."""
        self._wanted[self.name(sink.name)] = 1
        if not _is_stamped(sink):
            self._appended.add(self.name(sink.name))

    def create(self) -> None:
        """Make all topics, when the first of their tables asks for that."""
        if not self._made:
            self._made = list(self._wanted)
            create_topics(self.address, self._wanted, appended=self._appended)
            for source, each in self._beginnings.items():
                produce_all(self.address, each.batches(self._sending))
                self.listener.commit(self.name(source), each.committed)

    def feed(self, entries: Sequence[Entry]) -> None:
        """Produce the records, and wait until the broker has them."""
        produce(self.address, self._sending(entries))

    def outlet(self, source: str) -> Outlet:
        """Where a source's messages go, for whoever sends them instead."""
        return Outlet(self.address, self.name(source), self._filled)

    def consumed(self, progress: Progress) -> bool:
        """Whether the job has read all topics to their end."""
        return self.listener.all_consumed(self._read, progress.offsets)

    def lag(self) -> int:
        """How many records there are that the job has not taken, by the last checkpoint."""
        return self.listener.lag(self._read)

    def follow(self, sinks: Iterable[str]) -> Follower:
        """Begin to read sinks that are topics."""
        return Follower(self.address, self.group, {sink: self.name(sink) for sink in sinks})

    @property
    def _read(self) -> dict[str, int]:
        """The topics that the job reads, each with its number of partitions."""
        return dict.fromkeys(map(self.name, self._sources), self._partitions)

    def drop(self) -> None:
        """Delete all topics that were made, and give connections up."""
        self.listener.close()
        if self._made:
            delete_topics(self.address, self._made)
            self._made = []
            for each in self._registered.values():
                each.drop()

    def reading(self, source: Source, topic: str) -> dict[str, str]:
        """The options that read a source's topic from where that begins, but for the format."""
        begun = self._beginnings.get(source.name)
        options = {
            **self.options("kafka", topic),
            **(begun.options if begun else {"scan.startup.mode": EARLIEST}),
            "properties.group.id": self.group,
        }
        if self.bounded:
            options["scan.bounded.mode"] = "latest-offset"
        return {**options, **strategy(source)}

    def writing(self, connector: str, topic: str) -> dict[str, str]:
        """The options that write to a sink's topic, but for the format."""
        delivery = {
            "sink.delivery-guarantee": EXACTLY_ONCE,
            # Nobody else's: Flink aborts what it finds open of it.
            "sink.transactional-id-prefix": topic,
            **_TRANSACTION,
        }
        return {**self.options(connector, topic), **(delivery if self.commits else {})}

    def options(self, connector: str, topic: str) -> dict[str, str]:
        """Where a topic is, and how Flink logs in."""
        address = self.address.for_jobs
        return {
            "connector": connector,
            "topic": topic,
            "properties.bootstrap.servers": str(address),
            **{f"properties.{name}": value for name, value in java_settings(address).items()},
        }


class TopicSource:
    """A topic of rows, or of changes, which is read to the end that it has, or else for ever."""

    def __init__(self, topics: Topics, source: Source) -> None:
        self.feeder = topics
        self.bounded = topics.bounded
        self.settings: Mapping[str, str] = {} if self.bounded else CHECKPOINTS
        self._source = source
        topics.add_source(source)

    def ddl(self) -> list[str]:
        """A table that reads the topic from its beginning."""
        source, topics = self._source, self.feeder
        reading = topics.reading(source, topics.name(source.name))
        options = {
            **reading,
            **formats.options(source, topics.registered(source)),
            **formats.keyed(source),
        }
        return [
            create_table(
                named(source.name),
                source.schema,
                source.key if changes_are_messages(source) else (),
                with_own(source, options),
                clauses(source),
            )
        ]

    def create(self) -> None:
        """Make the topic, with those of all other tables."""
        self.feeder.create()

    def drop(self) -> None:
        """Delete the topic, with those of all other tables."""
        self.feeder.drop()


class TopicSink:
    """A topic of one partition; an upsert topic where there are updates to tell.

    In batch the sink is a plain topic, so that a row written twice shows. With a key it has
    debezium-json: of a format that knows inserts alone Flink refuses the key. So has a sink whose
    own format is of changes: its rows come, and go.
    """

    def __init__(self, topics: Topics, sink: Sink) -> None:
        self._topics = topics
        self._sink = sink
        self._registered = topics.registered(sink)
        self._name = topics.name(sink.name)
        self._form = sink.format if changes_are_messages(sink) else "debezium-json"
        self._goes = changes_are_messages(sink) and not topics.batch
        self._upserts = bool(sink.key) and not topics.batch and not self._goes
        self.settings: Mapping[str, str] = {
            **(KEYED if sink.key else {}),
            **(RETRACTED if self._goes else {}),
            **(CHECKPOINTS if topics.commits else {}),
        }
        # A message without a value deletes; whether one with a value inserts or updates, it is
        # we who say.
        self.tells = self._tells()
        self._reader: Arrived | None = None
        topics.add_sink(sink)

    def ddl(self) -> list[str]:
        """A table that writes to the topic, or upserts to it."""
        sink = self._sink
        if self._upserts:
            form = {"key.format": "json", "value.format": "json"}
            options = {**self._topics.writing("upsert-kafka", self._name), **form}
            return [create_table(named(sink.name), sink.schema, sink.key, with_own(sink, options))]
        plain = {"format": self._form} if sink.key else formats.options(sink, self._registered)
        options = {**self._topics.writing("kafka", self._name), **plain, **formats.keyed(sink)}
        own = with_own(sink, options)
        return [create_table(named(sink.name), sink.schema, sink.key, own, metadata=sink.metadata)]

    def target(self) -> str:
        """The sink's name."""
        return named(self._sink.name)

    def create(self) -> None:
        """Make the topic, with those of all other tables."""
        self._topics.create()

    def read(self) -> Sequence[Arrival]:
        """All that the topic holds up to now, with the times of its messages."""
        return self._read().arrivals()

    def count(self) -> int:
        """Where the topic ends, but for transactions that are open."""
        return self._read().end()

    def committed(self) -> bool:
        """Whether no transaction is open: a broker says that it has committed one before it has."""
        return not (self._topics.commits and self._topics.listener.has_open(self._name))

    def raw(self) -> None:
        """It is always read."""

    def drop(self) -> None:
        """Delete the topic, with those of all other tables."""
        self._topics.drop()

    def _read(self) -> Arrived:
        if self._reader is None:
            stamped = _is_stamped(self._sink)
            self._reader = Arrived(self._topics.listener, self._name, self._rows(), stamped)
        return self._reader

    def _tells(self) -> frozenset[str]:
        if self._goes:
            return frozenset({GONE, OTHER})
        return frozenset({GONE}) if self._upserts else inserts_tell(self._sink)

    def _rows(self) -> Callable[[Message], Iterable[Change]]:
        schema = self._sink.schema
        lines = Lines(schema, change_formats.reader(self._form))
        if self._goes:
            retractions = Retractions(self._sink.key_indices)
            return lambda message: retractions(lines(message))
        if self._sink.key:
            return _each(Upserts(schema) if self._upserts else lines)
        if self._sink.message_key or self._sink.metadata:
            return _each(Parts(self._sink, self._registered))
        return _each(Inserts(schema, formats.of(self._sink, self._registered).decode))


def _each(decode: Callable[[Message], Change]) -> Callable[[Message], Iterable[Change]]:
    """Of what makes one change of a message."""
    return lambda message: (decode(message),)


def _is_stamped(sink: Sink) -> bool:
    """Whether the times of its messages are of the answer, and not when they came."""
    return "timestamp" in sink.metadata.values()
