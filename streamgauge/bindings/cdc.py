"""A MySQL table's binlog in, another MySQL table by JDBC upsert out."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pymysql

from streamgauge.bindings.ddl import create_table
from streamgauge.bindings.place import Place
from streamgauge.scenario import Inputs, Scenario, Sink, Source
from streamgauge.services.mysql import connect
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Column

_TRANSACTION = 20
_MYSQL_TYPES = {
    "STRING": "VARCHAR(255)",
    "TIMESTAMP": "DATETIME",
    "DOUBLE": "DOUBLE",
    "BOOLEAN": "TINYINT(1)",
}
_URL_OPTIONS = "useSSL=false&allowPublicKeyRetrieval=true&connectionTimeZone=UTC"


class Cdc:
    """A database of its own for the sources, and one for the sinks."""

    bounded = False
    settings: Mapping[str, str] = {"execution.checkpointing.interval": "500 ms"}

    def __init__(self, place: Place) -> None:
        self._address = place.services["mysql"]
        self._from = f"{place.name}_from"
        self._to = f"{place.name}_to"
        # A replica's id has to be unique on the server, whoever else reads its binlog.
        self._server_id = random.randrange(10_000, 2**31)

    def source_ddl(self, source: Source) -> str:
        """A snapshot of the table, then its binlog."""
        options = {
            "connector": "mysql-cdc",
            "hostname": self._address.host,
            "port": str(self._address.port),
            "username": self._address.user,
            "password": self._address.password,
            "database-name": self._from,
            "table-name": source.name,
            "server-id": str(self._server_id),
            "server-time-zone": "UTC",
        }
        return create_table(source.name, source.schema, source.key, options)

    def sink_ddl(self, sink: Sink) -> str:
        """A JDBC table that upserts by its primary key."""
        options = {
            "connector": "jdbc",
            "url": f"jdbc:mysql://{self._address}/{self._to}?{_URL_OPTIONS}",
            "username": self._address.user,
            "password": self._address.password,
            "table-name": sink.name,
            "sink.buffer-flush.interval": "100ms",
        }
        return create_table(sink.name, sink.schema, sink.key, options)

    def create(self, scenario: Scenario) -> None:
        """Make both databases and their tables."""
        with connect(self._address) as connection, connection.cursor() as cursor:
            for database, tables in ((self._from, scenario.sources), (self._to, scenario.sinks)):
                cursor.execute(f"CREATE DATABASE {database} CHARACTER SET utf8mb4")
                for table in tables:
                    cursor.execute(_mysql_table(database, table))

    def feed(self, scenario: Scenario, inputs: Inputs) -> None:
        """Apply the changes, `_TRANSACTION` at a time."""
        with connect(self._address, self._from) as connection:
            for source in scenario.sources:
                changes = [c for c in inputs[source.name] if isinstance(c, Change)]
                for start in range(0, len(changes), _TRANSACTION):
                    _apply(connection, source, changes[start : start + _TRANSACTION])

    def read(self, sink: Sink) -> Sequence[Change]:
        """The table as it is now: a table tells no changes, so each row is an insert."""
        with connect(self._address, self._to) as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT {_columns(sink.schema.names)} FROM {sink.name}")
            return [Change("+I", row) for row in cursor.fetchall()]

    def drop(self, scenario: Scenario) -> None:
        """Drop both databases, which are ours alone."""
        with connect(self._address) as connection, connection.cursor() as cursor:
            for database in (self._from, self._to):
                cursor.execute(f"DROP DATABASE {database}")


def _mysql_table(database: str, table: Source | Sink) -> str:
    columns = [f"`{column.name}` {_mysql_type(column)}" for column in table.schema.columns]
    key = f"PRIMARY KEY ({_columns(table.key)})"
    return f"CREATE TABLE {database}.{table.name} ({', '.join([*columns, key])})"


def _mysql_type(column: Column) -> str:
    return column.type.replace(column.kind, _MYSQL_TYPES.get(column.kind, column.kind))


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _apply(connection: pymysql.Connection, source: Source, changes: Sequence[Change]) -> None:
    connection.begin()
    with connection.cursor() as cursor:
        for change in changes:
            cursor.execute(*_statement(source, change))
    connection.commit()


def _statement(source: Source, change: Change) -> tuple[str, Sequence[object]]:
    """SQL and its parameters."""
    names, row = source.schema.names, change.row
    key = [row[index] for index in source.schema.indices(source.key)]
    where = " AND ".join(f"`{name}` = %s" for name in source.key)
    if change.op == "+I":
        marks = ", ".join(["%s"] * len(names))
        return f"INSERT INTO {source.name} ({_columns(names)}) VALUES ({marks})", row
    if change.op == "-D":
        return f"DELETE FROM {source.name} WHERE {where}", key
    assignments = ", ".join(f"`{name}` = %s" for name in names)
    return f"UPDATE {source.name} SET {assignments} WHERE {where}", [*row, *key]
