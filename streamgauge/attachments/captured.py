"""MySQL tables in by Debezium: binlog -> Kafka Connect -> Kafka -> `debezium-json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property

from streamgauge.attachments import Progress
from streamgauge.attachments.binlog import changes
from streamgauge.attachments.broker import create_topics, delete_topics
from streamgauge.attachments.connector import Connector
from streamgauge.attachments.database import Database, Position, table_ddl
from streamgauge.attachments.ddl import create_table, named, watermark, with_own
from streamgauge.attachments.place import Place
from streamgauge.attachments.topic import CHECKPOINTS, Topics
from streamgauge.attachments.transactions import transactions
from streamgauge.tables import Source
from streamgauge.values.inputs import Entry
from streamgauge.values.schema import Column, Schema
from streamgauge.waiting import wait_for

_SECONDS = 60
# A table of ours whose one change after all others tells that those have arrived.
_FENCE = "streamgauge_fence"
# What Debezium has no JSON for that Flink's format reads: the type it has, and how to convert it.
_CONVERTED: Mapping[str, tuple[str, str]] = {
    "TIMESTAMP": ("STRING", "CAST(REPLACE(REPLACE({0}, 'T', ' '), 'Z', '') AS {1})"),
    "DATE": ("STRING", "CAST(REPLACE({0}, 'Z', '') AS {1})"),
    "TIME": ("STRING", "CAST(REPLACE({0}, 'Z', '') AS {1})"),
    "BOOLEAN": ("INT", "{0} <> 0"),
}


class Capture:
    """The one connector of a run, for all tables of its database, which go to a topic each."""

    def __init__(self, place: Place, database: Database, topics: Topics) -> None:
        self.database = database
        self.topics = topics
        self._place = place
        self._kafka = place.services["kafka"]
        self._sources: dict[str, Source] = {}
        self._made: list[str] = []
        self._fence: Position | None = None

    def topic(self, table: str) -> str:
        """The topic of a table's changes."""
        return f"{self._place.name}.{self.database.name}.{table}"

    def add(self, source: Source) -> None:
        """A table that is to be made and captured."""
        self.database.add(table_ddl(source))
        self._sources[source.name] = source

    def create(self) -> None:
        """Make all tables and their topics, when the first asks for that, with our own beside."""
        if self._made:
            return
        self.database.add(f"CREATE TABLE {_FENCE} (n BIGINT AUTO_INCREMENT PRIMARY KEY)")
        self.database.create()
        topics = {self.topic(_FENCE): 1, self._connector.history_topic: 1, **self._tables()}
        self._made = list(topics)
        create_topics(self._kafka, topics)

    def _tables(self) -> dict[str, int]:
        """The topics of the tables, and their numbers of partitions."""
        return dict.fromkeys(map(self.topic, self._sources), self._place.partitions)

    def feed(self, entries: Sequence[Entry]) -> None:
        """Apply the changes.

        A first snapshot is taken while half of them are written. But where a table has a
        time its history matters: there the connector begins with the empty tables.
        """
        if not self._connector.started and any(s.time for s in self._sources.values()):
            self._raise_fence()
            self._connector.start()
            wait_for(self.arrived, bool, _SECONDS, lambda _: "Debezium has taken no snapshot")
        parts = list(transactions(changes(self._sources, entries)))
        before = 0 if self._connector.started else len(parts) // 2
        self.database.commit(parts[:before])
        if self._connector.started:
            self._connector.keep()
        else:
            self._connector.start()
        self.database.commit(parts[before:])
        self._raise_fence()

    def arrived(self) -> bool:
        """Whether Kafka has all changes so far. A StreamgaugeError where the connector failed."""
        return self._fence is None or self._connector.is_past(self._fence)

    def consumed(self, progress: Progress) -> bool:
        """Whether Kafka has all, and the job has taken it in."""
        return self.arrived() and self.topics.listener.all_consumed(
            self._tables(), progress.offsets
        )

    def drop(self) -> None:
        """End the connector, then drop the database and delete the topics."""
        with ExitStack() as stack:
            stack.callback(self.topics.drop)
            stack.callback(self._delete_topics)
            stack.callback(self.database.drop)
            if self._made:
                stack.callback(self._connector.stop)

    def _delete_topics(self) -> None:
        if self._made:
            delete_topics(self._kafka, self._made)
            self._made = []

    @cached_property
    def _connector(self) -> Connector:
        """Not there yet for DDL alone."""
        services = self._place.services
        kafka, mysql = services["kafka"], services["mysql"]
        return Connector(services["connect"], kafka, mysql, self._place.name, self.database.name)

    def _raise_fence(self) -> None:
        """A change that comes after all others, and the place in the binlog that it is past."""
        self._fence = self.database.position()
        self.database.execute(f"INSERT INTO {_FENCE} () VALUES ()")


