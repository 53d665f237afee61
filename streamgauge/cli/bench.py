"""`bench`: how many events a second each cell takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Optional

import typer

from streamgauge import versions
from streamgauge.cells import Cell, Filter, cells, ended
from streamgauge.cli import options, running
from streamgauge.cli.running import Manner, Ran
from streamgauge.errors import UsageError, choose
from streamgauge.measure.side import Made, Side
from streamgauge.measure.throughput import Bench
from streamgauge.report import bench as report
from streamgauge.tuning import DEFAULTS, TUNINGS

_MODES = ("streaming",)


def bench(
    scenarios: options.Names = options.SCENARIOS,
    dialect: options.Names = options.DIALECT,
    udf: options.Names = options.UDF,
    mode: options.Names = options.MODE,
    binding: options.Names = options.BINDING,
    flink: options.Names = options.FLINK,
    tuning: str = typer.Option(DEFAULTS, help="Settings by name."),
    parallelism: int = typer.Option(1, help="Tasks of each operator."),
    rows: Optional[int] = typer.Option(None, help="Events a source; default as many as take 2 s."),
    seed: int = typer.Option(0, help="Seed of the generated events."),
    rounds: int = typer.Option(5, help="Rounds that count, of each cell."),
    patience: float = options.PATIENCE,
    quiet: bool = typer.Option(False, "--quiet", help="Show nothing but the end."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Time cells over generated events, and check their answers; exit code 1 for no number.

    Streaming cells over each scenario's first binding that has an end, unless others are named.
    """
    for name, number in (("--rows", rows), ("--rounds", rounds), ("--parallelism", parallelism)):
        options.check_least(name, number)
    choose("tuning", tuning, TUNINGS)
    options.check_patience(patience)
    options.check_seed(seed)
    chosen = options.scenarios(scenarios)
    axes = Filter(dialect or (), mode or _MODES, binding or (), udf or ())
    wanted = cells(chosen.values(), versions.chosen(flink), axes)
    sides = list(_sides(map(ended, wanted), parallelism, first=not binding))
    if not sides:
        raise UsageError("no cell there could be timed: see `list`")

    def made(side: Side, events: int) -> Made:
        return options.inputs(side.cell.scenario, events, seed)

    timed = Bench(sides, made, rounds, rows)
    _run(timed, Manner(tuning, patience, quiet), json_file)
    broken = options.tell_broken(chosen)
    raise typer.Exit(int(broken or any(each.refusal for each in timed.told)))


def _sides(wanted: Iterable[Cell], parallelism: int, *, first: bool) -> Iterator[Side]:
    """Of those that are there; of each scenario its first binding, if none is named."""
    bindings: dict[tuple[str, str], str] = {}
    for cell in wanted:
        if cell.absent:
            continue
        usual = bindings.setdefault((cell.scenario.id, cell.mode), cell.binding)
        if not first or cell.binding == usual:
            yield Side(cell.id, cell, parallelism)


def _run(timed: Bench, manner: Manner, json_file: Path | None) -> None:
    def told() -> Mapping[str, Any]:
        report.tell(timed.told)
        return {"measured": [each.data() for each in timed.told]}

    runs = [side.run(timed.made(side, 1), 1) for side in timed.sides]
    running.measure(runs, manner, Ran(0), timed.measured, told, json_file)
