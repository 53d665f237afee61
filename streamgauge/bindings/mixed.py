"""What has a primary key is a table in MySQL, what has none a topic in Kafka."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from streamgauge.bindings.kafka import Kafka
from streamgauge.bindings.mysql_tables import MysqlTables
from streamgauge.bindings.place import Place
from streamgauge.bindings.topics import Offsets
from streamgauge.scenario import Feed, Sink, Source
from streamgauge.values.changelog import Change

Table = TypeVar("Table", Source, Sink)


class Mixed(ABC):
    """One database for the sources and one for the sinks, both of this run alone.

    How changes of the sources come to Flink is for those who inherit. A sink with
    a key is upserted to over JDBC.
    """

    bounded = False
    settings: Mapping[str, str] = {"execution.checkpointing.interval": "500 ms"}

    def __init__(self, place: Place) -> None:
        self._place = place
        mysql = place.services["mysql"]
        self._origin = MysqlTables(mysql, f"{place.name}_from")
        self._copy = MysqlTables(mysql, f"{place.name}_to")

    @abstractmethod
    def changes_ddl(self, source: Source) -> list[str]:
        """The CREATE statements of a source with a key."""

    @abstractmethod
    def apply(self, records: Feed) -> None:
        """Apply changes of sources with a key."""

    def source_ddl(self, source: Source) -> list[str]:
        """A table of changes, or one that reads a topic."""
        return self.changes_ddl(source) if source.key else self._kafka.source_ddl(source)

    def sink_ddl(self, sink: Sink) -> list[str]:
        """A JDBC table, or one that writes to a topic."""
        return [self._copy.jdbc_ddl(sink)] if sink.key else self._kafka.sink_ddl(sink)

    def target(self, sink: Sink) -> str:
        """The sink's name."""
        return sink.name

    def create(self, sources: Sequence[Source], sinks: Sequence[Sink]) -> None:
        """Make both databases with their tables, and the topics."""
        self._origin.create(_with_key(sources))
        self._copy.create(_with_key(sinks))
        topics = _without_key(sources), _without_key(sinks)
        if any(topics):
            self._kafka.create(*topics)

    def feed(self, records: Feed) -> None:
        """Apply the changes, produce the rows."""
        changes = [(source, given) for source, given in records if source.key]
        rows = [(source, given) for source, given in records if not source.key]
        if changes:
            self.apply(changes)
        if rows:
            self._kafka.feed(rows)

    def consumed(self, read: Offsets) -> bool:
        """Whether the job has taken in what came through Kafka."""
        return "_kafka" not in self.__dict__ or self._kafka.consumed(read)

    def read(self, sink: Sink) -> Sequence[Change]:
        """The table as it is now, or all that the topic holds."""
        return self._copy.read(sink) if sink.key else self._kafka.read(sink)

    def drop(self) -> None:
        """Drop the databases and delete the topics."""
        if "_kafka" in self.__dict__:
            self._kafka.drop()
        self._origin.drop()
        self._copy.drop()

    @cached_property
    def _kafka(self) -> Kafka:
        """Where it is needed: a cell whose tables all have keys may do without the service."""
        return Kafka(self._place)


def _with_key(tables: Sequence[Table]) -> list[Table]:
    return [table for table in tables if table.key]


def _without_key(tables: Sequence[Table]) -> list[Table]:
    return [table for table in tables if not table.key]
