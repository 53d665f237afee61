"""`list`, `show`, `doctor`: what there is, without running a job."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Optional

import typer

from streamgauge import versions
from streamgauge.cells import Cell, Filter, cells
from streamgauge.checkup import checkup
from streamgauge.cli import options
from streamgauge.errors import UsageError
from streamgauge.report import script, terminal


def list_cells(
    scenarios: options.Names = options.SCENARIOS,
    flink: options.Names = options.FLINK,
    json_file: Optional[Path] = options.JSON,
) -> None:
    """List the cells: scenario, dialect, mode, binding, and on which Flink lines they are."""
    lines = versions.chosen(flink or list(versions.lines()))
    found = cells(options.scenarios(scenarios), lines)
    options.write([_described(cell) for cell in found], json_file)
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    reasons: dict[str, str] = {}
    for cell in found:
        axes = (cell.scenario.id, cell.dialect, cell.mode, cell.binding)
        row = rows.setdefault(axes, dict(zip(("scenario", "dialect", "mode", "binding"), axes)))
        row[cell.line.name] = _mark(cell, reasons)
    columns = ["scenario", "dialect", "mode", "binding", *(line.name for line in lines)]
    terminal.print_rows(columns, rows.values())
    for reason, mark in reasons.items():
        typer.echo(f"{mark} absent: {reason}")


def _mark(cell: Cell, reasons: dict[str, str]) -> str:
    if cell.absent is None:
        return "yes"
    return reasons.setdefault(cell.absent, f"({len(reasons) + 1})")


def _described(cell: Cell) -> dict[str, object]:
    return {
        "scenario": cell.scenario.id,
        "version": cell.scenario.version,
        "dialect": cell.dialect,
        "mode": cell.mode,
        "binding": cell.binding,
        "flink": cell.line.flink,
        "absent": cell.absent,
    }


def show(
    scenario: str = typer.Argument(help="A scenario's id or folder."),
    dialect: str = typer.Option("sql", help="sql, table, datastream or process."),
    mode: Optional[str] = typer.Option(None, help="batch or streaming."),
    binding: Optional[str] = typer.Option(None, help="files, kafka or cdc."),
    flink: Optional[str] = typer.Option(None, help="A Flink line such as 1.20, the default."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Print a cell's whole runnable job: tables, query or code, and Flink's plan."""
    lines = versions.chosen([flink] if flink else None)
    axes = Filter([dialect], [mode] if mode else [], [binding] if binding else [])
    found = cells(options.scenarios([scenario]), lines, axes)
    present = [cell for cell in found if cell.absent is None]
    if not present:
        raise UsageError(f"{found[0].id} is absent: {found[0].absent}")
    with terminal.progress():
        job, plan = script.explained(present[0])
    options.write({**asdict(job), "plan": plan}, json_file)
    typer.echo(script.render(present[0], job, plan))


def doctor(json_file: Optional[Path] = options.JSON) -> None:
    """Say what is here, what will be fetched and what is wrong; exit code 1 if anything is."""
    findings = checkup()
    options.write([asdict(finding) for finding in findings], json_file)
    terminal.print_rows(("what", "state", "detail"), [asdict(finding) for finding in findings])
    raise typer.Exit(int(any(finding.state == "bad" for finding in findings)))
