"""The verdicts of cells, a row each, in the widest form that fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table

from streamgauge.records import Record, bound

COLORS = {"pass": "green", "fail": "bold red", "unknown": "bold yellow", "absent": "dim"}
_AXES = (
    "scenario",
    "dialect",
    "udf",
    "mode",
    "binding",
    "corner",
    "flink",
    "lifecycle",
    "parallelism",
    "cut",
    "delivery",
)
# A cell that ran several times has the color of the first of these that it came to.
_WORST = ("fail", "unknown", "absent", "pass")
# What goes without saying, where it is so of every cell.
_USUAL = {
    "lifecycle": {"", "once"},
    "parallelism": {"1"},
    "cut": {"0.5", "1"},
    "delivery": {"", "at-least-once"},
}
_NUMBERS = ("rows in", "out", "seconds")
_ANY_WIDTH = 10_000


def plain_table(*columns: str) -> Table:
    """A table without lines."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table


def verdict_table(console: Console, records: Sequence[Record]) -> list[RenderableType]:
    """What all cells have in common in a line, and a table of what they have not.

    Where the screen is too narrow for it, it is without what the records tell as well; where
    that is too wide too, a line a cell.
    """
    rows = [_row(cell) for cell in _cells(records)]
    axes = [axis for axis in (*_AXES, "inputs") if not _goes_without_saying(axis, rows)]
    said = [axis for axis in axes if len({row[axis] for row in rows}) == 1]
    varying = [axis for axis in axes if axis not in said]
    common = ", ".join(f"{axis} {rows[0][axis]}" for axis in said)
    head = [f"{escape(common)}\n"] if common else []
    return [*head, _fitting(console, rows, varying)]


def _cells(records: Iterable[Record]) -> list[list[Record]]:
    """The records of each cell, which may have run several times."""
    cells: list[list[Record]] = []
    newest: dict[str, list[Record]] = {}
    for record in records:
        if record.number == 1 or record.cell not in newest:
            newest[record.cell] = []
            cells.append(newest[record.cell])
        newest[record.cell].append(record)
    return cells


def _row(cell: Sequence[Record]) -> dict[str, str]:
    """The texts of a cell, by column, and the verdict that gives the color."""
    verdicts = {record.verdict for record in cell}
    return {
        **{axis: str(getattr(cell[0], axis)) for axis in _AXES},
        "binding": bound(cell[0].binding, cell[0].tables),
        "inputs": _inputs(cell[0]),
        "verdict": _verdicts(cell),
        "worst": next(verdict for verdict in _WORST if verdict in verdicts),
        **_numbers([record for record in cell if record.verdict != "absent"]),
    }


def _verdicts(cell: Sequence[Record]) -> str:
    """Such as `3 pass, 1 fail` where it ran several times."""
    counts = Counter[str](record.verdict for record in cell)
    several = ", ".join(f"{counts[verdict]} {verdict}" for verdict in COLORS if counts[verdict])
    return several if len(cell) > 1 else cell[0].verdict


def _inputs(record: Record) -> str:
    """Their seed, else what they are, such as `sample`."""
    kind = str(record.inputs.get("kind", ""))
    return kind if record.seed is None else f"seed {record.seed}"


def _numbers(cell: Sequence[Record]) -> dict[str, str]:
    """Of a cell that ran several times the least and the greatest."""
    figures = (
        [str(rows) for rows in sorted(record.rows_in for record in cell)],
        [str(rows) for rows in sorted(record.rows_out for record in cell)],
        [f"{seconds:.2f}" for seconds in sorted(record.total_seconds for record in cell)],
    )
    return {
        name: "-".join(dict.fromkeys([*found[:1], *found[-1:]]))
        for name, found in zip(_NUMBERS, figures)
    }


def _goes_without_saying(axis: str, rows: Sequence[Mapping[str, str]]) -> bool:
    return {row[axis] for row in rows} <= _USUAL.get(axis, {""})


def _fitting(
    console: Console, rows: Sequence[Mapping[str, str]], axes: Sequence[str]
) -> RenderableType:
    named = [axis for axis in axes if axis != "inputs"]
    for columns in ((*axes, "verdict", *_NUMBERS), (*named, "verdict", "seconds")):
        table = _table(columns, rows)
        if _width(console, table) <= console.width:
            return table
    return "\n".join(_line(row, named) for row in rows)


def _table(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Table:
    table = plain_table(*columns)
    for row in rows:
        cells = {**{column: escape(row[column]) for column in columns}, "verdict": _colored(row)}
        table.add_row(*(cells[column] for column in columns))
    return table


def _width(console: Console, table: Table) -> int:
    return Measurement.get(console, console.options.update(width=_ANY_WIDTH), table).maximum


def _line(row: Mapping[str, str], axes: Sequence[str]) -> str:
    axis_texts = " ".join(row[axis] for axis in axes if row[axis])
    return f"{_colored(row)} {row['seconds']} {escape(axis_texts)}".rstrip()


def _colored(row: Mapping[str, str]) -> str:
    return f"[{COLORS[row['worst']]}]{row['verdict']}[/]"
