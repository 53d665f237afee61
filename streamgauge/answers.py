"""Which answers to a cell's inputs are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from streamgauge.cells import Cell
from streamgauge.records import Record
from streamgauge.scenario import Expected, Oracle
from streamgauge.values.inputs import Inputs


class Answers:
    """Those of a cell, whose record says on which lines it has been; asked for once for each."""

    def __init__(self, cell: Cell, record: Record) -> None:
        self._cell = cell
        self._record = record
        self._known: dict[int, Sequence[Expected]] = {}

    def to(self, inputs: Inputs) -> Sequence[Expected]:
        """The right ones to a prefix of the inputs."""
        size = len(inputs.entries)
        if size not in self._known:
            self._known[size] = [
                replace(self._cell.scenario, oracle=oracle).expected(inputs, self._cell.mode)
                for oracle in self._oracles()
            ]
        return self._known[size]

    def _oracles(self) -> Sequence[Oracle | None]:
        """The scenario's, or those that divergences say are right instead."""
        known = [d for d in self._cell.scenario.divergences if d.takes(self._record)]
        return [d.answers for d in known if d.answers] or [self._cell.scenario.oracle]
