"""Tables, and what is told below them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from streamgauge.records import Record
from streamgauge.report.verdict_table import COLORS, plain_table, verdict_table

_WIDE = 160


def stdout() -> Console:
    """For results. Not on a terminal: wide, so that no line is cut or folded."""
    return Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False, emoji=False)


def verdicts(records: Sequence[Record], *, absent: bool = False, planned: int = 0) -> None:
    """The verdict table, what went wrong in full, small results, and the count.

    Cells that are absent are but counted, unless `absent`, or there are no others. Of a run that
    has ended early, `planned` is how many cells there would have been.
    """
    console = stdout()
    shown = [record for record in records if absent or _took_part(record)] or records
    if shown:
        console.print(*verdict_table(console, shown), sep="\n")
    _print_reasons(console, shown)
    _print_results(console, records)
    hint = " (--absent tells why)" if len(shown) < len(records) else ""
    console.print(f"{summary(records, planned)}{hint}")


def paths(kept: Mapping[str, Path]) -> None:
    """Where what is known of a run is kept, a line each, in one piece however long it is."""
    for what, path in kept.items():
        here = path.relative_to(Path.cwd()) if Path.cwd() in path.parents else path
        stdout().print(f"{what}: {here}", soft_wrap=True, markup=False)


def summary(records: Sequence[Record], planned: int = 0) -> str:
    """How many cells have which verdict, and how many of those planned have none."""
    counts = {v: sum(record.verdict == v for record in records) for v in COLORS}
    parts = [f"{counts[v]} {v}" for v in COLORS if counts[v] or v == "pass"]
    left = planned - len(records)
    parts += [f"{left} not run"] if left > 0 else []
    return f"{max(planned, len(records))} cells: {', '.join(parts)}"


def _took_part(record: Record) -> bool:
    """A cell that ran and met a known difference is called absent too."""
    return record.verdict != "absent" or bool(record.divergence)


def _print_reasons(console: Console, records: Sequence[Record]) -> None:
    """Each reason once, with the cells it is given for."""
    by_reason: dict[str, list[str]] = {}
    for record in records:
        if record.reason:
            by_reason.setdefault(f"{record.verdict}: {record.reason}", []).append(record.cell)
    for reason, cells in by_reason.items():
        console.print(f"\n{escape(reason)}", *(f"  {cell}" for cell in cells), sep="\n")
    console.print()


def _print_results(console: Console, records: Sequence[Record]) -> None:
    """The rows of each scenario, where they are few and every cell has the same."""
    by_scenario: dict[str, set[tuple[str, ...]]] = {}
    for record in records:
        if record.verdict == "pass":
            by_scenario.setdefault(record.scenario, set()).add(tuple(record.result))
    for scenario, results in by_scenario.items():
        (rows, *others) = results
        if rows and not others:
            console.print(f"{scenario} gives", *(f"  {escape(row)}" for row in rows), "", sep="\n")


def print_rows(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """A table of dictionaries; the last column may fold."""
    table = plain_table(*columns)
    table.columns[-1].no_wrap = False
    for row in rows:
        table.add_row(*(escape(str(row[column])) for column in columns))
    stdout().print(table)
