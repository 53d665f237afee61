"""How a scenario's sources and sinks attach: what each cell's binding axis may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from streamgauge.bindings.cdc import Cdc
from streamgauge.bindings.debezium import Debezium
from streamgauge.bindings.files import Files
from streamgauge.bindings.kafka import Kafka
from streamgauge.bindings.place import Place
from streamgauge.bindings.topics import Offsets
from streamgauge.bindings.warehouse import Hive, Parquet
from streamgauge.scenario import Feed, Sink, Source
from streamgauge.values.changelog import Change


class Binding(Protocol):
    """Rows in, rows out, and the tables' DDL, for one run of one cell."""

    bounded: bool
    settings: Mapping[str, str]

    def source_ddl(self, source: Source) -> list[str]:
        """The CREATE statements of a source."""

    def sink_ddl(self, sink: Sink) -> list[str]:
        """The CREATE statements of a sink."""

    def target(self, sink: Sink) -> str:
        """The path of the sink's table."""

    def create(self, sources: Sequence[Source], sinks: Sequence[Sink]) -> None:
        """Make what the tables attach to, under names of this run."""

    def feed(self, records: Feed) -> None:
        """Put records in, after those already there."""

    def consumed(self, read: Offsets) -> bool:
        """Whether the job has taken in all that was fed; `read` tells what it read from Kafka."""

    def read(self, sink: Sink) -> Sequence[Change]:
        """All that the sink has got so far, in order."""

    def drop(self) -> None:
        """Remove what `create` made."""


@dataclass(frozen=True)
class Kind:
    """A binding and what it needs: services, connector sets of the line; modes it cannot do.

    `changes`: its sources take changes, not rows.
    """

    make: Callable[[Place], Binding]
    changes: bool = False
    services: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)


_NO_END = {"batch": "a binlog has no end, so there is nothing to run as a batch (2026-11-22)"}

KINDS: Mapping[str, Kind] = {
    "files": Kind(Files),
    "kafka": Kind(Kafka, services=("kafka",), connectors=("kafka",)),
    "cdc": Kind(
        Cdc,
        changes=True,
        services=("mysql", "kafka"),
        connectors=("cdc", "jdbc", "kafka"),
        absent=_NO_END,
    ),
    "debezium": Kind(
        Debezium,
        changes=True,
        services=("mysql", "kafka", "connect"),
        connectors=("jdbc", "kafka"),
        absent=_NO_END,
    ),
    "hive": Kind(
        Hive,
        services=("mysql", "kafka", "metastore"),
        connectors=("hive", "jdbc", "kafka"),
    ),
    "parquet": Kind(Parquet, services=("mysql", "kafka"), connectors=("parquet", "jdbc", "kafka")),
}

__all__ = ["KINDS", "Binding", "Kind", "Place"]
