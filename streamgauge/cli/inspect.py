"""`list`, `show`, `doctor`: what there is, without running a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Optional

import typer

from streamgauge import verdicts, versions
from streamgauge.cells import Cell, Filter, cells
from streamgauge.checkup import checkup
from streamgauge.cli import options
from streamgauge.errors import UsageError
from streamgauge.records import bound
from streamgauge.report import terminal
from streamgauge.report.cell_list import print_cells
from streamgauge.report.progress import progress

_AXES = ("scenario", "dialect", "udf", "mode", "binding")


def list_cells(
    scenarios: options.Names = options.SCENARIOS,
    flink: options.Names = options.FLINK,
    json_file: Optional[Path] = options.JSON,
) -> None:
    """List the cells with the verdict noted on each Flink line (`run --note`), or why not there.

    `unseen` is a cell that has not been run since its scenario or its Flink release changed.
    """
    lines = versions.chosen(flink or list(versions.lines()))
    chosen = options.scenarios(scenarios)
    noted = verdicts.read(*(scenario.folder for scenario in chosen.values()))
    found = cells(chosen.values(), lines)
    options.write([_described(cell, noted) for cell in found], json_file)
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    reasons: dict[str, str] = {}
    for cell in found:
        binding = bound(cell.binding, cell.scenario.own_bindings)
        axes = (cell.scenario.id, cell.dialect, cell.udf or "", cell.mode, binding)
        row = rows.setdefault(axes, dict(zip(_AXES, axes)))
        row[cell.line.name] = _mark(cell, noted, reasons)
    print_cells(_AXES, [line.name for line in lines], list(rows.values()))
    for reason, mark in reasons.items():
        terminal.print_folded(f"{mark} absent: {reason}")
    for scenario in chosen.values():
        for known in scenario.divergences:
            terminal.print_folded(f"{scenario.id} diverges: {known}")
    options.tell_broken(chosen)


def _mark(cell: Cell, noted: Mapping[str, verdicts.Noted], reasons: dict[str, str]) -> str:
    if cell.absent is None:
        seen = verdicts.of(cell, noted)
        return f"{seen['verdict']} {seen['seen']}" if seen else "unseen"
    return reasons.setdefault(cell.absent, f"({len(reasons) + 1})")


def _described(cell: Cell, noted: Mapping[str, verdicts.Noted]) -> dict[str, object]:
    seen = verdicts.of(cell, noted) or {}
    return {
        "scenario": cell.scenario.id,
        "version": cell.scenario.version,
        "dialect": cell.dialect,
        "udf": cell.udf,
        "mode": cell.mode,
        "binding": cell.binding,
        "tables": dict(cell.scenario.own_bindings),
        "flink": cell.line.flink,
        "absent": cell.absent,
        "verdict": seen.get("verdict"),
        "seen": seen.get("seen"),
    }


def show(
    scenario: str = typer.Argument(help="A scenario's id or folder."),
    dialect: str = typer.Option("sql", help="sql, table, datastream, process or job."),
    mode: Optional[str] = typer.Option(None, help="batch or streaming."),
    binding: Optional[str] = typer.Option(None, help="Such as files or kafka."),
    udf: Optional[str] = typer.Option(None, help="process, thread or pandas."),
    flink: Optional[str] = typer.Option(None, help="A Flink line such as 1.20, the default."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Print a cell's whole runnable job: tables, query or code, and Flink's plan."""
    from streamgauge import show as shown  # noqa: PLC0415 - it has the clients of all services

    lines = versions.chosen([flink] if flink else None)
    given = [[word] if word else [] for word in (dialect, mode, binding, udf)]
    axes = Filter(*given)
    found = cells(options.scenarios([scenario]).values(), lines, axes)
    present = [cell for cell in found if cell.absent is None]
    if not present:
        raise UsageError(f"{found[0].id} is absent: {found[0].absent}")
    with progress():
        job, plan = shown.explained(present[0])
    options.write({**asdict(job), "plan": plan}, json_file)
    typer.echo(shown.render(present[0], job, plan))


def doctor(json_file: Optional[Path] = options.JSON) -> None:
    """Say what is here, what will be fetched and what is wrong; exit code 1 if anything is."""
    findings = checkup()
    options.write([asdict(finding) for finding in findings], json_file)
    terminal.print_rows(("what", "state", "detail"), [asdict(finding) for finding in findings])
    raise typer.Exit(int(any(finding.state == "bad" for finding in findings)))
