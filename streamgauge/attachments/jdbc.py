"""MySQL tables over JDBC: rows are upserted into them, read from them or looked up in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from streamgauge.attachments import KEYED, Arrival
from streamgauge.attachments.binlog_reader import BinlogReader
from streamgauge.attachments.database import Database
from streamgauge.attachments.ddl import clauses, create_table, named, with_own
from streamgauge.attachments.scanned import Scanned
from streamgauge.services.mysql import jdbc_settings
from streamgauge.tables import Sink, Source

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
        sink = self._sink
        at = _at(self._reader.database, sink.name)
        options = {**at, "sink.buffer-flush.interval": "100ms"}
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


class JdbcSource:
    """A table as it is when a job begins: read to its end, or looked up row by row."""

    bounded = True
    settings: Mapping[str, str] = {}

    def __init__(self, scanned: Scanned, source: Source) -> None:
        self.feeder = scanned
        self._source = source
        scanned.add(source)

    def ddl(self) -> list[str]:
        """A JDBC table, which Flink scans, or looks up for `FOR SYSTEM_TIME AS OF`."""
        source = self._source
        options = with_own(source, _at(self.feeder.database, source.name))
        return [
            create_table(named(source.name), source.schema, source.key, options, clauses(source))
        ]

    def create(self) -> None:
        """Make the table, with all of its database."""
        self.feeder.database.create()

    def drop(self) -> None:
        """Drop the table, with all of its database."""
        self.feeder.database.drop()


def _at(database: Database, table: str) -> dict[str, str]:
    """The options by which Flink finds a table."""
    address = database.address.for_jobs
    told = urlencode({**(jdbc_settings(address) or _PLAIN), "connectionTimeZone": database.zone})
    return {
        "connector": "jdbc",
        "url": f"jdbc:mysql://{address}/{database.name}?{told}",
        "username": address.user,
        "password": address.password,
        "table-name": table,
    }
