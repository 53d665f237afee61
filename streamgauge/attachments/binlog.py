"""MySQL tables in by mysql-cdc, which takes a snapshot and then reads the binlog."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from streamgauge.attachments import Progress
from streamgauge.attachments.database import Database, table_ddl
from streamgauge.attachments.ddl import create_table, named, watermark, with_own
from streamgauge.attachments.topic import CHECKPOINTS
from streamgauge.attachments.transactions import transactions
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.mysql import debezium_settings, jdbc_settings
from streamgauge.tables import Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Entry

# Each reader of a table in its snapshot is a replica with an id of its own.
_READERS = 16


class Binlog:
    """The database that a job reads by itself, and who reads it.

    `whole`: not from a snapshot on, but all that has happened since the tables were empty.
    Of a table with a time the past matters; and beside one it has to be known of each table
    whether all is read, which of a snapshot nobody can tell.
    """

    def __init__(self, database: Database, *, whole: bool) -> None:
        self.database = database
        self.whole = whole
        self._sources: dict[str, Source] = {}
        # By each job that has read it.
        self._emitted: dict[str, Mapping[str, int]] = {}
        # A replica's id has to be unique on the server, whoever else reads its binlog.
        self._server_id = random.randrange(10_000, 2**31)

    def server_ids(self) -> str:
        """Ids for the readers of one table more."""
        first = self._server_id
        self._server_id += _READERS
        return f"{first}-{first + _READERS - 1}"

    def add(self, source: Source) -> None:
        """A table that is to be made and read."""
        self.database.add(table_ddl(source))
        self._sources[source.name] = source

    def feed(self, entries: Sequence[Entry]) -> None:
        """Apply the changes to the tables."""
        self.database.commit(transactions(changes(self._sources, entries)))

    def consumed(self, progress: Progress) -> bool:
        """Whether the job has given as many changes as there are, with those before it.

        Only where it reads all that has happened: of a snapshot the number is not known.
        """
        self._emitted[progress.job] = progress.emitted
        given = sum(map(Counter, self._emitted.values()), Counter[str]())
        return all(given[table] >= count for table, count in self.database.changes.items())


class BinlogTable:
    """A table that Flink reads by itself. Lines without the connector say why."""

    bounded = False
    settings = CHECKPOINTS

    def __init__(self, binlog: Binlog, source: Source) -> None:
        self.feeder = binlog
        self._source = source
        self._server_ids = binlog.server_ids()
        binlog.add(source)

    def ddl(self) -> list[str]:
        """A snapshot and the changes after it, or all changes."""
        source, database = self._source, self.feeder.database
        address = database.address.for_jobs
        options = {
            "connector": "mysql-cdc",
            "hostname": address.host,
            "port": str(address.port),
            "username": address.user,
            "password": address.password,
            "database-name": database.name,
            "table-name": source.name,
            "server-id": self._server_ids,
            "server-time-zone": database.zone,
            **_tls(address),
            **(self._from_the_start() if self.feeder.whole else {}),
        }
        return [
            create_table(
                named(source.name),
                source.schema,
                source.key,
                with_own(source, options),
                watermark(source),
            )
        ]

    def create(self) -> None:
        """Make the table, with all of its database."""
        self.feeder.database.create()

    def drop(self) -> None:
        """Drop the table, with all of its database."""
        self.feeder.database.drop()

    def _from_the_start(self) -> dict[str, str]:
        """Where nothing was made yet, as for `show`, the first file there would be."""
        file, offset = self.feeder.database.start or ("binlog.000001", 4)
        return {
            "scan.startup.mode": "specific-offset",
            "scan.startup.specific-offset.file": file,
            "scan.startup.specific-offset.pos": str(offset),
        }


def _tls(address: Endpoint) -> dict[str, str]:
    """Of the driver, which takes the snapshot, and of Debezium, which reads the binlog."""
    by_driver, by_debezium = jdbc_settings(address), debezium_settings(address)
    return {
        **{f"jdbc.properties.{name}": value for name, value in by_driver.items()},
        **{f"debezium.{name}": value for name, value in by_debezium.items()},
    }


def changes(sources: Mapping[str, Source], entries: Sequence[Entry]) -> list[tuple[Source, Change]]:
    """The changes among the entries, each with its source."""
    return [(sources[name], record) for name, record in entries if isinstance(record, Change)]
