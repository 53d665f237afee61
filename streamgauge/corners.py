"""Corners: rows that are too dear for every cell, which one of each dialect is run over too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from streamgauge.cells import Cell
from streamgauge.errors import ScenarioError
from streamgauge.records import Origin
from streamgauge.run import Run, planned
from streamgauge.scenario import Scenario
from streamgauge.usercode import called, listed
from streamgauge.values.inputs import Inputs

_ONCE = "once"


def inputs(scenario: Scenario, corner: str, seed: int) -> Inputs:
    """The corner's rows of the sources that have it, and the usual ones of the others.

    A ScenarioError where they do not fit.
    """
    rows = dict(scenario.sample(seed))
    for source in scenario.sources:
        if make := source.corners.get(corner):
            told = f"corner {corner} of source {source.name}"
            rows[source.name] = listed(told, called(told, make, seed, folder=scenario.folder))
    return scenario.checked(rows)


def runs(cells: Sequence[Cell], seed: int) -> list[Run]:
    """Each corner in the first cell of each dialect: in batch, or else in one that has an end."""
    return [run for cell in _firsts(cells) for run in _of(cell, seed)]


def _firsts(cells: Sequence[Cell]) -> list[Cell]:
    soonest = sorted(cells, key=lambda cell: (cell.absent is not None, not cell.bounded, cell.mode))
    first = {(c.scenario.id, c.dialect, c.line.name): c for c in reversed(soonest)}
    return [cell for cell in first.values() if not cell.absent]


def _of(cell: Cell, seed: int) -> Iterator[Run]:
    origin = Origin("generated", seed)
    for name in dict.fromkeys(name for s in cell.scenario.sources for name in s.corners):
        cornered = replace(cell, corner=name)
        try:
            rows, broken = inputs(cell.scenario, name, seed), ""
        except ScenarioError as error:
            rows, broken = Inputs.of({}), str(error)
        yield planned(cornered, rows, origin, broken, _ONCE)
