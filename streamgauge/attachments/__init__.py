"""How one table of a run attaches to a job: the only place that knows connectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

from streamgauge.services.endpoint import Endpoint
from streamgauge.tables import Sink
from streamgauge.values.changelog import FAULTS, Change
from streamgauge.values.inputs import Entry

# How many records of a topic's partition a job has read; topics as metrics write them.
Offsets = Mapping[tuple[str, int], float]
# What a job over a sink with a key is told. Flink 2.3 refuses a query without ON CONFLICT whose
# upsert key is not the sink's, such as one from Python's streams, for a key could come twice. Then
# the last row stays, as on all lines before, which do not know the setting, and on 2.4 again
# (FLINK-41478). A scenario whose settings say `true` gets the refusal.
KEYED: Mapping[str, str] = {"table.exec.sink.require-on-conflict": "false"}
# Of a sink that gets rows as they come and go: each comes by itself, all of a key by the same way.
# Else some lines of Flink make an upsert of a row whose key another one has, which nobody could
# tell.
RETRACTED: Mapping[str, str] = {
    "table.exec.sink.upsert-materialize": "NONE",
    "table.exec.sink.keyed-shuffle": "FORCE",
}
PRESENT, _, GONE, OTHER, _ = FAULTS


class Arrival(NamedTuple):
    """A change that a sink got, and when, in unix seconds, where that is known."""

    change: Change
    at: float | None = None


class Raw(NamedTuple):
    """What a sink has got as it lies there: how many changes, the first when, and their digest."""

    digest: bytes
    changes: int
    first: float | None


def of_file(path: Path, changes: Iterable[Change]) -> Iterator[Arrival]:
    """Of a file that is whole: all came when it got its name."""
    at = path.stat().st_ctime
    return (Arrival(change, at) for change in changes)


class Outlet(NamedTuple):
    """A topic that gets a source's messages, on so many of its partitions."""

    address: Endpoint
    topic: str
    partitions: int


class Progress(Protocol):
    """How far a job has read since it was started, as it tells itself."""

    @property
    def job(self) -> str:
        """The job's id: one that is restored has another."""

    @property
    def offsets(self) -> Offsets:
        """What it has read from Kafka."""

    @property
    def emitted(self) -> Mapping[str, int]:
        """How many changes its sources have given, by the names of their tables."""

    @property
    def reading(self) -> frozenset[str]:
        """The tables whose sources have not come to their end."""


class Feeder(Protocol):
    """What takes the records of all tables that share a service, in order of arrival."""

    def feed(self, entries: Sequence[Entry]) -> None:
        """Put records in, after those already there."""

    def consumed(self, progress: Progress) -> bool:
        """Whether the job has taken in all that was fed."""


@runtime_checkable
class Open(Protocol):
    """A feeder in whose stead others may send."""

    def outlet(self, source: str) -> Outlet:
        """Where a source's messages go."""

    def lag(self) -> int:
        """How many records there are that the job has not taken, by the last checkpoint."""

    def follow(self, sinks: Iterable[str]) -> Followed:
        """Begin to read sinks that are topics."""


class Followed(Protocol):
    """Sinks that are read by somebody who reads what is committed alone."""

    def seen(self, sink: str, count: int) -> Sequence[float]:
        """When each of so many changes came to him, in order, in unix seconds."""

    def stop(self) -> None:
        """Read no further."""


class Attachment(Protocol):
    """One table of one run."""

    @property
    def settings(self) -> Mapping[str, str]:
        """What a job over the table has to be told."""

    def ddl(self) -> list[str]:
        """The CREATE statements, which change nothing outside Flink."""

    def create(self) -> None:
        """Make what the table attaches to, under names of this run."""

    def drop(self) -> None:
        """Remove what `create` made, if it did."""


class SourceAttachment(Attachment, Protocol):
    """A table that a job reads."""

    @property
    def bounded(self) -> bool:
        """Whether its input has an end."""

    @property
    def feeder(self) -> Feeder:
        """What takes its records."""


class SinkAttachment(Attachment, Protocol):
    """A table that a job writes."""

    @property
    def tells(self) -> frozenset[str]:
        """What reading it can show to be wrong with a changelog, of FAULTS."""

    def target(self) -> str:
        """The table's path in Flink, quoted where it has to be."""

    def read(self) -> Sequence[Arrival]:
        """All that the sink has got so far, in order; nothing is looked at twice."""

    def count(self) -> int:
        """A number that grows with the changes that the sink gets, without reading them."""

    def raw(self) -> Raw | None:
        """By which the same changes in the same order are known again; None where they are not."""


@runtime_checkable
class Commits(Protocol):
    """A sink that may show what a job has committed a moment after the job has ended."""

    def committed(self) -> bool:
        """Whether nothing is under way any more."""


def inserts_tell(sink: Sink) -> frozenset[str]:
    """What a sink that takes inserts alone can show: a key that comes twice, if there is a key."""
    return frozenset({PRESENT}) if sink.key else frozenset()
