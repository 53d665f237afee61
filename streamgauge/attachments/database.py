"""A MySQL database of a run, and the tables in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Union

import pymysql

from streamgauge.attachments.bulk import upsert
from streamgauge.attachments.ddl import listed, named
from streamgauge.attachments.transactions import Transaction, statements
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.mysql import END_OF_BINLOG, NEWER_END, connect
from streamgauge.tables import Sink, Source
from streamgauge.values.columns import Columns
from streamgauge.values.schema import Column
from streamgauge.zones import UTC

_USUAL = {
    "STRING": "VARCHAR(255)",
    "TIMESTAMP": "DATETIME",
    "TIMESTAMP_LTZ": "TIMESTAMP",
    "BOOLEAN": "TINYINT(1)",
    "BYTES": "BLOB",
}

Table = Union[Source, Sink]
# A place in the binlog: a file, and an offset in it.
Position = tuple[str, int]


class Database:
    """A database of its own, for all tables of a run on the same side of the job.

    `zone`: the server's.
    """

    def __init__(self, address: Endpoint, name: str, zone: str = UTC) -> None:
        self.address = address
        self.name = name
        self.zone = zone
        # Where the history of the empty tables begins.
        self.start: Position | None = None
        # How many changes of each table are in the binlog.
        self.changes: Counter[str] = Counter()
        self._tables: list[str] = []
        self._asked: pymysql.Connection | None = None
        self._end = END_OF_BINLOG
        self._made = False
        self._cut: set[str] = set()

    def add(self, ddl: str) -> None:
        """A CREATE TABLE of what is to be in it."""
        self._tables.append(ddl)

    def create(self) -> None:
        """Make it with all its tables, when the first of them asks for that."""
        if self._made:
            return
        with connect(self.address) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {named(self.name)} CHARACTER SET utf8mb4")
            self._made = True
            connection.select_db(self.name)
            for ddl in self._tables:
                cursor.execute(ddl)
        self.start = self.position()

    def commit(self, parts: Iterable[Transaction]) -> None:
        """Apply changes, a part in one transaction."""
        with connect(self.address, self.name) as connection:
            for transaction in parts:
                connection.begin()
                with connection.cursor() as cursor:
                    # An update may come in two parts, the first of which deletes.
                    for statement in statements(transaction, self._cut):
                        # Not the rows that it finds, but those that it changes.
                        rows = cursor.execute(statement.sql, statement.parameters)
                        self.changes[statement.table] += rows * statement.changes
                connection.commit()

    def load(self, source: Source, blocks: Iterable[Columns]) -> None:
        """Insert rows, or replace those of their keys: a block in one statement, none of it empty.

        A block is to have less than 64 MiB as SQL, of which the server takes no more.
        """
        with connect(self.address, self.name) as connection:
            for records in blocks:
                # A row that is replaced counts as two changes here, as in the binlog.
                self.changes[source.name] += connection.query(upsert(source, records))

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement of SQL in the database, in a transaction of its own."""
        with connect(self.address, self.name) as connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)

    def ask(self, question: str) -> Sequence[tuple[Any, ...]]:
        """The rows of an answer, by a connection that stays."""
        if self._asked is None:
            self._asked = connect(self.address)
        try:
            with self._asked.cursor() as cursor:
                cursor.execute(question)
                return cursor.fetchall()
        except pymysql.Error:
            self._hang_up()
            raise

    def position(self) -> Position:
        """The end of the binlog."""
        try:
            ((file, offset, *_),) = self.ask(self._end)
        except pymysql.err.ProgrammingError:
            if self._end == NEWER_END:
                raise
            self._end = NEWER_END
            return self.position()
        return file, offset

    def drop(self) -> None:
        """Drop the database, which is ours alone, if it was made."""
        self._hang_up()
        if self._made:
            self.execute(f"DROP DATABASE {named(self.name)}")
            self._made = False

    def _hang_up(self) -> None:
        if self._asked is not None and self._asked.open:
            self._asked.close()
        self._asked = None


def table_ddl(table: Table) -> str:
    """MySQL's CREATE TABLE of a source or sink."""
    columns = [_declared(column, table.stored) for column in table.schema.columns]
    key = [f"PRIMARY KEY ({listed(table.key)})"] if table.key else []
    return f"CREATE TABLE {named(table.name)} ({', '.join([*columns, *key])})"


def _declared(column: Column, stored: Mapping[str, str]) -> str:
    declared = f"{named(column.name)} {mysql_type(column, stored)}"
    return f"{declared} NOT NULL" if column.required else declared


def mysql_type(column: Column, stored: Mapping[str, str]) -> str:
    """What `stored` says, else the usual MySQL type of the column's Flink type."""
    usual = column.type.replace(column.kind, _USUAL.get(column.kind, column.kind))
    return stored.get(column.name, usual)
