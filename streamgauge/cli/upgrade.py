"""`upgrade`: what becomes of jobs and their state on later Flink lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Optional

import typer

from streamgauge.attachments.place import DELIVERIES
from streamgauge.cells import Filter, cells, delivered
from streamgauge.cli import options, running
from streamgauge.cli.running import Manner, Ran
from streamgauge.errors import UsageError, choose
from streamgauge.records import as_data
from streamgauge.report import terminal
from streamgauge.report import upgrade as report
from streamgauge.report.outcomes import fates
from streamgauge.run import planned
from streamgauge.tuning import CONFORMANCE
from streamgauge.upgrade import ENGINES, carried, expected, feasible, path


def upgrade(
    scenarios: options.Names = options.SCENARIOS,
    baseline: str = typer.Option("", "--from", help="The Flink line of today."),
    candidate: str = typer.Option("", "--to", help="The Flink line to come."),
    lines: str = typer.Option("", "--path", help="Several, instead: such as 1.20,2.0,2.3."),
    roll_back: bool = typer.Option(False, "--roll-back", help="Back to the baseline at the end."),
    rescale: bool = typer.Option(False, "--rescale", help="With 1, 2, 3 tasks in turn."),
    change: str = typer.Option(
        "", "--change", help="A folder in the scenario's: its job after the baseline."
    ),
    dialect: options.Names = options.DIALECT,
    udf: options.Names = options.UDF,
    binding: options.Names = options.BINDING,
    delivery: str = options.DELIVERY,
    provider: str = options.PROVIDER,
    rows: Optional[int] = options.ROWS,
    seed: Optional[int] = options.SEED,
    patience: float = options.PATIENCE,
    ways: bool = typer.Option(True, help="Try what may help where state is refused."),
    quiet: bool = typer.Option(False, "--quiet", help="Show nothing but the end."),
    json_file: Optional[Path] = options.JSON,
    junit_file: Optional[Path] = typer.Option(None, "--junit", help="Write JUnit's XML there."),
) -> None:
    """Carry each streaming job's state from line to line, and tell what became of it.

    Exit code 1 where anything is wrong, or refused and not declared so.
    """
    names = _names(baseline, candidate, lines)
    along = path(names, roll_back=roll_back, rescale=rescale, change=change)
    choose("delivery", delivery, DELIVERIES)
    options.check_least("--rows", rows)
    options.check_patience(patience)
    options.check_seed(seed)
    options.check_provider(provider)
    chosen = options.scenarios(scenarios)
    axes = Filter(dialect or (), ("streaming",), binding or (), udf or ())
    wanted = [delivered(c, delivery) for c in cells(chosen.values(), along.lines[:1], axes)]
    inputs = {s.id: options.inputs(s, rows, seed or 0) for s in chosen.values()}
    runs = [feasible(planned(cell, *inputs[cell.scenario.id], "once"), along) for cell in wanted]
    ran = Ran(expected(runs, along))
    manner = Manner(CONFORMANCE, patience, quiet, engines=ENGINES, provider=provider)
    try:
        running.run_all(runs, manner, ran, partial(carried, along=along, ways=ways))
    finally:
        told = _Told(ran, [line.name for line in along.lines])
        told.tell(json_file, junit_file)
    broken = options.tell_broken(chosen)
    raise typer.Exit(int(broken or told.failed))


def _names(baseline: str, candidate: str, lines: str) -> list[str]:
    """Those of --path, or of --from and --to."""
    given = (baseline, candidate)
    if any(given) if lines else not all(given):
        raise UsageError("an upgrade needs --from LINE and --to LINE, or --path LINE,LINE,...")
    return lines.split(",") if lines else [baseline, candidate]


class _Told:
    """What the records came to, however the run ended."""

    def __init__(self, ran: Ran, path: Sequence[str]) -> None:
        self._ran, self._path = ran, path
        self._absent = [r for r in ran.records if r.verdict == "absent" and not r.found]
        self._fates = fates([r for r in ran.records if r not in self._absent], path)

    @property
    def failed(self) -> bool:
        """A gate is open where something was carried, and nothing failed."""
        return not self._fates or any(fate.failed for fate in self._fates)

    def tell(self, json_file: Path | None, junit_file: Path | None) -> None:
        """The matrix, the files asked for, and where the records are."""
        if not self._ran.kept:
            return
        report.matrix(self._fates, self._path, self._absent)
        terminal.paths(self._ran.kept)
        data = {
            "path": self._path,
            "cells": [{"cell": fate.cell, **asdict(fate)} for fate in self._fates],
            "records": [as_data(record) for record in self._ran.records],
        }
        options.write(data, json_file)
        if junit_file:
            report.junit(self._fates, self._path, self._absent, junit_file)
