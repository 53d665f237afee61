"""A dialect that errors are planted into, and those that are."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from streamgauge import imports
from streamgauge.cells import Cell
from streamgauge.planting import python, sql
from streamgauge.planting.variant import Variant
from streamgauge.run import Run

# What variants are made of: the data, and the answer, are not the dialect's.
_NOT_ASKING = ("scenario.py", "oracle.py")


@dataclass(frozen=True)
class Dialect:
    """The texts of a dialect's files by name, and the cells that ask by it, cheapest first."""

    texts: Mapping[str, str]
    runs: Sequence[Run]

    @property
    def name(self) -> str:
        """The scenario's and its own."""
        return f"{self.cells[0].scenario.id} {self.cells[0].dialect}"

    @property
    def cells(self) -> Sequence[Cell]:
        """Those of the runs."""
        return [run.cell for run in self.runs]

    @property
    def variants(self) -> list[Variant]:
        """All wrong ones that we know of, in order."""
        schemas = [source.schema for source in self.cells[0].scenario.sources]
        tables = [{column.name: column.type for column in s.columns} for s in schemas]
        return [
            variant._replace(file=file)
            for file, text in self.texts.items()
            for variant in (sql if file.endswith(".sql") else python).variants(text, tables)
        ]


def asked(runs: Sequence[Run]) -> Dialect:
    """The dialect of these cells, of which those whose input has an end come first."""
    cell = runs[0].cell
    paths = [cell.scenario.folder / cell.scenario.file(cell.dialect), *imports.modules(cell)]
    there = [path for path in paths if path.is_file()]
    named = {path.name: path for path in there if path.name not in _NOT_ASKING}
    texts = {name: path.read_text(encoding="utf-8") for name, path in named.items()}
    if cell.scenario.sql is not None:
        texts = {cell.scenario.file("sql"): cell.scenario.sql}
    return Dialect(texts, _soonest_caught(runs))


def _soonest_caught(runs: Sequence[Run]) -> list[Run]:
    """Input that has an end, once in each mode; then input that has none; then what is left."""
    first = {run.cell.mode: run.cell for run in reversed(runs) if run.cell.bounded}
    return sorted(runs, key=lambda r: 0 if r.cell in first.values() else 1 + r.cell.bounded)


def drawn(dialect: Dialect, size: int | None, seed: int) -> list[Variant]:
    """So many of the dialect's variants, in order, always the same; without a size all."""
    found = dialect.variants
    if size is None or size >= len(found):
        return found
    numbers = random.Random(seed).sample(range(len(found)), size)
    return [found[number] for number in sorted(numbers)]
