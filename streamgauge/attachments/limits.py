"""What an attachment has no way to hold, of tables that are right by themselves."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Union

from streamgauge.own_options import changes_are_messages
from streamgauge.tables import Sink, Source
from streamgauge.values.inputs import Message
from streamgauge.values.nested import NESTED

Table = Union[Source, Sink]
# What MySQL's identifiers are made of: two bytes of UTF-16 a character.
_LAST = "\uffff"


_NOT_BY_JDBC = ("BINARY", "VARBINARY", "TIMESTAMP_LTZ")
# "Flink doesn't support converting type TIME(0) to Hive type yet", and so on (1.20.5).
_NOT_IN_HIVE = ("TIME", "TIMESTAMP_LTZ", "BINARY", "VARBINARY")


def of_files(table: Table) -> str | None:
    """Why a folder cannot have the table, if it cannot."""
    if isinstance(table, Source) and (table.idle or table.alignment):
        return f"files have no partitions, of which {table.name} says when they are idle or wait"
    return _of_messages("files have", table)


def of_batch(table: Table) -> str | None:
    """Why a batch cannot have the table, if it cannot."""
    if isinstance(table, Source) and changes_are_messages(table):
        return f"a batch of Flink's reads rows, and {table.name} gives changes in {table.format}"
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
    return _of_kinds("MySQL", table, NESTED)


def of_jdbc(table: Table) -> str | None:
    """Why Flink's JDBC connector cannot write the table, or read it, if it cannot."""
    if isinstance(table, Source) and table.time:
        return f"a table in MySQL, as {table.name} is, has no order by which rows come in time"
    if told := _of_messages("MySQL has", table):
        return told
    for name in table.schema.names:
        # It makes a parameter `:name` of each, whose name ends where one of Java does.
        if not f"_{name}".replace("$", "_").isidentifier():
            return f"Flink's JDBC connector has no parameter for column {name!r} of {table.name}"
    told = _of_kinds("Flink's JDBC connector for MySQL", table, _NOT_BY_JDBC)
    return told or of_mysql(table)


def of_hive(sink: Sink) -> str | None:
    """Why Hive cannot have the table, if it cannot."""
    for name in sink.schema.names:
        if not re.fullmatch("[a-z0-9_]+", name):
            return f"Hive has no column {name!r} of {sink.name}: it has lower case, digits and _"
    return _of_kinds("Flink's Hive connector", sink, _NOT_IN_HIVE) or of_parquet(sink)


def of_parquet(sink: Sink) -> str | None:
    """Why we could not read the table, if so."""
    return _of_kinds("what reads Parquet here", sink, NESTED)


def _of_messages(what: str, table: Table) -> str | None:
    if changes_are_messages(table):
        return f"{what} no {table.format}, in which {table.name} has its changes"
    if isinstance(table, Source) and table.earlier:
        return f"{what} no offset to start from, as {table.name} does"
    rows = table.rows if isinstance(table, Source) else None
    if rows and any(isinstance(row, Message) for row in rows):
        return f"{what} no messages, such as {table.name} has by hand"
    return None


def _of_kinds(what: str, table: Table, lacking: Collection[str]) -> str | None:
    for column in table.schema.columns:
        if column.kind in lacking:
            return f"{what} has no {column.kind}, of which {table.name} has a column {column.name}"
    return None
