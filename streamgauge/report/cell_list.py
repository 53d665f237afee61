"""Cells with a mark for each Flink line, in the widest form that fits the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from rich.text import Text

from streamgauge.report.terminal import fits, print_folded, print_table, stdout

_INDENT = 2


def print_cells(
    axes: Sequence[str], lines: Sequence[str], rows: Sequence[Mapping[str, str]]
) -> None:
    """A table of cells by their axes, of which the first is the scenario.

    Where the screen is too narrow, a table a scenario with the first word of each mark; where
    it is too narrow for that too, a line a cell.
    """
    axes = [axis for axis in axes if any(row[axis] for row in rows)]
    if fits([*axes, *lines], rows):
        print_table([*axes, *lines], rows)
        return
    scenario, *others = axes
    brief = [{**row, **{line: row[line].partition(" ")[0] for line in lines}} for row in rows]
    columns = [*others, *lines] if fits([*others, *lines], brief) else []
    for name, own in groupby(brief, key=lambda row: row[scenario]):
        stdout().print(Text(name, "bold"))
        if columns:
            print_table(columns, own)
        else:
            for row in own:
                print_folded(_line(row, others, lines), _INDENT)


def _line(row: Mapping[str, str], axes: Sequence[str], lines: Sequence[str]) -> str:
    """Such as `sql batch files: pass 1.19, 1.20; (1) 2.0`."""
    of: dict[str, list[str]] = {}
    for line in lines:
        of.setdefault(row[line], []).append(line)
    marks = "; ".join(f"{mark} {', '.join(having)}" for mark, having in of.items())
    return f"{' '.join(row[axis] for axis in axes if row[axis])}: {marks}"
