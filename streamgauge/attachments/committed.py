"""Folders of files, by Hive's way of naming them, of which those count that are committed."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from streamgauge.attachments import Arrival, inserts_tell, of_file
from streamgauge.attachments.ddl import create_table, named, with_own
from streamgauge.attachments.place import Place
from streamgauge.files import uri
from streamgauge.tables import Sink
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Column, Row

POLICY = "sink.partition-commit.policy.kind"
_SUCCESS_NAME = "sink.partition-commit.success-file.name"
_HIDDEN = ("_", ".")


class Partition(NamedTuple):
    """A committed partition: where its files lie, and the texts of its columns."""

    folder: Path
    values: tuple[str, ...]


class Committed(ABC):
    """Partitions are folders, each with a `_SUCCESS` file when it is committed.

    Unless the sink's own options say when, that is at every checkpoint that finishes files of it.
    """

    # Options of its files that are always the same, and those that its own may change.
    fixed: Mapping[str, str] = {}
    usual: Mapping[str, str] = {}

    def __init__(self, place: Place, sink: Sink) -> None:
        self.sink = sink
        # Whatever this machine calls midnight.
        self.settings: Mapping[str, str] = {"table.local-time-zone": place.zone}
        self.tells = inserts_tell(sink)
        self._folder = warehouse(place) / sink.name
        self._success = sink.options.get("filesystem", {}).get(_SUCCESS_NAME, "_SUCCESS")
        self._arrivals: list[Arrival] = []
        # A file is seen when it is whole, and does not change any more.
        self._seen: set[Path] = set()

    def ddl(self) -> list[str]:
        """A filesystem table."""
        options = {"connector": "filesystem", "path": uri(self._folder), **self.fixed}
        usual = {**self.usual, **COMMITTED, POLICY: "success-file"}
        sink = self.sink
        own = with_own(sink, options, usual)
        return [create_table(self.target(), sink.schema, (), own, (), sink.partitions)]

    def target(self) -> str:
        """The sink's name."""
        return named(self.sink.name)

    def create(self) -> None:
        """Make the folder."""
        self._folder.mkdir(parents=True)

    def partitions(self) -> list[Partition]:
        """The partitions that are committed, by name: the folders with a `_SUCCESS` file."""
        found = sorted(self._folder.glob("/".join("*" * len(self.sink.partitions))))
        committed = (folder for folder in found if (folder / self._success).is_file())
        return [Partition(folder, _values(folder, self.sink)) for folder in committed]

    def read(self) -> Sequence[Arrival]:
        """The rows of the committed partitions."""
        for file, values in self._files():
            if file not in self._seen:
                more = _parsed(self.sink, values)
                rows = ((*row, *more) for row in self.rows_of(file))
                self._arrivals += of_file(file, (Change("+I", row) for row in rows))
                self._seen.add(file)
        return self._arrivals

    @abstractmethod
    def rows_of(self, file: Path) -> Iterable[Row]:
        """What is in a finished file: all columns but those of its partition."""

    @abstractmethod
    def count_of(self, file: Path) -> int:
        """How many rows are in a finished file."""

    def count(self) -> int:
        """The rows of the committed partitions."""
        return sum(self.count_of(file) for file, _ in self._files())

    def raw(self) -> None:  # noqa: B027 - it is no abstract one
        """It is always read."""

    def drop(self) -> None:
        """Remove the folder."""
        if self._folder.exists():
            shutil.rmtree(self._folder)

    @property
    def in_files(self) -> tuple[Column, ...]:
        """The columns that are not in names of folders."""
        columns = self.sink.schema.columns
        return tuple(each for each in columns if each.name not in self.sink.partitions)

    def _files(self) -> Iterator[tuple[Path, tuple[str, ...]]]:
        """The finished files, with the values of their partitions."""
        for folder, values in self.partitions():
            for file in sorted(folder.iterdir()):
                if not file.name.startswith(_HIDDEN) and file.name != self._success:
                    yield file, values


def warehouse(place: Place) -> Path:
    """Where the folders of a run's tables with partitions lie."""
    return place.folder / "warehouse"


_ROLLED: Mapping[str, str] = {
    "sink.rolling-policy.rollover-interval": "500 ms",
    "sink.rolling-policy.check-interval": "100 ms",
}
# A partition is committed at each checkpoint that adds to it.
COMMITTED: Mapping[str, str] = {
    "sink.partition-commit.trigger": "process-time",
    "sink.partition-commit.delay": "0 s",
}


def rolled(place: Place) -> Mapping[str, str]:
    """Without an end a file of lines is finished soon, and committed with the next checkpoint."""
    return {} if place.mode == "batch" or place.ends else _ROLLED


def _values(folder: Path, sink: Sink) -> tuple[str, ...]:
    """The texts in the folder's path: `dt=2026-01-01/hr=07`."""
    parts = folder.parts[-len(sink.partitions) :]
    return tuple(unquote(part.partition("=")[2]) for part in parts)


def _parsed(sink: Sink, values: Sequence[str]) -> Row:
    """The values of the partition's columns."""
    columns = (sink.schema.column(name) for name in sink.partitions)
    return tuple(column.parse(value) for column, value in zip(columns, values))
