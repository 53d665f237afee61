"""Where a cell's tables are put, and sources that are fed once for several runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from streamgauge.attachments import SourceAttachment
from streamgauge.attachments.place import Place
from streamgauge.bindings import Attached
from streamgauge.cells import Cell
from streamgauge.harness import Harness
from streamgauge.lifecycle import Lifecycle
from streamgauge.records import Record
from streamgauge.values.comparison import Answer
from streamgauge.values.inputs import Inputs


def place(harness: Harness, cell: Cell, lifecycle: Lifecycle) -> Place:
    """One that nothing else has, on services that are up."""
    services = harness.services(cell.kind.services)
    name, folder = harness.unique_name(), harness.space.data
    tasks, idle = lifecycle.parallelism, lifecycle.idle
    given = cell.bounded, cell.delivery, harness.space.zone
    return Place(name, cell.mode, folder / name, services, tasks, idle, *given)


class Fed:
    """A cell's sources with all inputs in them, which jobs read and do not change."""

    def __init__(self, harness: Harness, cell: Cell, inputs: Inputs, lifecycle: Lifecycle) -> None:
        where = place(harness, cell, lifecycle)
        self._attached = cell.kind.attach(where, cell.scenario.sources, ())
        self.inputs = inputs
        self._right: dict[tuple[bytes, ...], Answer] = {}

    def feed(self) -> None:
        """Make them, and put all in."""
        self._attached.create()
        self._attached.feed(self.inputs.entries)

    @property
    def sources(self) -> Mapping[str, SourceAttachment]:
        """By name."""
        return self._attached.sources

    def known(self, attached: Attached, record: Record, look: Callable[[], Answer]) -> Answer:
        """What a job over them has got: what `look` sees, but for bytes that were right before."""
        found = [sink.raw() for sink in attached.sinks.values()]
        raws = [each for each in found if each]
        digest = tuple(raw.digest for raw in raws)
        if raws != found or digest not in self._right:
            seen = look()
            if raws == found and seen.ok:
                self._right[digest] = seen
            return seen
        record.rows_out = sum(raw.changes for raw in raws)
        record.mark_first(raw.first for raw in raws)
        return self._right[digest]

    def drop(self) -> None:
        """Remove them."""
        self._attached.drop()