class CapturedTable:
    """A table whose changes Debezium captures."""

    bounded = False
    settings = CHECKPOINTS

    def __init__(self, capture: Capture, source: Source) -> None:
        self.feeder = capture
        self._source = source
        capture.add(source)

    def ddl(self) -> list[str]:
        """A table of Debezium's JSON and, where types differ, a view that converts."""
        source, capture = self._source, self.feeder
        reading = capture.topics.reading(source, capture.topic(source.name))
        options = with_own(source, {**reading, **_form(source)})
        if not any(_conversion(source, column) for column in source.schema.columns):
            at = named(source.name)
            return [create_table(at, source.schema, source.key, options, watermark(source))]
        raw = Schema(tuple(_physical(source, column) for column in source.schema.columns))
        name, time = f"{source.name}_json", _time(source)
        return [create_table(named(name), raw, source.key, options, time), _view(source, name)]

    def create(self) -> None:
        """Make the table and the topic of its changes, with those of all others."""
        self.feeder.create()

    def drop(self) -> None:
        """End the capture of all tables, with what was made for them."""
        self.feeder.drop()


def _form(source: Source) -> Mapping[str, str]:
    """Debezium's JSON, with its way to write a time in UTC where there are any."""
    zoned = any(column.kind == "TIMESTAMP_LTZ" for column in source.schema.columns)
    written = {"debezium-json.timestamp-format.standard": "ISO-8601"} if zoned else {}
    return {"format": "debezium-json", **written}


def _conversion(source: Source, column: Column) -> tuple[str, str] | None:
    """Of a column, where it has one: of a BIT(1) Debezium makes a truth by itself."""
    is_bit = source.stored.get(column.name, "").upper().startswith("BIT")
    return None if is_bit else _CONVERTED.get(column.kind)


def _physical(source: Source, column: Column) -> Column:
    type_, _ = _conversion(source, column) or (column.type, "")
    return replace(column, type=type_)


def _expression(source: Source, column: Column) -> str:
    """The column's value, out of what Debezium's JSON has."""
    _, conversion = _conversion(source, column) or ("", "{0}")
    return conversion.format(named(column.name), column.type)


def _time(source: Source) -> list[str]:
    """Event time as a column of its own, and its watermark."""
    if source.time is None:
        return []
    name = _time_name(source)
    column = source.schema.column(source.time)
    computed = replace(
        source, schema=Schema((replace(column, name=name),)), key=(), time=name, stored={}
    )
    value = _expression(source, column)
    return [f"{named(name)} AS {value}", *watermark(computed)]


def _time_name(source: Source) -> str:
    """The column that has the watermark; the view gives it the declared name."""
    name = "event_time"
    while name in source.schema.names:
        name = f"{name}_"
    return name


def _view(source: Source, raw: str) -> str:
    """The columns as they are declared."""
    values = {column.name: _expression(source, column) for column in source.schema.columns}
    if source.time:
        values[source.time] = named(_time_name(source))
    selected = ",\n".join(f"  {value} AS {named(name)}" for name, value in values.items())
    return f"CREATE VIEW {named(source.name)} AS SELECT\n{selected}\nFROM {named(raw)}"
