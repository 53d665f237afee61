"""What is fed: the records of all sources, in the order in which they arrive."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Union, cast

from streamgauge.errors import UsageError
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Row


@dataclass(frozen=True)
class Message:
    """A message on Kafka as somebody wrote it: one that may be no row at all."""

    value: bytes
    key: bytes | None = None


Record = Union[Row, Change, Message]
# Those that are of a schema.
Rows = Sequence[Union[Row, Change]]
_DIGITS = 6
# Each source's records: Inputs, or a plain dictionary of a user's.
Given = Mapping[str, Sequence[Record]]


def only_rows(source: str, records: Sequence[Record]) -> Rows:
    """The records, for what has no use for messages: a UsageError where one is among them."""
    for index, record in enumerate(records):
        if isinstance(record, Message):
            raise UsageError(f"source {source}: record {index} is a message by hand, not a row")
    return cast("Rows", records)


class Entry(NamedTuple):
    """A record as it arrives."""

    source: str
    record: Record


@dataclass(frozen=True, eq=False)
class Inputs(Mapping[str, Sequence[Record]]):
    """Entries in order of arrival; as a mapping, each source's records in their order.

    `sources` names all of them, those without entries too. `seed` is what they were generated
    from as a whole, if they were: a part of them is not. The first `ahead` entries are there
    before any job.
    """

    sources: tuple[str, ...]
    entries: tuple[Entry, ...]
    seed: int | None = None
    ahead: int = 0

    @classmethod
    def of(cls, records: Given) -> Inputs:
        """Each source's records spread evenly over the time that all of them take.

        The i-th (from 0) of n records stands at (i + 1) / n, ties in the order of the
        sources. Inputs stay as they are.
        """
        if isinstance(records, Inputs):
            return records
        placed = [
            ((index + 1) / len(rows), Entry(source, record))
            for source, rows in records.items()
            for index, record in enumerate(rows)
        ]
        placed.sort(key=lambda pair: pair[0])
        return cls(tuple(records), tuple(entry for _, entry in placed))

    def part(self, start: int, stop: int) -> Inputs:
        """The entries start..stop-1."""
        return Inputs(self.sources, self.entries[start:stop])

    def first(self, sources: Collection[str]) -> Inputs:
        """With the entries of these sources before all others, ahead of any job."""
        before = [entry for entry in self.entries if entry.source in sources]
        after = [entry for entry in self.entries if entry.source not in sources]
        return replace(self, entries=(*before, *after), ahead=len(before))

    def until(self, share: float) -> Inputs:
        """What is ahead of any job, and the first `share` (0..1) of the other entries."""
        others = len(self.entries) - self.ahead
        # A share of k entries of n is these k, though n * (k / n) may be a little less.
        return self.part(0, self.ahead + int(round(others * share, _DIGITS)))

    @cached_property
    def _records(self) -> dict[str, list[Record]]:
        records: dict[str, list[Record]] = {source: [] for source in self.sources}
        for source, record in self.entries:
            records[source].append(record)
        return records

    def __getitem__(self, source: str) -> Sequence[Record]:
        return self._records[source]

    def __iter__(self) -> Iterator[str]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)
