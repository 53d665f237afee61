"""CSV files in; CSV files out, or changelog lines where there are updates to tell."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from streamgauge.bindings.ddl import create_table, watermark
from streamgauge.bindings.place import Place
from streamgauge.scenario import Feed, Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Record
from streamgauge.values.schema import Schema, as_bytes, to_text

_NULL = "\\N"
_CSV = {"format": "csv", "csv.null-literal": _NULL}


class Files:
    """A folder a table. The input has an end in both modes.

    CSV has no way to say that a row replaces another. So in streaming, a sink
    with a primary key gets Flink's changelog as debezium-json lines.
    """

    bounded = True
    settings: Mapping[str, str] = {}

    def __init__(self, place: Place) -> None:
        self._folder = place.folder
        self._streaming = place.mode == "streaming"

    def source_ddl(self, source: Source) -> list[str]:
        """A filesystem table of CSV files, or of raw lines."""
        options = self._options(source.name, {"format": "raw"} if source.raw else _CSV)
        return [create_table(source.name, source.schema, (), options, watermark(source))]

    def sink_ddl(self, sink: Sink) -> list[str]:
        """A filesystem table of CSV or, for updates, debezium-json files."""
        form = {"format": "debezium-json"} if self._updates(sink) else _CSV
        return [create_table(sink.name, sink.schema, (), self._options(sink.name, form))]

    def target(self, sink: Sink) -> str:
        """The sink's name."""
        return sink.name

    def create(self, sources: Sequence[Source], sinks: Sequence[Sink]) -> None:
        """Make the sources' folders."""
        for source in sources:
            self._at(source.name).mkdir(parents=True)

    def feed(self, records: Feed) -> None:
        """One file a source."""
        for source, rows in records:
            write = _write_raw if source.raw else _write_csv
            write(self._at(source.name) / "rows.csv", rows)

    def consumed(self, read: object) -> bool:
        """A job over files ends when it has read them."""
        return True

    def read(self, sink: Sink) -> Sequence[Change]:
        """The rows of all finished files, in the order they were written."""
        read = _changelog if self._updates(sink) else _inserts
        parts = sorted(self._at(sink.name).glob("[!._]*"), key=_written)
        return [change for part in parts for change in read(part, sink.schema)]

    def drop(self) -> None:
        """Remove the folders."""
        shutil.rmtree(self._folder)

    def _updates(self, sink: Sink) -> bool:
        return self._streaming and bool(sink.key)

    def _at(self, table: str) -> Path:
        return self._folder / table

    def _options(self, table: str, form: Mapping[str, str]) -> dict[str, str]:
        return {"connector": "filesystem", "path": self._at(table).as_uri(), **form}


def _write_csv(path: Path, rows: Sequence[Record]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows(map(_fields, rows))


def _write_raw(path: Path, rows: Sequence[Record]) -> None:
    with path.open("wb") as file:
        file.writelines(_line(as_bytes(row[0])) for row in rows)


def _line(raw: bytes) -> bytes:
    """The message with its line's end; a ValueError for one of several lines."""
    if b"\n" in raw or raw.endswith(b"\r"):
        raise ValueError(f"a line of a file cannot hold {raw!r}")
    return raw + b"\n"


def _written(part: Path) -> list[int]:
    """Flink's `part-UUID-SUBTASK-COUNTER`, as numbers: the order of writing."""
    return [int(number) for number in re.findall(r"-(\d+)(?=-|$)", part.name)[-2:]]


def _fields(row: Record) -> list[str]:
    """The row's texts; a ValueError for the text that stands for NULL."""
    if _NULL in row:
        raise ValueError(f"{_NULL} is NULL in these files, and cannot be a text in {row}")
    return [_NULL if value is None else str(to_text(value)) for value in row]


def _inserts(part: Path, schema: Schema) -> list[Change]:
    with part.open(newline="", encoding="utf-8") as file:
        return [
            Change("+I", schema.parse([None if text == _NULL else text for text in texts]))
            for texts in csv.reader(file)
        ]


def _changelog(part: Path, schema: Schema) -> list[Change]:
    # Not splitlines, which splits at more than ends a line in these files.
    lines = part.read_text(encoding="utf-8").split("\n")
    return [_change(json.loads(line, parse_float=Decimal), schema) for line in lines if line]


def _change(envelope: Mapping[str, Any], schema: Schema) -> Change:
    """The format knows two kinds: a row comes (`c`) or goes (`d`)."""
    gone = envelope["op"] == "d"
    row = envelope["before" if gone else "after"]
    values = schema.parse([to_text(row[name]) for name in schema.names])
    return Change("-D" if gone else "+I", values)
