"""Folders: CSV files in; CSV files out, or changelog lines where there are updates to tell."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from streamgauge.attachments import (
    GONE,
    KEYED,
    OTHER,
    RETRACTED,
    Arrival,
    Progress,
    Raw,
    csv_rows,
    inserts_tell,
    of_file,
)
from streamgauge.attachments.committed import Committed, rolled
from streamgauge.attachments.ddl import clauses, create_table, named, with_own
from streamgauge.attachments.json_rows import Retractions, changelog, encode, insert
from streamgauge.attachments.place import Place
from streamgauge.files import uri
from streamgauge.tables import Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Entry, Rows, only_rows
from streamgauge.values.schema import Row, Schema, as_bytes

_JSON = {"format": "json"}
_CSV = {"format": "csv", "csv.null-literal": csv_rows.NULL}


class FolderSource:
    """A folder with a file of CSV, or of raw lines. The input has an end in both modes."""

    bounded = True
    settings: Mapping[str, str] = {}

    def __init__(self, place: Place, source: Source) -> None:
        self._folder = place.folder / source.name
        self._source = source

    @property
    def feeder(self) -> FolderSource:
        """Files share nothing."""
        return self

    def ddl(self) -> list[str]:
        """A filesystem table of CSV files, or of raw lines."""
        source = self._source
        options = _options(self._folder, {"format": "raw"} if source.raw else {})
        usual = {} if source.raw else form(source)
        own = with_own(source, options, usual)
        return [create_table(named(source.name), source.schema, (), own, clauses(source))]

    def create(self) -> None:
        """Make the folder."""
        self._folder.mkdir(parents=True)

    def feed(self, entries: Sequence[Entry]) -> None:
        """All goes to one file."""
        source, path = self._source, self._folder / "rows.csv"
        rows = only_rows(source.name, [record for _, record in entries])
        if source.raw:
            _write_lines(path, (as_bytes(row[0]) for row in rows))
        elif form(source) == _JSON:
            _write_lines(path, (encode(source.schema, row) for row in rows))
        else:
            _write_csv(path, rows)

    def consumed(self, progress: Progress) -> bool:
        """Whether the job is past them, which may go on over others."""
        return self._source.name not in progress.reading

    def drop(self) -> None:
        """Remove the folder."""
        _remove(self._folder)


class FolderSink:
    """A folder of CSV files, or of Flink's changelog.

    CSV has no way to say that a row replaces another. So in streaming, a sink
    with a primary key gets Flink's changelog as debezium-json lines.
    """

    def __init__(self, place: Place, sink: Sink) -> None:
        self._folder = place.folder / sink.name
        self._sink = sink
        self._rolled = rolled(place)
        self._updates = place.mode == "streaming" and bool(sink.key)
        settings = {**KEYED, **(RETRACTED if self._updates else {})}
        self.settings: Mapping[str, str] = settings if sink.key else {}
        # The lines know rows that come and rows that go, and an insert may find a row that has
        # still to go: it is an update.
        self.tells = frozenset({GONE, OTHER}) if self._updates else inserts_tell(sink)
        self._retractions = Retractions(sink.key_indices)
        self._arrivals: list[Arrival] = []
        self._seen: set[Path] = set()

    def ddl(self) -> list[str]:
        """A filesystem table of CSV or, for updates, debezium-json files."""
        sink = self._sink
        options = _options(self._folder, {"format": "debezium-json"} if self._updates else {})
        usual = {**self._rolled, **({} if self._updates else form(sink))}
        own = with_own(sink, options, usual)
        return [create_table(named(sink.name), sink.schema, sink.key, own)]

    def target(self) -> str:
        """The sink's name."""
        return named(self._sink.name)

    def create(self) -> None:
        """Nothing: Flink makes the folder."""

    def read(self) -> Sequence[Arrival]:
        """The rows of all finished files, in the order they were written."""
        for part in self._parts():
            if part not in self._seen:
                self._arrivals += of_file(part, self._read(part))
                self._seen.add(part)
        return self._arrivals

    def _read(self, part: Path) -> Iterator[Change]:
        if not self._updates:
            return inserts(part, self._sink)
        lines = _changelog(part, self._sink.schema)
        return (change for line in lines for change in self._retractions(line))

    def count(self) -> int:
        """The lines of all finished files."""
        return sum(part.read_bytes().count(b"\n") for part in self._parts())

    def raw(self) -> Raw:
        """Of the bytes of all finished files."""
        parts = self._parts()
        texts = [part.read_bytes() for part in parts]
        digest = hashlib.blake2b(b"\0".join(texts)).digest()
        first = min((part.stat().st_ctime for part in parts), default=None)
        return Raw(digest, sum(text.count(b"\n") for text in texts), first)

    def drop(self) -> None:
        """Remove the folder."""
        _remove(self._folder)

    def _parts(self) -> list[Path]:
        return sorted(self._folder.glob("[!._]*"), key=_written)


class TextPartitions(Committed):
    """Partitions of files of CSV or JSON."""

    def __init__(self, place: Place, sink: Sink) -> None:
        super().__init__(place, sink)
        self.usual = {**form(sink), **rolled(place)}

    def rows_of(self, file: Path) -> Iterator[Row]:
        """What is in a finished file: all columns but those of its partition."""
        return (change.row for change in inserts(file, self.sink, Schema(self.in_files)))

    def count_of(self, file: Path) -> int:
        """Its lines."""
        return file.read_bytes().count(b"\n")


def form(table: Source | Sink) -> Mapping[str, str]:
    """CSV, which has no way to write a value that is made of others; JSON where the table says."""
    own = table.options.get("filesystem", {}).get("format")
    return _JSON if table.schema.is_nested or own == "json" else _CSV


def _options(folder: Path, form: Mapping[str, str]) -> dict[str, str]:
    return {"connector": "filesystem", "path": uri(folder), **form}


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _write_csv(path: Path, rows: Rows) -> None:
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows(map(csv_rows.fields, rows))


def _write_lines(path: Path, messages: Iterable[bytes]) -> None:
    with path.open("ab") as file:
        file.writelines(map(_line, messages))


def _line(raw: bytes) -> bytes:
    """The message with its line's end; a ValueError for one of several lines."""
    if b"\n" in raw or raw.endswith(b"\r"):
        raise ValueError(f"a line of a file cannot hold {raw!r}")
    return raw + b"\n"


def _written(part: Path) -> list[int]:
    """Flink's `part-UUID-SUBTASK-COUNTER`, as numbers: the order of writing."""
    return [int(number) for number in re.findall(r"-(\d+)(?=-|$)", part.name)[-2:]]


def inserts(part: Path, table: Source | Sink, schema: Schema | None = None) -> Iterator[Change]:
    """The rows of a file, which has the table's columns unless a schema says which."""
    schema = schema or table.schema
    if form(table) == _JSON:
        yield from (insert(line, schema) for line in _lines(part))
        return
    with part.open(newline="", encoding="utf-8") as file:
        for texts in csv.reader(file):
            yield Change("+I", csv_rows.read(schema, texts))


def _changelog(part: Path, schema: Schema) -> Iterator[Change]:
    return (changelog(line, schema) for line in _lines(part))


def _lines(part: Path) -> Iterator[str]:
    """Not splitlines, which splits at more than ends a line in these files."""
    return filter(None, part.read_text(encoding="utf-8").split("\n"))
