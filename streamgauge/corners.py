"""Corners: rows that are too dear for every cell, which one of each dialect is run over too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from streamgauge.cells import Cell, Filter, cells
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


def runs(wanted: Iterable[Cell], seed: int) -> list[Run]:
    """Each corner in the first cell of each dialect, where that is wanted.

    That is one in batch, or else one that has an end, where there is any.
    """
    cornered = (cell for cell in wanted if any(s.corners for s in cell.scenario.sources))
    return [run for cell in cornered if _is_first(cell) for run in _of(cell, seed)]


def _is_first(cell: Cell) -> bool:
    every = cells([cell.scenario], [cell.line], Filter(dialects=[cell.dialect]))
    there = [each for each in every if not each.absent]
    first = min(there, key=lambda each: (not each.bounded, each.mode), default=None)
    return first is not None and first.id == cell.id


def _of(cell: Cell, seed: int) -> Iterator[Run]:
    origin = Origin("generated", seed)
    for name in dict.fromkeys(name for s in cell.scenario.sources for name in s.corners):
        cornered = replace(cell, corner=name)
        try:
            rows, broken = inputs(cell.scenario, name, seed), ""
        except ScenarioError as error:
            rows, broken = Inputs.of({}), str(error)
        yield planned(cornered, rows, origin, broken, _ONCE)
