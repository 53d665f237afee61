"""Corners: rows that are too dear for every cell, which one of each dialect is run over too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from streamgauge.cells import Cell, Filter, cells
from streamgauge.errors import ScenarioError
from streamgauge.records import Origin
from streamgauge.run import Run, planned
from streamgauge.scenario import Scenario
from streamgauge.thorough import ONCE, Asked
from streamgauge.usercode import called, listed
from streamgauge.values.inputs import Inputs

_PLAIN = Asked()


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


def runs(
    wanted: Iterable[Cell], seed: int, asked: Asked = _PLAIN, rows: int | None = None
) -> list[Run]:
    """Each corner in the first cell of each dialect, where that is wanted.

    That is one in batch, or else one that has an end, where there is any. Who says through what,
    or over how many rows, wants just that.
    """
    if rows is not None or asked != _PLAIN:
        return []
    cornered = (cell for cell in wanted if _names(cell.scenario))
    firsts = [cell for cell in cornered if _is_first(cell)]
    # Each corner's rows are many: they are made once for all dialects and lines.
    scenarios = {cell.scenario.id: cell.scenario for cell in firsts}
    made = {(s.id, name): _made(s, name, seed) for s in scenarios.values() for name in _names(s)}
    return [
        planned(replace(cell, corner=name), *made[cell.scenario.id, name], ONCE)
        for cell in firsts
        for name in _names(cell.scenario)
    ]


def _names(scenario: Scenario) -> list[str]:
    return list(dict.fromkeys(name for source in scenario.sources for name in source.corners))


def _is_first(cell: Cell) -> bool:
    every = cells([cell.scenario], [cell.line], Filter(dialects=[cell.dialect]))
    there = [each for each in every if not each.absent]
    first = min(there, key=lambda each: (not each.bounded, each.mode), default=None)
    return first is not None and first.id == cell.id


def _made(scenario: Scenario, name: str, seed: int) -> tuple[Inputs, Origin, str]:
    """The rows, where they come from, and what kept them from being made, if anything did."""
    origin = Origin("generated", seed)
    try:
        return inputs(scenario, name, seed), origin, ""
    except ScenarioError as error:
        return Inputs.of({}), origin, str(error)
