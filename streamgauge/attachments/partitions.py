"""Folders of Parquet files, by Hive's way of naming them: what sinks with partitions are."""

from __future__ import annotations

import shutil
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from datetime import timezone
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pyarrow.parquet

from streamgauge.attachments import Arrival, inserts_tell, of_file
from streamgauge.attachments.ddl import create_table, named, with_own
from streamgauge.attachments.place import Place
from streamgauge.files import uri
from streamgauge.tables import Sink
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Column, Row
from streamgauge.zones import UTC

_SUCCESS = "_SUCCESS"
_HIDDEN = ("_", ".")


class Partition(NamedTuple):
    """A committed partition: where its files lie, and the texts of its columns."""

    folder: Path
    values: tuple[str, ...]


class Partitions:
    """Partitions are folders, each with a `_SUCCESS` file when it is committed.

    A partition is committed at every checkpoint that finishes files of it, and counts from then.
    """

    def __init__(self, place: Place, sink: Sink) -> None:
        self.sink = sink
        # Whatever this machine calls midnight.
        self.settings: Mapping[str, str] = {"table.local-time-zone": place.zone}
        self.tells = inserts_tell(sink)
        # In which times without one are written, where a writer takes them for those of a zone.
        self._written_in = UTC
        self._folder = warehouse(place) / sink.name
        self._arrivals: list[Arrival] = []
        # A file is seen when it is whole, and does not change any more.
        self._seen: set[Path] = set()

    def ddl(self) -> list[str]:
        """A filesystem table of Parquet files."""
        options = {
            "connector": "filesystem",
            "path": uri(self._folder),
            "format": "parquet",
            "parquet.utc-timezone": "true",
            **committed_by("success-file"),
        }
        sink = self.sink
        own = with_own(sink, options)
        return [create_table(self.target(), sink.schema, (), own, (), sink.partitions)]

    def target(self) -> str:
        """The sink's name."""
        return named(self.sink.name)

    def create(self) -> None:
        """Make the folder."""
        self._folder.mkdir(parents=True)

    def partitions(self) -> list[Partition]:
        """The partitions that are committed, by name: the folders with a `_SUCCESS` file."""
        found = sorted(self._folder.glob("*/" * len(self.sink.partitions) + _SUCCESS))
        return [Partition(file.parent, _values(file.parent, self.sink)) for file in found]

    def read(self) -> Sequence[Arrival]:
        """The rows of the committed partitions."""
        for file, values in self._files():
            if file not in self._seen:
                more = _parsed(self.sink, values)
                rows = ((*row, *more) for row in self.rows_of(file))
                self._arrivals += of_file(file, (Change("+I", row) for row in rows))
                self._seen.add(file)
        return self._arrivals

    def rows_of(self, file: Path) -> list[Row]:
        """What is in a finished file: all columns but those of its partition."""
        return _rows(file, _in_files(self.sink), self._written_in)

    def count(self) -> int:
        """The rows of the committed partitions, as their files tell them."""
        return sum(pyarrow.parquet.read_metadata(file).num_rows for file, _ in self._files())

    def raw(self) -> None:
        """It is always read."""

    def drop(self) -> None:
        """Remove the folder."""
        if self._folder.exists():
            shutil.rmtree(self._folder)

    def _files(self) -> Iterator[tuple[Path, tuple[str, ...]]]:
        """The finished files, with the values of their partitions."""
        for folder, values in self.partitions():
            for file in sorted(folder.iterdir()):
                if not file.name.startswith(_HIDDEN):
                    yield file, values


def warehouse(place: Place) -> Path:
    """Where the folders of a run's tables with partitions lie."""
    return place.folder / "warehouse"


def committed_by(policy: str) -> dict[str, str]:
    """The options that commit a partition at each checkpoint that adds to it."""
    return {
        "sink.partition-commit.trigger": "process-time",
        "sink.partition-commit.delay": "0 s",
        "sink.partition-commit.policy.kind": policy,
    }


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


def _rows(file: Path, columns: Sequence[Column], zone: str) -> list[Row]:
    """The rows of a Parquet file; its INT96 timestamps are moments, of times in `zone`."""
    with pyarrow.parquet.ParquetFile(file, coerce_int96_timestamp_unit="us") as opened:
        table = opened.read([column.name for column in columns])
    return list(zip(*(_values_of(column, table[column.name], zone) for column in columns)))


def _values_of(column: Column, told: pyarrow.ChunkedArray, zone: str) -> Sequence[Any]:
    """Those of a Parquet file's column; a moment is there without a zone, in UTC."""
    values: list[Any] = told.to_pylist()
    if column.kind not in ("TIMESTAMP", "TIMESTAMP_LTZ"):
        return values
    moments = (value and value.replace(tzinfo=timezone.utc) for value in values)
    if column.kind == "TIMESTAMP_LTZ":
        return list(moments)
    if zone == UTC:
        return values
    there = zoneinfo.ZoneInfo(zone)
    return [moment and moment.astimezone(there).replace(tzinfo=None) for moment in moments]
