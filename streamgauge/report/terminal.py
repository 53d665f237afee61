"""Progress while it runs, tables at the end."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from streamgauge.records import Record

_WIDE = 160
_AXES = ("scenario", "dialect", "udf", "mode", "binding", "flink")
_COLORS = {"pass": "green", "fail": "bold red", "unknown": "bold yellow", "absent": "dim"}


def stdout() -> Console:
    """For results. Not on a terminal: wide, so that no line is cut or folded."""
    return Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False)


class _StatusHandler(logging.Handler):
    """The newest message beside a spinner."""

    def __init__(self, status: Status) -> None:
        super().__init__()
        self._status = status

    def emit(self, record: logging.LogRecord) -> None:
        self._status.update(escape(record.getMessage()))


@contextmanager
def progress() -> Iterator[None]:
    """Show what streamgauge logs: one live line on a terminal, plain lines otherwise."""
    console = Console(stderr=True)
    with ExitStack() as stack:
        if console.is_terminal:
            status = stack.enter_context(console.status("starting"))
            handler: logging.Handler = _StatusHandler(status)
        else:
            handler = logging.StreamHandler()
        log = logging.getLogger("streamgauge")
        log.setLevel(logging.INFO)
        log.addHandler(handler)
        stack.callback(log.removeHandler, handler)
        yield


def verdicts(records: Sequence[Record]) -> None:
    """The verdict table, what went wrong in full, small results, and the count."""
    console = stdout()
    console.print(_verdict_table(records))
    _print_reasons(console, records)
    _print_results(console, records)
    console.print(summary(records))


def summary(records: Sequence[Record]) -> str:
    """How many cells have which verdict."""
    counts = {v: sum(record.verdict == v for record in records) for v in _COLORS}
    parts = [f"{counts[v]} {v}" for v in _COLORS if counts[v] or v == "pass"]
    return f"{len(records)} cells: {', '.join(parts)}"


def _verdict_table(records: Sequence[Record]) -> Table:
    """The lifecycle is told where any is not the usual one."""
    usual = {record.lifecycle for record in records} <= {"", "once"}
    axes = (*_AXES, *(() if usual else ("lifecycle",)))
    table = plain_table(*axes, "verdict", "seed", "rows in", "out", "seconds")
    for record in records:
        table.add_row(
            *(getattr(record, axis) for axis in axes),
            f"[{_COLORS[record.verdict]}]{record.verdict}[/]",
            *(_numbers(record) if record.verdict != "absent" else ()),
        )
    return table


def _numbers(record: Record) -> Sequence[str]:
    rows = (str(record.rows_in), str(record.rows_out))
    return (_inputs(record), *rows, f"{record.total_seconds:.2f}")


def _inputs(record: Record) -> str:
    """Their seed, else what they are, such as `sample`."""
    return str(record.inputs.get("kind", "") if record.seed is None else record.seed)


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


def plain_table(*columns: str) -> Table:
    """A table without lines."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table


def print_rows(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """A table of dictionaries; the last column may fold."""
    table = plain_table(*columns)
    table.columns[-1].no_wrap = False
    for row in rows:
        table.add_row(*(escape(str(row[column])) for column in columns))
    stdout().print(table)
