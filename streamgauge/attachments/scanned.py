"""The database of tables that a job reads over JDBC: all of it is there before the job is."""

from __future__ import annotations

from collections.abc import Sequence

from streamgauge.attachments import Progress
from streamgauge.attachments.database import Database, table_ddl
from streamgauge.attachments.transactions import transactions
from streamgauge.tables import Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Entry, only_rows


class Scanned:
    """Takes the rows, or changes, of its tables; a job sees what those have come to."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._sources: dict[str, Source] = {}

    def add(self, source: Source) -> None:
        """A table that is to be made and read."""
        self.database.add(table_ddl(source))
        self._sources[source.name] = source

    def feed(self, entries: Sequence[Entry]) -> None:
        """Apply them to the tables; a UsageError for a message by hand."""
        self.database.commit(transactions(map(self._change, entries)))

    def _change(self, entry: Entry) -> tuple[Source, Change]:
        (record,) = only_rows(entry.source, [entry.record])
        change = record if isinstance(record, Change) else Change("+I", record)
        return self._sources[entry.source], change

    def consumed(self, progress: Progress) -> bool:
        """Whether no scan of a table is under way; of one that is looked up there is none."""
        return progress.reading.isdisjoint(self._sources)
