"""How a scenario's sources and sinks attach: what each cell's binding axis may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from streamgauge.bindings.cdc import Cdc
from streamgauge.bindings.files import Files
from streamgauge.bindings.kafka import Kafka
from streamgauge.bindings.place import Place
from streamgauge.scenario import Inputs, Scenario, Sink, Source
from streamgauge.values.changelog import Change


class Binding(Protocol):
    """Rows in, rows out, and the tables' DDL, for one run of one cell."""

    bounded: bool
    settings: Mapping[str, str]

    def source_ddl(self, source: Source) -> str:
        """CREATE TABLE for a source."""

    def sink_ddl(self, sink: Sink) -> str:
        """CREATE TABLE for a sink."""

    def create(self, scenario: Scenario) -> None:
        """Make what the tables attach to, under names of this run."""

    def feed(self, scenario: Scenario, inputs: Inputs) -> None:
        """Put records in, after those already there."""

    def read(self, sink: Sink) -> Sequence[Change]:
        """All that the sink has got so far, in order."""

    def drop(self, scenario: Scenario) -> None:
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


KINDS: Mapping[str, Kind] = {
    "files": Kind(Files),
    "kafka": Kind(Kafka, services=("kafka",), connectors=("kafka",)),
    "cdc": Kind(
        Cdc,
        changes=True,
        services=("mysql",),
        connectors=("cdc", "jdbc"),
        absent={"batch": "a binlog has no end, so there is nothing to run as a batch"},
    ),
}

__all__ = ["KINDS", "Binding", "Kind", "Place"]
