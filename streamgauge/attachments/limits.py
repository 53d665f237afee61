"""What an attachment has no way to hold, of tables that are right by themselves."""

from __future__ import annotations

import re
from typing import Union

from streamgauge.tables import Sink, Source
from streamgauge.values.inputs import Message

Table = Union[Source, Sink]
# What MySQL's identifiers are made of: two bytes of UTF-16 a character.
_LAST = "\uffff"


def of_files(table: Table) -> str | None:
    """Why a folder cannot have the table, if it cannot."""
    rows = table.rows if isinstance(table, Source) else None
    if rows and any(isinstance(row, Message) for row in rows):
        return f"files have no messages, such as {table.name} has by hand"
    return None


def of_mysql(table: Table) -> str | None:
    """Why MySQL cannot have the table, if it cannot."""
    folded: dict[str, str] = {}
    for name in table.schema.names:
        told = f"MySQL has no column {name!r} of {table.name}"
        if name.endswith(" "):
            return f"{told}: a name of it does not end with a space"
        if max(name) > _LAST:
            return f"{told}: its names are of the first 65,536 characters"
        if (other := folded.setdefault(name.lower(), name)) != name:
            return f"{told}: it is the same to it as {other!r}"
    return None


def of_jdbc(sink: Sink) -> str | None:
    """Why Flink's JDBC connector cannot write the table, if it cannot."""
    for name in sink.schema.names:
        # It makes a parameter `:name` of each, whose name ends where one of Java does.
        if not f"_{name}".replace("$", "_").isidentifier():
            return f"Flink's JDBC connector has no parameter for column {name!r} of {sink.name}"
    return of_mysql(sink)


def of_hive(sink: Sink) -> str | None:
    """Why Hive cannot have the table, if it cannot."""
    for name in sink.schema.names:
        if not re.fullmatch("[a-z0-9_]+", name):
            return f"Hive has no column {name!r} of {sink.name}: it has lower case, digits and _"
    return None
