"""MySQL tables: changes applied to them, rows upserted into them over JDBC."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Union

import pymysql

from streamgauge.bindings.ddl import create_table
from streamgauge.scenario import Feed, Sink, Source
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.mysql import connect
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Record
from streamgauge.values.schema import Column, Row

# Even, for generators that mean two changes for the same transaction.
_TRANSACTION = 20
_USUAL = {
    "STRING": "VARCHAR(255)",
    "TIMESTAMP": "DATETIME",
    "BOOLEAN": "TINYINT(1)",
    "BYTES": "BLOB",
}
_READ: Mapping[str, Callable[[Any], Any]] = {"BOOLEAN": bool}
_URL_OPTIONS = "useSSL=false&allowPublicKeyRetrieval=true&connectionTimeZone=UTC"

Statement = tuple[str, Sequence[object]]
Table = Union[Source, Sink]
# Each source with its changes.
Transaction = list[tuple[Source, Sequence[Change]]]


class MysqlTables:
    """A database of its own."""

    def __init__(self, address: Endpoint, database: str) -> None:
        self.address = address
        self.database = database
        self._made = False
        self._cut: set[str] = set()

    def create(self, tables: Sequence[Table]) -> None:
        """Make the database and its tables."""
        with connect(self.address) as connection, connection.cursor() as cursor:
            self._made = True
            cursor.execute(f"CREATE DATABASE {self.database} CHARACTER SET utf8mb4")
            for table in tables:
                cursor.execute(table_ddl(self.database, table))

    def commit(self, parts: Iterable[Transaction]) -> None:
        """Apply changes, a part in one transaction."""
        with connect(self.address, self.database) as connection:
            for transaction in parts:
                connection.begin()
                with connection.cursor() as cursor:
                    for source, changes in transaction:
                        self._apply(cursor, source, changes)
                connection.commit()

    def _apply(
        self, cursor: pymysql.cursors.Cursor, source: Source, changes: Sequence[Change]
    ) -> None:
        """An update may come in two parts, the first of which deletes."""
        for statement in statements(source, changes, self._cut):
            cursor.execute(*statement)

    def jdbc_ddl(self, sink: Sink) -> str:
        """A JDBC table that upserts by its primary key."""
        options = {
            "connector": "jdbc",
            "url": f"jdbc:mysql://{self.address}/{self.database}?{_URL_OPTIONS}",
            "username": self.address.user,
            "password": self.address.password,
            "table-name": sink.name,
            "sink.buffer-flush.interval": "100ms",
        }
        return create_table(sink.name, sink.schema, sink.key, options)

    def read(self, sink: Sink) -> Sequence[Change]:
        """The table as it is now: a table tells no changes, so each row is an insert."""
        with connect(self.address, self.database) as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT {_names(sink.schema.names)} FROM {sink.name}")
            return [Change("+I", _row(sink, row)) for row in cursor.fetchall()]

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement of SQL in the database, in a transaction of its own."""
        with connect(self.address, self.database) as connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)

    def position(self) -> tuple[str, int]:
        """The end of the binlog: its file, and the offset in it."""
        with connect(self.address) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW MASTER STATUS")
            ((file, offset, *_),) = cursor.fetchall()
            return file, offset

    def drop(self) -> None:
        """Drop the database, which is ours alone."""
        if self._made:
            with connect(self.address) as connection, connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {self.database}")


def table_ddl(database: str, table: Table) -> str:
    """MySQL's CREATE TABLE of a source or sink."""
    columns = [f"`{c.name}` {mysql_type(c, table.stored)}" for c in table.schema.columns]
    key = f"PRIMARY KEY ({_names(table.key)})"
    return f"CREATE TABLE {database}.{table.name} ({', '.join([*columns, key])})"


def mysql_type(column: Column, stored: Mapping[str, str]) -> str:
    """What `stored` says, else the usual MySQL type of the column's Flink type."""
    usual = column.type.replace(column.kind, _USUAL.get(column.kind, column.kind))
    return stored.get(column.name, usual)


def transactions(records: Feed) -> Iterator[Transaction]:
    """The changes of all sources at `_TRANSACTION` indices at a time; an update is not cut."""
    tables = [(source, _changes(rows)) for source, rows in records]
    start, end = 0, max((len(changes) for _, changes in tables), default=0)
    while start < end:
        stop = start + _TRANSACTION
        while any(change.op == "-U" for _, rows in tables for change in rows[stop - 1 : stop]):
            stop += 1
        yield [(source, changes[start:stop]) for source, changes in tables]
        start = stop


def statements(
    source: Source, changes: Sequence[Change], cut: set[str] | None = None
) -> Iterator[Statement]:
    """SQL and its parameters: a `-U` and the `+U` after it are one UPDATE.

    `cut` holds the sources whose last change was a `-U` without its `+U`, before and
    after: the row is deleted then, and inserted when that comes.
    """
    cut = set() if cut is None else cut
    index = 0
    while index < len(changes):
        first, *second = changes[index : index + 2]
        index += 1
        if first.op == "-U" and second:
            yield _update(source, first.row, second[0].row)
            index += 1
        elif first.op in ("-U", "-D"):
            cut.update([source.name] if first.op == "-U" else [])
            yield _delete(source, first.row)
        elif first.op == "+I" or source.name in cut:
            cut.discard(source.name)
            yield _insert(source, first.row)
        else:
            yield _update(source, first.row, first.row)


def _insert(source: Source, row: Row) -> Statement:
    marks = ", ".join(["%s"] * len(row))
    return f"INSERT INTO {source.name} ({_names(source.schema.names)}) VALUES ({marks})", row


def _update(source: Source, old: Row, new: Row) -> Statement:
    assignments = ", ".join(f"`{name}` = %s" for name in source.schema.names)
    return (
        f"UPDATE {source.name} SET {assignments} WHERE {_where(source)}",
        [*new, *_key(source, old)],
    )


def _delete(source: Source, row: Row) -> Statement:
    return f"DELETE FROM {source.name} WHERE {_where(source)}", _key(source, row)


def _where(source: Source) -> str:
    return " AND ".join(f"`{name}` = %s" for name in source.key)


def _key(source: Source, row: Row) -> list[object]:
    return [row[index] for index in source.schema.indices(source.key)]


def _changes(records: Sequence[Record]) -> list[Change]:
    return [record for record in records if isinstance(record, Change)]


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _row(sink: Sink, row: Row) -> Row:
    """MySQL has no type for some of Flink's."""
    return tuple(
        value if value is None else _READ.get(column.kind, _as_is)(value)
        for column, value in zip(sink.schema.columns, row)
    )


def _as_is(value: Any) -> Any:
    return value
