"""Partitions of Parquet files: what sinks with partitions are in a warehouse."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import timezone
from pathlib import Path
from typing import Any

import pyarrow.parquet

from streamgauge.attachments.committed import Committed
from streamgauge.attachments.place import Place
from streamgauge.tables import Sink
from streamgauge.values.schema import Column, Row
from streamgauge.zones import UTC


class Partitions(Committed):
    """Files of Parquet, each of which is finished by a checkpoint."""

    fixed: Mapping[str, str] = {"format": "parquet", "parquet.utc-timezone": "true"}

    def __init__(self, place: Place, sink: Sink) -> None:
        super().__init__(place, sink)
        # In which times without one are written, where a writer takes them for those of a zone.
        self._written_in = UTC

    def rows_of(self, file: Path) -> list[Row]:
        """What is in a finished file: all columns but those of its partition."""
        return _rows(file, self.in_files, self._written_in)

    def count_of(self, file: Path) -> int:
        """How many rows are in a finished file, as that tells."""
        return int(pyarrow.parquet.read_metadata(file).num_rows)


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
