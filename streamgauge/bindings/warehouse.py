"""Kafka topics in; partitioned Parquet files, MySQL tables and Kafka topics out.

A sink with partitions is a folder of Parquet files, by Hive's way of naming
them, with a key a table in MySQL, and else a topic.
"""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pyarrow.parquet
from pymetastore.hive_metastore.ttypes import Database

from streamgauge.bindings.ddl import create_table
from streamgauge.bindings.kafka import Kafka
from streamgauge.bindings.mysql_tables import MysqlTables
from streamgauge.bindings.place import Place
from streamgauge.bindings.topics import Offsets
from streamgauge.scenario import Feed, Sink, Source
from streamgauge.services import metastore
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Column, Row, Schema

_SUCCESS = "_SUCCESS"
_HIDDEN = ("_", ".")
_ALL = -1
_SETTINGS = {
    # Whatever this machine calls midnight.
    "table.local-time-zone": "UTC",
    # Flink 2.3 refuses plain inserts into a table with a key, for a key could come twice. Then
    # the last row stays, as on all lines before. Those do not know the setting.
    "table.exec.sink.require-on-conflict": "false",
}
_HIVE_SITE = """\
<configuration>
  <property><name>hive.metastore.uris</name><value>thrift://{address}</value></property>
</configuration>
"""


class Partition(NamedTuple):
    """A committed partition: where its files lie, and the texts of its columns."""

    folder: Path
    values: tuple[str, ...]


class Warehouse(ABC):
    """Plain topics in. What is special is where sinks with partitions go.

    A partition is committed at every checkpoint that finishes files of it, and counts from then.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._kafka = Kafka(place)
        self._database = MysqlTables(place.services["mysql"], f"{place.name}_to")
        self.bounded = self._kafka.bounded
        self.settings: Mapping[str, str] = {**self._kafka.settings, **_SETTINGS}
        # A file is seen when it is whole, and does not change any more.
        self._files: dict[Path, list[Row]] = {}

    @abstractmethod
    def partitioned_ddl(self, sink: Sink) -> list[str]:
        """The CREATE statements of a sink with partitions."""

    @abstractmethod
    def partitions(self, sink: Sink) -> list[Partition]:
        """The partitions that are committed, by name."""

    def source_ddl(self, source: Source) -> list[str]:
        """A table that reads a topic from its beginning."""
        return self._kafka.source_ddl(source)

    def sink_ddl(self, sink: Sink) -> list[str]:
        """A table of partitioned files, a JDBC table, or one that writes to a topic."""
        if sink.partitions:
            return self.partitioned_ddl(sink)
        return [self._database.jdbc_ddl(sink)] if sink.key else self._kafka.sink_ddl(sink)

    def target(self, sink: Sink) -> str:
        """The sink's name."""
        return sink.name

    def create(self, sources: Sequence[Source], sinks: Sequence[Sink]) -> None:
        """Make the topics, the database with its tables and the warehouse's folder."""
        self._folder.mkdir(parents=True)
        self._database.create([sink for sink in sinks if sink.key])
        self._kafka.create(sources, [s for s in sinks if not s.key and not s.partitions])

    def feed(self, records: Feed) -> None:
        """Produce the rows."""
        self._kafka.feed(records)

    def consumed(self, read: Offsets) -> bool:
        """Whether the job has taken in all rows."""
        return self._kafka.consumed(read)

    def read(self, sink: Sink) -> Sequence[Change]:
        """The rows of the committed partitions, the table as it is, or all the topic holds."""
        if sink.partitions:
            return [
                Change("+I", (*row, *_parsed(sink, values)))
                for folder, values in self.partitions(sink)
                for row in self._rows(sink, folder)
            ]
        return self._database.read(sink) if sink.key else self._kafka.read(sink)

    def drop(self) -> None:
        """Remove all that was made."""
        self._kafka.drop()
        self._database.drop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _rows(self, sink: Sink, folder: Path) -> list[Row]:
        """The rows of all finished files."""
        files = [file for file in sorted(folder.iterdir()) if not file.name.startswith(_HIDDEN)]
        for file in files:
            if file not in self._files:
                self._files[file] = _read(file, _in_files(sink))
        return [row for file in files for row in self._files[file]]

    @property
    def _folder(self) -> Path:
        return self._place.folder / "warehouse"


class Parquet(Warehouse):
    """Partitions are folders, each with a `_SUCCESS` file when it is committed."""

    def partitioned_ddl(self, sink: Sink) -> list[str]:
        """A filesystem table of Parquet files."""
        options = {
            "connector": "filesystem",
            "path": self._at(sink).as_uri(),
            "format": "parquet",
            "parquet.utc-timezone": "true",
            **_committed_by("success-file"),
        }
        return [_partitioned(create_table(sink.name, sink.schema, (), options), sink)]

    def partitions(self, sink: Sink) -> list[Partition]:
        """The folders with a `_SUCCESS` file."""
        found = sorted(self._at(sink).glob("*/" * len(sink.partitions) + _SUCCESS))
        return [Partition(file.parent, _values(file.parent, sink)) for file in found]

    def _at(self, sink: Sink) -> Path:
        return self._folder / sink.name


