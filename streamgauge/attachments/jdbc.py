"""MySQL tables that rows are upserted into over JDBC."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from streamgauge.attachments import Arrival
from streamgauge.attachments.database import Database
from streamgauge.attachments.ddl import create_table
from streamgauge.scenario import Sink
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Row

_READ: Mapping[str, Callable[[Any], Any]] = {"BOOLEAN": bool}
_URL_OPTIONS = "useSSL=false&allowPublicKeyRetrieval=true&connectionTimeZone=UTC"


class JdbcTable:
    """A table with the sink's primary key."""

    settings: Mapping[str, str] = {
        # Flink 2.3 refuses plain inserts into a table with a key, for a key could come twice. Then
        # the last row stays, as on all lines before. Those do not know the setting.
        "table.exec.sink.require-on-conflict": "false",
    }

    def __init__(self, database: Database, sink: Sink) -> None:
        self._database = database
        self._sink = sink

    def ddl(self) -> list[str]:
        """A JDBC table that upserts by its primary key."""
        address, sink = self._database.address.for_jobs, self._sink
        options = {
            "connector": "jdbc",
            "url": f"jdbc:mysql://{address}/{self._database.name}?{_URL_OPTIONS}",
            "username": address.user,
            "password": address.password,
            "table-name": sink.name,
            "sink.buffer-flush.interval": "100ms",
        }
        return [create_table(sink.name, sink.schema, sink.key, options)]

    def target(self) -> str:
        """The sink's name."""
        return self._sink.name

    def create(self) -> None:
        """Make the table."""
        self._database.create(self._sink)

    def read(self) -> Sequence[Arrival]:
        """The table as it is now: a table tells no changes, so each row is an insert."""
        names = ", ".join(f"`{name}`" for name in self._sink.schema.names)
        rows = self._database.select(f"SELECT {names} FROM {self._sink.name}")
        return [Arrival(Change("+I", self._row(row))) for row in rows]

    def count(self) -> int:
        """The rows that the table has."""
        ((count,),) = self._database.select(f"SELECT COUNT(*) FROM {self._sink.name}")
        return int(str(count))

    def drop(self) -> None:
        """Drop the table, with all of its database."""
        self._database.drop()

    def _row(self, row: Row) -> Row:
        """MySQL has no type for some of Flink's."""
        return tuple(
            value if value is None else _READ.get(column.kind, _as_is)(value)
            for column, value in zip(self._sink.schema.columns, row)
        )


def _as_is(value: Any) -> Any:
    return value
