"""How a scenario's tables attach: what each cell's binding axis may be.

What attaches is imported by the cell that needs it: clients of Kafka and MySQL, and what reads
Parquet, cost every command a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, Union

from streamgauge.attached import Attached
from streamgauge.attachments import (
    SinkAttachment,
    SourceAttachment,
    limits,
)
from streamgauge.attachments.folder import FolderSink, FolderSource
from streamgauge.attachments.place import Place
from streamgauge.tables import Sink, Source

if TYPE_CHECKING:
    from streamgauge.attachments.binlog import Binlog
    from streamgauge.attachments.binlog_reader import BinlogReader
    from streamgauge.attachments.captured import Capture
    from streamgauge.attachments.database import Database
    from streamgauge.attachments.hive import HiveDatabase
    from streamgauge.attachments.topic import Topics

Made = TypeVar("Made")
Table = TypeVar("Table", bound=Union[Source, Sink])


class Shared:
    """What tables of one run share; each is made when a table first asks for it.

    `timed`: whether any source has a time.
    """

    def __init__(self, place: Place, *, timed: bool) -> None:
        self.place = place
        self.timed = timed

    @cached_property
    def topics(self) -> Topics:
        """All plain topics."""
        from streamgauge.attachments.topic import Topics

        return Topics(self.place)

    @cached_property
    def binlog(self) -> Binlog:
        """The database of sources that mysql-cdc reads."""
        from streamgauge.attachments.binlog import Binlog

        return Binlog(self._database("from"), whole=self.timed)

    @cached_property
    def capture(self) -> Capture:
        """The database of sources that Debezium reads, with its connector."""
        from streamgauge.attachments.captured import Capture

        return Capture(self.place, self._database("from"), self.topics)

    @cached_property
    def copies(self) -> BinlogReader:
        """The database of sinks, whose binlog tells what becomes of them."""
        from streamgauge.attachments.binlog_reader import BinlogReader

        return BinlogReader(self._database("to"))

    @cached_property
    def hive(self) -> HiveDatabase:
        """The database of the metastore."""
        from streamgauge.attachments.hive import HiveDatabase

        return HiveDatabase(self.place)

    def _database(self, side: str) -> Database:
        from streamgauge.attachments.database import Database

        name = f"{self.place.name}_{side}"
        return Database(self.place.services["mysql"], name, self.place.zone)


@dataclass(frozen=True)
class Kind:
    """A binding: how sources and sinks attach; what that needs; modes it cannot do.

    `changes`: its sources take changes, not rows. `bounded`: its input has an end in both
    modes. `services` and the line's sets of
    `connectors` are what it needs. `files`: whether the cluster has to see ours.
    `is_topic`: whether a sink of it is one. `limit`: why it cannot have a table, if it cannot.
    """

    source: Callable[[Shared, Source], SourceAttachment]
    sink: Callable[[Shared, Sink], SinkAttachment]
    changes: bool = False
    bounded: bool = False
    files: bool = False
    services: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)
    is_topic: Callable[[Sink], bool] = lambda _: False
    limit: Callable[[Source | Sink], str | None] = lambda _: None

    def attach(self, place: Place, sources: Iterable[Source], sinks: Iterable[Sink]) -> Attached:
        """The attachments of one run; nothing is made yet."""
        sources = list(sources)
        shared = Shared(place, timed=any(source.time for source in sources))
        return Attached(
            {source.name: self.source(shared, source) for source in sources},
            {sink.name: self.sink(shared, sink) for sink in sinks},
        )


def _keyed(
    with_key: Callable[[Shared, Table], Made], without: Callable[[Shared, Table], Made]
) -> Callable[[Shared, Table], Made]:
    """What has a primary key attaches in one way, what has none in another."""
    return lambda shared, table: (with_key if table.key else without)(shared, table)


def _partitioned(
    with_partitions: Callable[[Shared, Sink], SinkAttachment],
) -> Callable[[Shared, Sink], SinkAttachment]:
    """Where sinks with partitions go is the warehouse; the others are tables and topics."""
    return lambda shared, sink: (with_partitions if sink.partitions else _TABLES)(shared, sink)


def _topic_source(shared: Shared, source: Source) -> SourceAttachment:
    from streamgauge.attachments.topic import TopicSource

    return TopicSource(shared.topics, source)


def _topic_sink(shared: Shared, sink: Sink) -> SinkAttachment:
    from streamgauge.attachments.topic import TopicSink

    return TopicSink(shared.topics, sink)


def _binlog(shared: Shared, source: Source) -> SourceAttachment:
    from streamgauge.attachments.binlog import BinlogTable

    return BinlogTable(shared.binlog, source)


def _captured(shared: Shared, source: Source) -> SourceAttachment:
    from streamgauge.attachments.captured import CapturedTable

    return CapturedTable(shared.capture, source)


def _jdbc(shared: Shared, sink: Sink) -> SinkAttachment:
    from streamgauge.attachments.jdbc import JdbcTable

    return JdbcTable(shared.copies, sink)


def _parquet(shared: Shared, sink: Sink) -> SinkAttachment:
    from streamgauge.attachments.partitions import Partitions

    return Partitions(shared.place, sink)


def _hive(shared: Shared, sink: Sink) -> SinkAttachment:
    from streamgauge.attachments.hive import HiveTable

    return HiveTable(shared.place, shared.hive, sink)


def _is_plain(sink: Sink) -> bool:
    """Whether `_TABLES` makes it a topic, and no warehouse takes it."""
    return not sink.key and not sink.partitions


def _limit_of_tables(table: Source | Sink) -> str | None:
    """Of what lies in MySQL, where it has a key, and in Kafka else."""
    if isinstance(table, Sink):
        return limits.of_jdbc(table) if table.key and not table.partitions else None
    return limits.of_mysql(table) if table.key else None


def _limit_of_hive(table: Source | Sink) -> str | None:
    if isinstance(table, Sink) and table.partitions:
        return limits.of_hive(table)
    return _limit_of_parquet(table)


def _limit_of_parquet(table: Source | Sink) -> str | None:
    """Its sources are topics."""
    if isinstance(table, Sink) and table.partitions:
        return limits.of_parquet(table)
    return _limit_of_tables(table) if isinstance(table, Sink) else None


_TABLES = _keyed(_jdbc, _topic_sink)
_NO_END = {"batch": "a binlog has no end, so there is nothing to run as a batch (2026-11-22)"}

KINDS: Mapping[str, Kind] = {
    "files": Kind(
        lambda shared, source: FolderSource(shared.place, source),
        lambda shared, sink: FolderSink(shared.place, sink),
        bounded=True,
        files=True,
        limit=limits.of_files,
    ),
    "kafka": Kind(
        _topic_source,
        _topic_sink,
        services=("kafka",),
        connectors=("kafka",),
        is_topic=lambda _: True,
    ),
    "cdc": Kind(
        _keyed(_binlog, _topic_source),
        _TABLES,
        changes=True,
        services=("mysql", "kafka"),
        connectors=("cdc", "jdbc", "kafka"),
        is_topic=_is_plain,
        absent=_NO_END,
        limit=_limit_of_tables,
    ),
    "debezium": Kind(
        _keyed(_captured, _topic_source),
        _TABLES,
        changes=True,
        services=("mysql", "kafka", "connect"),
        connectors=("jdbc", "kafka"),
        is_topic=_is_plain,
        absent=_NO_END,
        limit=_limit_of_tables,
    ),
    "hive": Kind(
        _topic_source,
        _partitioned(_hive),
        files=True,
        services=("mysql", "kafka", "metastore"),
        connectors=("hive", "jdbc", "kafka"),
        is_topic=_is_plain,
        limit=_limit_of_hive,
    ),
    "parquet": Kind(
        _topic_source,
        _partitioned(_parquet),
        files=True,
        services=("mysql", "kafka"),
        connectors=("parquet", "jdbc", "kafka"),
        is_topic=_is_plain,
        limit=_limit_of_parquet,
    ),
}

__all__ = ["KINDS", "Attached", "Kind", "Place"]
