"""MySQL tables in by Debezium: binlog -> Kafka Connect -> Kafka -> `debezium-json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from streamgauge.bindings.connector import Connector
from streamgauge.bindings.ddl import create_table, watermark
from streamgauge.bindings.mixed import Mixed
from streamgauge.bindings.mysql_tables import transactions
from streamgauge.bindings.place import Place
from streamgauge.bindings.topics import Offsets, all_consumed, create_topics, delete_topics
from streamgauge.scenario import Feed, Sink, Source
from streamgauge.values.schema import Column, Schema
from streamgauge.waiting import wait_for

_SECONDS = 60
# A table of ours whose one change after all others tells that those have arrived.
_FENCE = "streamgauge_fence"
# The column of the table that has the watermark; the view gives it the declared name.
_TIME = "event_time"
# What Debezium has no JSON for that Flink's format reads: the type it has, and how to convert it.
_CONVERTED: Mapping[str, tuple[str, str]] = {
    "TIMESTAMP": ("STRING", "CAST(REPLACE(REPLACE({0}, 'T', ' '), 'Z', '') AS {1})"),
    "DATE": ("STRING", "CAST(REPLACE({0}, 'Z', '') AS {1})"),
    "BOOLEAN": ("INT", "{0} <> 0"),
}


class Debezium(Mixed):
    """One connector a run, for all tables, which go to a topic each."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._fence: tuple[str, int] | None = None
        self._topics: dict[str, int] = {}

    def changes_ddl(self, source: Source) -> list[str]:
        """A table of Debezium's JSON and, where types differ, a view that converts."""
        options = {
            **self._kafka.source_options(source),
            "topic": self._topic(source.name),
            "format": "debezium-json",
        }
        if not any(column.kind in _CONVERTED for column in source.schema.columns):
            return [create_table(source.name, source.schema, source.key, options)]
        raw = Schema(tuple(map(_physical, source.schema.columns)))
        name, time = f"{source.name}_json", _time(source)
        return [create_table(name, raw, source.key, options, time), _view(source, name)]

    def create(self, sources: Sequence[Source], sinks: Sequence[Sink]) -> None:
        """Make databases and topics.

        Where a table has a time, its history matters: the connector begins with
        the empty tables, and not with a snapshot of what was fed first.
        """
        super().create(sources, sinks)
        self._origin.execute(f"CREATE TABLE {_FENCE} (n BIGINT AUTO_INCREMENT PRIMARY KEY)")
        tables = [source for source in sources if source.key]
        self._topics = {self._topic(table.name): self._place.partitions for table in tables}
        create_topics(self._place.services["kafka"], {**self._topics, **self._own_topics()})
        if any(table.time for table in tables):
            self._raise_fence()
            self._connector.start()
            wait_for(self.arrived, bool, _SECONDS, lambda _: "Debezium has taken no snapshot")

    def apply(self, records: Feed) -> None:
        """Apply the changes; a first snapshot is taken while half of them are written."""
        parts = list(transactions(records))
        before = 0 if self._connector.started else len(parts) // 2
        self._origin.commit(parts[:before])
        if not self._connector.started:
            self._connector.start()
        self._origin.commit(parts[before:])
        self._raise_fence()

    def arrived(self) -> bool:
        """Whether Kafka has all changes so far. A StreamgaugeError where the connector failed."""
        return self._fence is None or self._connector.is_past(self._fence)

    def consumed(self, read: Offsets) -> bool:
        """Whether Kafka has all, and the job has taken it in."""
        kafka, group = self._place.services["kafka"], self._place.name
        read_changes = self.arrived() and all_consumed(kafka, group, self._topics, read)
        return read_changes and super().consumed(read)

    def drop(self) -> None:
        """End the connector, drop the databases and delete the topics."""
        self._connector.stop()
        super().drop()
        if self._topics:
            delete_topics(self._place.services["kafka"], [*self._topics, *self._own_topics()])

    @cached_property
    def _connector(self) -> Connector:
        """Not there yet for DDL alone."""
        services = self._place.services
        kafka, mysql = services["kafka"], services["mysql"]
        name, database = self._place.name, self._origin.database
        return Connector(services["connect"], kafka, mysql, name, database)

    def _topic(self, table: str) -> str:
        return f"{self._place.name}.{self._origin.database}.{table}"

    def _own_topics(self) -> dict[str, int]:
        return {self._topic(_FENCE): 1, self._connector.history_topic: 1}

    def _raise_fence(self) -> None:
        """A change that comes after all others, and the place in the binlog that it is past."""
        self._fence = self._origin.position()
        self._origin.execute(f"INSERT INTO {_FENCE} () VALUES ()")


def _physical(column: Column) -> Column:
    type_, _ = _CONVERTED.get(column.kind, (column.type, ""))
    return Column(column.name, type_)


def _expression(column: Column) -> str:
    """The column's value, out of what Debezium's JSON has."""
    _, conversion = _CONVERTED.get(column.kind, ("", "{0}"))
    return conversion.format(f"`{column.name}`", column.type)


def _time(source: Source) -> list[str]:
    """Event time as a column of its own, and its watermark."""
    if source.time is None:
        return []
    computed = replace(
        source, schema=Schema((Column(_TIME, "TIMESTAMP(3)"),)), key=(), time=_TIME, stored={}
    )
    value = _expression(source.schema.column(source.time))
    return [f"`{_TIME}` AS {value}", *watermark(computed)]


def _view(source: Source, raw: str) -> str:
    """The columns as they are declared."""
    values = {column.name: _expression(column) for column in source.schema.columns}
    if source.time:
        values[source.time] = f"`{_TIME}`"
    selected = ",\n".join(f"  {value} AS `{name}`" for name, value in values.items())
    return f"CREATE VIEW `{source.name}` AS SELECT\n{selected}\nFROM `{raw}`"
