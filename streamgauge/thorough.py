"""What a plain run takes a cell through: the hardest of a few lifecycles that it can go through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from streamgauge.cells import Cell
from streamgauge.clusters.session import SLOTS
from streamgauge.lifecycle import PLAIN, Shape
from streamgauge.records import Origin
from streamgauge.run import Run, planned
from streamgauge.values.inputs import Inputs

ONCE, RESTART, RESCALE = "once", "restart", "rescale"
# One task more after the restart: two cells of that still go side by side.
_TASKS = 2


class Asked(NamedTuple):
    """A lifecycle by name, or none for the hardest, and the shape that is asked for."""

    lifecycle: str | None = None
    shape: Shape = PLAIN


def chosen(
    cell: Cell, inputs: Inputs, origin: Origin, broken: str, asked: Asked, slots: int = SLOTS
) -> Run:
    """A run through the lifecycle asked for, else through the first of `_hardest` that serves."""
    choices = [(asked.lifecycle, asked.shape)] if asked.lifecycle else _hardest(cell, asked.shape)
    for each in choices:
        run = planned(cell, inputs, origin, broken, *each, slots)
        if run.cell.absent is None:
            break
    return run


def _hardest(cell: Cell, shape: Shape) -> Sequence[tuple[str, Shape]]:
    """In order; a scenario whose answer is known to be wrong after one does not allow it.

    Rows by hand are read in their order, which there is over one partition alone.
    """
    if cell.bounded:
        return [(ONCE, shape)]
    scaled = shape._replace(parallelism=_TASKS)
    free = shape.parallelism is None and not cell.scenario.by_hand
    choices = [*([(RESCALE, scaled)] if free else []), (RESTART, shape)]
    return [*(each for each in choices if not _known_wrong(cell, each[0])), (ONCE, shape)]


def _known_wrong(cell: Cell, lifecycle: str) -> bool:
    axes = cell.dialect, cell.udf or "", cell.mode, cell.binding, cell.line.name
    return any(
        lifecycle in each.lifecycles and each.takes_cell(*axes)
        for each in cell.scenario.divergences
    )
