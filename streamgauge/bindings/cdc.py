"""MySQL tables in by mysql-cdc, which takes a snapshot and then reads the binlog."""

from __future__ import annotations

import random
from collections.abc import Sequence

from streamgauge.bindings.ddl import create_table, watermark
from streamgauge.bindings.mixed import Mixed
from streamgauge.bindings.mysql_tables import transactions
from streamgauge.bindings.place import Place
from streamgauge.scenario import Feed, Sink, Source

# Each reader of a table in its snapshot is a replica with an id of its own.
_READERS = 16


class Cdc(Mixed):
    """Flink reads MySQL by itself. Line absent reasons say where the connector is missing."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        # A replica's id has to be unique on the server, whoever else reads its binlog.
        self._server_id = random.randrange(10_000, 2**31)
        self._start: tuple[str, int] | None = None

    def create(self, sources: Sequence[Source], sinks: Sequence[Sink]) -> None:
        """Make databases and topics, and note where the history of the empty tables begins."""
        super().create(sources, sinks)
        self._start = self._origin.position()

    def changes_ddl(self, source: Source) -> list[str]:
        """A snapshot and the changes after it; of a table with a time, whose past matters, all."""
        server_ids = f"{self._server_id}-{self._server_id + _READERS - 1}"
        self._server_id += _READERS
        options = {
            "connector": "mysql-cdc",
            "hostname": self._origin.address.host,
            "port": str(self._origin.address.port),
            "username": self._origin.address.user,
            "password": self._origin.address.password,
            "database-name": self._origin.database,
            "table-name": source.name,
            "server-id": server_ids,
            "server-time-zone": "UTC",
            **(self._from_the_start() if source.time else {}),
        }
        return [create_table(source.name, source.schema, source.key, options, watermark(source))]

    def apply(self, records: Feed) -> None:
        """Apply the changes to the tables."""
        self._origin.commit(transactions(records))

    def _from_the_start(self) -> dict[str, str]:
        """Where nothing was made yet, as for `show`, the first file there would be."""
        file, offset = self._start or ("binlog.000001", 4)
        return {
            "scan.startup.mode": "specific-offset",
            "scan.startup.specific-offset.file": file,
            "scan.startup.specific-offset.pos": str(offset),
        }
