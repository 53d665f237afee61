"""Tables, and what is told below them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from streamgauge.records import Record
from streamgauge.report.difference import clock_notes, here, place, printed, short
from streamgauge.report.verdict_table import COLORS, plain_table, verdict_table

_WIDE = 160
# Between columns.
_GAP = 2
# A column that folds has this width at least, or nobody could read it.
_NARROWEST = 30
_COLORS_OF_SIGNS = {"- ": "red", "+ ": "green", "! ": "yellow"}


def stdout() -> Console:
    """For results. Not on a terminal: wide, so that no line is cut or folded."""
    return Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False, emoji=False)


def verdicts(
    records: Sequence[Record], *, absent: bool = False, planned: int = 0, again: bool = False
) -> None:
    """The verdict table, what went wrong in full, small results, and the count.

    Cells that are absent are but counted, unless `absent`, or there are no others. Of a run that
    has ended early, `planned` is how many cells there would have been; `again` is that cells
    run several times.
    """
    console = stdout()
    shown = [record for record in records if absent or _took_part(record)] or records
    if shown:
        console.print(*verdict_table(console, shown), sep="\n")
    _print_reasons(console, shown)
    _print_notes(console, records)
    _print_results(console, records)
    hint = " (--absent tells why)" if len(shown) < len(records) else ""
    console.print(f"{summary(records, planned, again=again)}{hint}")


def paths(kept: Mapping[str, Path]) -> None:
    """Where what is known of a run is kept, a line each, in one piece however long it is."""
    for what, path in kept.items():
        stdout().print(f"{what}: {here(path)}", soft_wrap=True, markup=False)


def stays(up: Mapping[str, str]) -> None:
    """What outlives a run, and where it is, a line each."""
    for what, where in up.items():
        stdout().print(f"{what}: {where}", soft_wrap=True, markup=False)


def summary(records: Sequence[Record], planned: int = 0, *, again: bool = False) -> str:
    """How many cells have which verdict, and how many of those planned have none.

    Where cells run several times, that is of these runs.
    """
    again = again or any(record.number > 1 for record in records)
    counts = {v: sum(record.verdict == v for record in records) for v in COLORS}
    parts = [f"{counts[v]} {v}" for v in COLORS if counts[v] or v == "pass"]
    left = planned - len(records)
    parts += [f"{left} not run"] if left > 0 else []
    return f"{max(planned, len(records))} {'runs' if again else 'cells'}: {', '.join(parts)}"


def _took_part(record: Record) -> bool:
    """A cell that ran and met a known difference is called absent too."""
    return record.verdict != "absent" or bool(record.divergence)


def _print_reasons(console: Console, records: Sequence[Record]) -> None:
    """Each reason once, with the cells it is given for, and what differs in them."""
    by_reason: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        if record.reason:
            told = f"{record.verdict}: {record.brief or record.reason}"
            by_reason.setdefault((told, json.dumps(record.differences)), []).append(record)
    for (reason, _), alike in by_reason.items():
        console.print(f"\n{escape(reason)}")
        for cell in dict.fromkeys(record.cell for record in alike):
            console.print(f"  {cell}")
        if alike[0].verdict == "fail" and alike[0].differences:
            _print_differences(console, alike)
    console.print()


def _print_differences(console: Console, records: Sequence[Record]) -> None:
    """The first of what differs in all of these cells, and where the whole of it is."""
    console.print()
    for line in short(records[0]):
        _print_line(console, line)
    for record in records:
        # A path that we folded could not be copied.
        console.print(place(record), markup=False, soft_wrap=True)


def _print_line(console: Console, line: str) -> None:
    """On a terminal it is folded where it stands, and not filled up: an escape may be longer."""
    bare = line.lstrip()
    indent = len(line) - len(bare)
    told = Text(bare, _COLORS_OF_SIGNS.get(bare[:2], ""), overflow="fold")
    if console.is_terminal:
        console.print(Padding(told, (0, 0, 0, indent), expand=False))
    else:
        console.print(Text(" " * indent) + told, soft_wrap=True)


def _print_notes(console: Console, records: Sequence[Record]) -> None:
    """Where what programs printed is, and what asks the clock."""
    for told in (*filter(None, map(printed, records)), *clock_notes(records)):
        console.print(told, soft_wrap=True, markup=False)


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
    """A table of dictionaries, in which the last column may fold.

    Where the screen is too narrow for it, a line with the first column of each row, and below
    it the others that are not empty, by their names.
    """
    rows = list(rows)
    *_, last = widths = [_width(column, rows) for column in columns]
    if _whole_width(widths) - max(last - _NARROWEST, 0) <= stdout().width:
        print_table(columns, rows)
        return
    for row in rows:
        first, *others = ((column, str(row[column])) for column in columns)
        stdout().print(Text(first[1], "bold", overflow="fold"))
        for column, text in others:
            if text:
                print_folded(f"{column}: {text}", _GAP)


def fits(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> bool:
    """Whether a table of them fits the screen, nothing folded."""
    return _whole_width([_width(column, rows) for column in columns]) <= stdout().width


def _whole_width(widths: Sequence[int]) -> int:
    """Of a table with columns of these widths."""
    return sum(widths) + _GAP * (len(widths) - 1)


def _width(column: str, rows: Sequence[Mapping[str, object]]) -> int:
    return max(cell_len(text) for text in (column, *(str(row[column]) for row in rows)))


def print_table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """A table, whether or not it fits."""
    table = plain_table(*columns)
    table.columns[-1].no_wrap = False
    for row in rows:
        table.add_row(*(Text(str(row[column]), overflow="fold") for column in columns))
    stdout().print(table)


def print_folded(told: str, indent: int = 0) -> None:
    """A line of text, which a terminal folds between words."""
    console = stdout()
    if console.is_terminal:
        text = Text(told, overflow="fold")
        console.print(Padding(text, (0, 0, 0, indent), expand=False))
    else:
        console.print(Text(" " * indent + told), soft_wrap=True)
