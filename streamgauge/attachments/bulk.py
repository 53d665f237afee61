"""Many rows of columns in one statement of MySQL, without a tuple of any."""

from __future__ import annotations

from typing import Any

from pymysql.converters import escape_string

from streamgauge.attachments.ddl import listed, named
from streamgauge.errors import StreamgaugeError
from streamgauge.tables import Source
from streamgauge.values.columns import Columns
from streamgauge.values.notation import Notation
from streamgauge.values.text import to_text

_GOING = ("-D", "-U")


def _literal(value: Any) -> bytes:
    if value is None:
        return b"NULL"
    if isinstance(value, bytes):
        return _blob(value)
    if isinstance(value, (bool, int, float)):
        return str(to_text(value)).encode()
    return b"'" + _inside(str(value)) + b"'"


def _inside(text: str) -> bytes:
    return escape_string(text).encode()


def _blob(value: bytes) -> bytes:
    return b"x'" + value.hex().encode() + b"'"


_SQL = Notation(_literal, _inside, _blob, b"'")


def upsert(source: Source, records: Columns) -> bytes:
    """One INSERT of at least one row; each replaces the row that has its key, if one has.

    A StreamgaugeError where a row goes: that is no INSERT.
    """
    if records.ops and not set(records.ops.values()).isdisjoint(_GOING):
        raise StreamgaugeError(f"source {source.name}: a row goes, which cannot be inserted")
    marks = b"(", *[b", "] * (len(records.columns) - 1), b")"
    rows = b", ".join(records.written(_SQL, marks))
    names = source.schema.names
    update = ", ".join(f"{named(name)} = VALUES({named(name)})" for name in names)
    begin = f"INSERT INTO {named(source.name)} ({listed(names)}) VALUES "
    return b"%b%b ON DUPLICATE KEY UPDATE %b" % (begin.encode(), rows, update.encode())
