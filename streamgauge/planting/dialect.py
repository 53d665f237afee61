"""A dialect that errors are planted into, and those that are."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from streamgauge.cells import Cell
from streamgauge.planting import sql
from streamgauge.planting.variant import Variant
from streamgauge.run import Run

PLANTED = ("sql",)


@dataclass(frozen=True)
class Dialect:
    """A file of a scenario's, and the cells that ask by it, cheapest first."""

    file: str
    text: str
    runs: Sequence[Run]

    @property
    def cells(self) -> Sequence[Cell]:
        """Those of the runs."""
        return [run.cell for run in self.runs]

    @property
    def variants(self) -> list[Variant]:
        """All wrong ones that we know of, in order."""
        sources = self.cells[0].scenario.sources
        return sql.variants(
            self.text, [{c.name: c.type for c in s.schema.columns} for s in sources]
        )


def asked(runs: Sequence[Run]) -> Dialect:
    """The dialect of these cells, of which those whose input has an end come first."""
    cell = runs[0].cell
    file = cell.scenario.file(cell.dialect)
    text = (cell.scenario.folder / file).read_text(encoding="utf-8")
    return Dialect(file, text, sorted(runs, key=lambda run: not run.cell.bounded))


def drawn(dialect: Dialect, size: int | None, seed: int) -> list[Variant]:
    """So many of the dialect's variants, in order, always the same; without a size all."""
    found = dialect.variants
    if size is None or size >= len(found):
        return found
    numbers = random.Random(seed).sample(range(len(found)), size)
    return [found[number] for number in sorted(numbers)]
