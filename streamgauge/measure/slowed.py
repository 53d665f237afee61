"""A slow-down that is planted into one of two that are the same: whether it is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from streamgauge.errors import UsageError, choose
from streamgauge.job import copied
from streamgauge.measure.side import Side
from streamgauge.planted import SECONDS, Slower, planted


class Slowed(NamedTuple):
    """What is planted, and which share of the job time it is to take, where that can be said."""

    slower: Slower
    share: float

    @property
    def is_known(self) -> bool:
        """Whether it takes so long for each event as it is told."""
        return SECONDS in self.slower.instead

    def side(self, side: Side, folder: Path, seconds: float) -> Side:
        """The side with it, in a copy of the scenario below `folder`: so long for each event."""
        cell, slower = copied(side.cell, folder), self.slower
        file = cell.scenario.folder / slower.file
        instead = slower.instead.replace(SECONDS, f"{seconds:.9f}")
        written = file.read_text(encoding="utf-8").replace(slower.written, instead)
        file.write_text(written, encoding="utf-8")
        return replace(side, label=f"with {slower.kind}", cell=cell)


def slowed(side: Side, kind: str, share: float) -> Slowed:
    """What the scenario's `planted.py` has of this kind for the dialect of the side.

    A UsageError where it has none.
    """
    scenario, dialect = side.cell.scenario, side.cell.dialect
    known = {each.kind: each for each in planted(scenario).slower_of(dialect)}
    if not known:
        raise UsageError(f"{scenario.id} has no slow-down to plant into {dialect}")
    return Slowed(known[choose("slow-down", kind, known)], share)