class Hive(Warehouse):
    """Partitions are committed when the metastore lists them; who reads asks it alone."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._address = place.services["metastore"]
        self._made = False

    def partitioned_ddl(self, sink: Sink) -> list[str]:
        """A catalog, and a table in it: a Hive table is nowhere else."""
        catalog = {"type": "hive", "hive-conf-dir": str(self._conf)}
        options = {
            "connector": "hive",
            "hive.storage.file-format": "parquet",
            **_committed_by("metastore,success-file"),
        }
        table = create_table(sink.name, _hive_schema(sink.schema), (), options)
        table = table.replace(f"`{sink.name}`", self.target(sink), 1)
        return [_create_catalog(_catalog(sink), catalog), _partitioned(table, sink)]

    def target(self, sink: Sink) -> str:
        """For partitions, the path of the table in its catalog."""
        path = (_catalog(sink), self._place.name, sink.name)
        return ".".join(f"`{name}`" for name in path) if sink.partitions else sink.name

    def create(self, sources: Sequence[Source], sinks: Sequence[Sink]) -> None:
        """Make all that is not Hive's, then a database with a folder of our own."""
        super().create(sources, sinks)
        self._conf.mkdir()
        (self._conf / "hive-site.xml").write_text(_HIVE_SITE.format(address=self._address))
        with metastore.connect(self._address) as client:
            client.create_database(Database(self._place.name, "", self._folder.as_uri(), {}))
        self._made = True

    def partitions(self, sink: Sink) -> list[Partition]:
        """What the metastore lists."""
        with metastore.connect(self._address) as client:
            listed = client.get_partitions(self._place.name, sink.name, _ALL)
        return sorted(Partition(_local(p.sd.location), tuple(p.values)) for p in listed)

    def drop(self) -> None:
        """Drop the database as well."""
        if self._made:
            with metastore.connect(self._address) as client:
                client.drop_database(self._place.name, deleteData=False, cascade=True)
        super().drop()

    @property
    def _conf(self) -> Path:
        return self._place.folder / "hive-conf"


def _committed_by(policy: str) -> dict[str, str]:
    """Commit a partition at each checkpoint that adds to it."""
    return {
        "sink.partition-commit.trigger": "process-time",
        "sink.partition-commit.delay": "0 s",
        "sink.partition-commit.policy.kind": policy,
    }


def _partitioned(create: str, sink: Sink) -> str:
    """The CREATE TABLE with the sink's partitions."""
    columns = ", ".join(f"`{name}`" for name in sink.partitions)
    return create.replace("\n) WITH (", f"\n) PARTITIONED BY ({columns}) WITH (", 1)


def _create_catalog(name: str, options: Mapping[str, str]) -> str:
    settings = ",\n".join(f"  '{key}' = '{value}'" for key, value in options.items())
    return f"CREATE CATALOG `{name}` WITH (\n{settings}\n)"


def _catalog(sink: Sink) -> str:
    """One a sink: its DDL stands alone."""
    return f"hive_{sink.name}"


def _hive_schema(schema: Schema) -> Schema:
    """Hive has one timestamp, with nanoseconds."""
    return Schema(
        tuple(
            replace(column, type="TIMESTAMP(9)") if column.kind == "TIMESTAMP" else column
            for column in schema.columns
        )
    )


def _local(location: str) -> Path:
    return Path(unquote(urlsplit(location).path))


def _values(folder: Path, sink: Sink) -> tuple[str, ...]:
    """The texts in the folder's path: `dt=2026-01-01/hr=07`."""
    parts = folder.parts[-len(sink.partitions) :]
    return tuple(unquote(part.partition("=")[2]) for part in parts)


def _in_files(sink: Sink) -> list[Column]:
    return [column for column in sink.schema.columns if column.name not in sink.partitions]


def _parsed(sink: Sink, values: Sequence[str]) -> Row:
    """The values of the partition's columns."""
    columns = (sink.schema.column(name) for name in sink.partitions)
    return tuple(column.parse(value) for column, value in zip(columns, values))


def _read(file: Path, columns: Sequence[Column]) -> list[Row]:
    """The rows of a Parquet file; its INT96 timestamps are in UTC."""
    with pyarrow.parquet.ParquetFile(file, coerce_int96_timestamp_unit="us") as opened:
        table = opened.read([column.name for column in columns])
    return list(zip(*(table[column.name].to_pylist() for column in columns)))
