"""Rows as fields of CSV, in which a text stands for NULL: of files and of messages alike."""

from __future__ import annotations

from collections.abc import Iterable

from streamgauge.values.schema import Row, Schema
from streamgauge.values.text import to_text

# Where a table does not say another.
NULL = r"\N"


def fields(row: Row, null: str = NULL) -> list[str]:
    """A text a column. A ValueError for one that would come as NULL."""
    if null in row:
        raise ValueError(f"{null!r} is NULL in this CSV, and cannot be a text in {row}")
    return [null if value is None else str(to_text(value)) for value in row]


def read(schema: Schema, texts: Iterable[str], null: str = NULL) -> Row:
    """A row of one text a column."""
    return schema.parse([None if text == null else text for text in texts])
