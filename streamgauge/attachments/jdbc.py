"""MySQL tables that rows are upserted into over JDBC."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from streamgauge.attachments import KEYED, Arrival
from streamgauge.attachments.binlog_reader import BinlogReader
from streamgauge.attachments.ddl import create_table, named, with_own
from streamgauge.services.mysql import jdbc_settings
from streamgauge.tables import Sink

_PLAIN = {"useSSL": "false", "allowPublicKeyRetrieval": "true"}


class JdbcTable:
    """A table with the sink's primary key."""

    settings = KEYED
    # The server makes an update of an insert that finds its row, and nothing of a delete that
    # does not: each change in its binlog is valid, whatever the job asked for.
    tells: frozenset[str] = frozenset()

    def __init__(self, reader: BinlogReader, sink: Sink) -> None:
        self._reader = reader
        self._sink = sink
        reader.add(sink)

    def ddl(self) -> list[str]:
        """A JDBC table that upserts by its primary key."""
        database, sink = self._reader.database, self._sink
        address = database.address.for_jobs
        told = urlencode(
            {**(jdbc_settings(address) or _PLAIN), "connectionTimeZone": database.zone}
        )
        options = {
            "connector": "jdbc",
            "url": f"jdbc:mysql://{address}/{database.name}?{told}",
            "username": address.user,
            "password": address.password,
            "table-name": sink.name,
            "sink.buffer-flush.interval": "100ms",
        }
        return [create_table(named(sink.name), sink.schema, sink.key, with_own(sink, options))]

    def target(self) -> str:
        """The sink's name."""
        return named(self._sink.name)

    def create(self) -> None:
        """Make the table, with all of its database."""
        self._reader.create()

    def read(self) -> Sequence[Arrival]:
        """What has happened to the table, by the server's own binlog."""
        return self._reader.read(self._sink.name)

    def count(self) -> int:
        """How many changes there were."""
        return len(self.read())

    def raw(self) -> None:
        """It is always read."""

    def drop(self) -> None:
        """Drop the table, with all of its database."""
        self._reader.drop()
