"""The attachments of one run together: made, fed in order of arrival, read, dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from streamgauge.attachments import (
    Arrival,
    Commits,
    Feeder,
    Progress,
    SinkAttachment,
    SourceAttachment,
)
from streamgauge.values.inputs import Entry

# As many as come side by side, so that a change in MySQL stands among the rows around it.
_PORTIONS = 20


@dataclass(frozen=True)
class Attached:
    """The attachments of one run together, by the names of their tables."""

    sources: Mapping[str, SourceAttachment]
    sinks: Mapping[str, SinkAttachment]

    @property
    def bounded(self) -> bool:
        """Whether all input has an end."""
        return all(source.bounded for source in self.sources.values())

    @property
    def settings(self) -> dict[str, str]:
        """What a job over these tables has to be told."""
        return {key: value for one in self._all for key, value in one.settings.items()}

    def ddl(self) -> list[str]:
        """The CREATE statements of all tables, sources first."""
        return [statement for one in self._all for statement in one.ddl()]

    def target(self, sink: str) -> str:
        """The path of a sink's table."""
        return self.sinks[sink].target()

    def create(self) -> None:
        """Make what the tables attach to."""
        for one in self._all:
            one.create()

    def feed(self, entries: Sequence[Entry], *, in_turns: bool = False) -> None:
        """Put entries in, those for tables that share a service in order of arrival.

        With `in_turns` those of several services come side by side, a portion of each at a time.
        """
        several = len(self._feeders) > 1
        size = ceil(len(entries) / _PORTIONS) if in_turns and several else len(entries)
        for start in range(0, len(entries), size) if entries else [0]:
            self._feed(entries[start : start + size])

    def fill(self, entries: Iterable[Entry]) -> None:
        """Put in what is there before any job; who has nothing of it is not asked."""
        self._give({}, entries)

    def _feed(self, entries: Iterable[Entry]) -> None:
        self._give({feeder: [] for feeder in self._feeders}, entries)

    def _give(self, parts: dict[Feeder, list[Entry]], entries: Iterable[Entry]) -> None:
        for entry in entries:
            parts.setdefault(self.sources[entry[0]].feeder, []).append(entry)
        for feeder, part in parts.items():
            feeder.feed(part)

    def consumed(self, progress: Progress) -> bool:
        """Whether the job has taken in all that was fed."""
        return all(feeder.consumed(progress) for feeder in self._feeders)

    def over(self, sources: Mapping[str, SourceAttachment]) -> Attached:
        """With these sources, which others made."""
        return Attached(sources, self.sinks)

    def read(self, sink: str) -> Sequence[Arrival]:
        """All that a sink has got so far, in order."""
        return self.sinks[sink].read()

    def committed(self) -> bool:
        """Whether sinks have all that a job which has ended has committed."""
        return all(sink.committed() for sink in self.sinks.values() if isinstance(sink, Commits))

    def drop(self) -> None:
        """Remove all that was made, whatever fails on the way; the first error is raised."""
        errors: list[BaseException] = []
        for one in reversed(self._all):
            try:
                one.drop()
            except BaseException as error:
                errors.append(error)
        if errors:
            raise errors[0]

    @property
    def _feeders(self) -> Sequence[Feeder]:
        """Each once, in the order of the sources."""
        return list(dict.fromkeys(source.feeder for source in self.sources.values()))

    @property
    def _all(self) -> Sequence[SourceAttachment | SinkAttachment]:
        return [*self.sources.values(), *self.sinks.values()]
