"""What tables of one run share: topics, databases, who captures them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from streamgauge.attachments.place import Place

if TYPE_CHECKING:
    from streamgauge.attachments.binlog import Binlog
    from streamgauge.attachments.binlog_reader import BinlogReader
    from streamgauge.attachments.captured import Capture
    from streamgauge.attachments.database import Database
    from streamgauge.attachments.hive import HiveDatabase
    from streamgauge.attachments.scanned import Scanned
    from streamgauge.attachments.topic import Topics


class Shared:
    """What tables of one run share; each is made when a table first asks for it.

    `timed`: whether any source has a time.
    """

    def __init__(self, place: Place, *, timed: bool) -> None:
        self.place = place
        self.timed = timed

    @cached_property
    def topics(self) -> Topics:
        """All plain topics."""
        from streamgauge.attachments.topic import Topics

        return Topics(self.place)

    @cached_property
    def binlog(self) -> Binlog:
        """The database of sources that mysql-cdc reads."""
        from streamgauge.attachments.binlog import Binlog

        return Binlog(self._database("from"), whole=self.timed)

    @cached_property
    def capture(self) -> Capture:
        """The database of sources that Debezium reads, with its connector."""
        from streamgauge.attachments.captured import Capture

        return Capture(self.place, self._database("from"), self.topics)

    @cached_property
    def copies(self) -> BinlogReader:
        """The database of sinks, whose binlog tells what becomes of them."""
        from streamgauge.attachments.binlog_reader import BinlogReader

        return BinlogReader(self._database("to"))

    @cached_property
    def scanned(self) -> Scanned:
        """The database of sources that are read over JDBC."""
        from streamgauge.attachments.scanned import Scanned

        return Scanned(self._database("at"))

    @cached_property
    def hive(self) -> HiveDatabase:
        """The database of the metastore."""
        from streamgauge.attachments.hive import HiveDatabase

        return HiveDatabase(self.place)

    def _database(self, side: str) -> Database:
        from streamgauge.attachments.database import Database

        name = f"{self.place.name}_{side}"
        return Database(self.place.services["mysql"], name, self.place.zone)
