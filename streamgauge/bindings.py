"""How a scenario's tables attach: what each cell's binding axis may be, and a table's own.

What attaches is imported by the cell that needs it: clients of Kafka and MySQL, and what reads
Parquet, cost every command a second.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar, Union

from streamgauge.attached import Attached
from streamgauge.attachments import (
    SinkAttachment,
    SourceAttachment,
    limits,
)
from streamgauge.attachments.folder import FolderSink, FolderSource, TextPartitions
from streamgauge.attachments.place import Place
from streamgauge.attachments.shared import Shared
from streamgauge.errors import ScenarioError
from streamgauge.own_options import changes_are_messages, is_avro, is_registered
from streamgauge.services.endpoint import Endpoint
from streamgauge.tables import Sink, Source

AVRO = "avro"
Made = TypeVar("Made")
Table = TypeVar("Table", bound=Union[Source, Sink])


@dataclass(frozen=True)
class Kind:
    """A binding: how sources and sinks attach; what that needs; modes it cannot do.

    `changes`: its sources take changes, not rows. `bounded`: its input has an end in both
    modes. `services` and the line's sets of
    `connectors` are what it needs. `files`: whether the cluster has to see ours.
    `is_topic`: whether a sink of it is one. `limit`: why it cannot have a table, if it cannot.
    `unfit`: why it cannot do with its services, as they are found, where some are such.
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
    unfit: Callable[[Mapping[str, Endpoint]], str | None] | None = None

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
    """What has a primary key attaches in one way, what has none, or is a topic, in another."""
    return lambda shared, table: (without if _is_topic(table) else with_key)(shared, table)


def _is_topic(table: Table) -> bool:
    """Whether Kafka has it where what has a key lies in MySQL."""
    return not table.key or changes_are_messages(table)


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


def _scanned(shared: Shared, source: Source) -> SourceAttachment:
    from streamgauge.attachments.jdbc import JdbcSource

    return JdbcSource(shared.scanned, source)


def _unread(services: Mapping[str, Endpoint]) -> str | None:
    from streamgauge.services.mysql import without_old_end

    return without_old_end(services["mysql"])


def _is_plain(sink: Sink) -> bool:
    """Whether `_TABLES` makes it a topic, and no warehouse takes it."""
    return _is_topic(sink) and not sink.partitions


def _limit_of_tables(table: Source | Sink) -> str | None:
    """Of what lies in MySQL, where it has a key, and in Kafka else."""
    if isinstance(table, Sink):
        return None if _is_topic(table) or table.partitions else limits.of_jdbc(table)
    return None if _is_topic(table) else limits.of_mysql(table)


def _limit_of_jdbc(table: Source | Sink) -> str | None:
    return limits.of_jdbc(table) if isinstance(table, Source) else _limit_of_tables(table)


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
        lambda shared, sink: (TextPartitions if sink.partitions else FolderSink)(
            shared.place, sink
        ),
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
        unfit=_unread,
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
    "jdbc": Kind(
        _scanned,
        _TABLES,
        changes=True,
        bounded=True,
        services=("mysql", "kafka"),
        connectors=("jdbc", "kafka"),
        is_topic=_is_plain,
        limit=_limit_of_jdbc,
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


def of_tables(binding: str, tables: Collection[Source | Sink]) -> Kind:
    """The rule of a binding, but for tables that have one of their own; with all that both need."""
    of = {table.name: KINDS[table.binding or binding] for table in tables}
    names = dict.fromkeys(table.binding or binding for table in tables)
    if [*names] == [binding]:
        return _with_formats(KINDS[binding], tables)
    kinds = [KINDS[name] for name in names]
    kind = Kind(
        lambda shared, source: of[source.name].source(shared, source),
        lambda shared, sink: of[sink.name].sink(shared, sink),
        changes=any(kind.changes for kind in kinds),
        bounded=all(of[table.name].bounded for table in tables if isinstance(table, Source)),
        files=any(kind.files for kind in kinds),
        services=tuple(dict.fromkeys(name for kind in kinds for name in kind.services)),
        connectors=tuple(dict.fromkeys(name for kind in kinds for name in kind.connectors)),
        absent={mode: why for kind in kinds for mode, why in kind.absent.items()},
        is_topic=lambda sink: of[sink.name].is_topic(sink),
        limit=lambda table: of[table.name].limit(table),
        unfit=next((kind.unfit for kind in kinds if kind.unfit), None),
    )
    return _with_formats(kind, tables)


def _with_formats(kind: Kind, tables: Collection[Source | Sink]) -> Kind:
    """With what formats on Kafka need: a jar that does not come with Flink, a schema registry."""
    if "kafka" not in kind.connectors or not any(map(is_avro, tables)):
        return kind
    registry = ("registry",) if any(map(is_registered, tables)) else ()
    services = (*kind.services, *registry)
    return replace(kind, connectors=(*kind.connectors, AVRO), services=services)


def check(table: Source | Sink, binding: str) -> None:
    """A ScenarioError where a table cannot attach by its own binding, or by its scenario's."""
    valid = _choices(table)
    told = f"{'source' if isinstance(table, Source) else 'sink'} {table.name}"
    if table.binding is not None and table.binding not in valid:
        raise ScenarioError(
            f"{told}: binding {table.binding!r} is none of those that it may have:"
            f" {', '.join(valid)}"
        )
    rows = not KINDS[table.binding or binding].changes
    if isinstance(table, Source) and rows and not _is_topic(table):
        raise ScenarioError(f"{told} gives changes, {binding} takes rows")


def _choices(table: Source | Sink) -> Sequence[str]:
    """The bindings that a table may have of its own: those that attach it in a way of theirs."""
    if changes_are_messages(table):
        return ("kafka",)
    if isinstance(table, Source):
        return ("cdc", "debezium", "jdbc") if table.key else ("files", "kafka", "jdbc")
    if table.partitions:
        return ("files", "kafka", "hive", "parquet")
    return ("files", "kafka", "jdbc") if table.key else ("files", "kafka")


__all__ = ["KINDS", "Attached", "Kind", "Place"]
