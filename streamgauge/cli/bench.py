"""`bench`: how many events a second each cell takes, and how long until what comes in shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Optional, Union

import typer

from streamgauge import versions
from streamgauge.attachments.place import DELIVERIES
from streamgauge.cells import Cell, Filter, cells, delivered, ended
from streamgauge.cli import options, running
from streamgauge.cli.running import Manner, Ran
from streamgauge.errors import UsageError, choose
from streamgauge.lifecycle import once
from streamgauge.measure import baseline, latency
from streamgauge.measure.latency import Latencies
from streamgauge.measure.side import Made, Side
from streamgauge.measure.sustainable import START, Sustainable
from streamgauge.measure.throughput import Bench
from streamgauge.measure.trial import Loaded
from streamgauge.records import Record
from streamgauge.report import bench as rates
from streamgauge.report import latency as latencies
from streamgauge.report import sustainable as limits
from streamgauge.run import Run
from streamgauge.tuning import DEFAULTS, TUNINGS
from streamgauge.values.inputs import Inputs

_MODES = ("streaming",)

Measured = Union[Bench, Latencies, Sustainable]


def bench(
    scenarios: options.Names = options.SCENARIOS,
    dialect: options.Names = options.DIALECT,
    udf: options.Names = options.UDF,
    mode: options.Names = options.MODE,
    binding: options.Names = options.BINDING,
    flink: options.Names = options.FLINK,
    delivery: str = options.DELIVERY,
    provider: str = options.PROVIDER,
    tuning: str = typer.Option(DEFAULTS, help="Settings by name."),
    parallelism: int = typer.Option(1, help="Tasks of each operator."),
    rate: Optional[float] = typer.Option(
        None, help="Measure latency, under a load of so many events a second."
    ),
    sustainable: bool = typer.Option(
        False, "--sustainable", help="Find the highest rate at which lag does not grow."
    ),
    rows: Optional[int] = typer.Option(
        None, help="Events a source; default as many as take 2 s, of a load 30 s of it."
    ),
    seed: int = typer.Option(0, help="Seed of the generated events."),
    rounds: Optional[int] = typer.Option(None, help="Rounds that count, of each cell; default 5."),
    patience: float = options.PATIENCE,
    save: Optional[Path] = typer.Option(
        None, help="Write the seconds of jobs there, as pytest-benchmark does."
    ),
    quiet: bool = typer.Option(False, "--quiet", help="Show nothing but the end."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Time cells over generated events, and check their answers; exit code 1 for no number.

    Streaming cells over each scenario's first binding that serves, unless others are named: that
    has an end, or with --rate and --sustainable a topic that can be fed while the job runs. A
    search for the highest rate begins at --rate.
    """
    for name, number in (("--rows", rows), ("--rounds", rounds), ("--parallelism", parallelism)):
        options.check_least(name, number)
    if rate is not None or sustainable:
        _check_load(rate, rounds, rows if sustainable else None)
    choose("tuning", tuning, TUNINGS)
    options.check_patience(patience)
    options.check_seed(seed)
    options.check_provider(provider)
    chosen = options.scenarios(scenarios)
    axes = Filter(dialect or (), mode or _MODES, binding or (), udf or ())
    every = cells(chosen.values(), versions.chosen(flink), axes)
    wanted = [delivered(cell, choose("delivery", delivery, DELIVERIES)) for cell in every]

    def made(of: Side | Loaded, events: int) -> Made:
        return options.inputs(of.cell.scenario, events, seed)

    timed: Measured
    if sustainable or rate is not None:
        asked = [Loaded(cell, rate or START, parallelism) for cell in wanted]
        reason = _unlimited if sustainable else _untimed
        fed = _loaded(asked, reason, first=not binding)
        timed = Sustainable(fed, made) if sustainable else Latencies(fed, made, rows)
    else:
        timed = Bench(_sides(wanted, parallelism, first=not binding), made, rounds or 5, rows)
    manner = Manner(tuning, patience, quiet, timed=True, provider=provider)
    records = _run(timed, manner, json_file)
    if isinstance(timed, Bench):
        options.write(baseline.of_bench(timed.told, timed.sides, records), save)
    broken = options.tell_broken(chosen)
    raise typer.Exit(int(broken or any(each.refusal for each in timed.told)))


def _check_load(rate: float | None, rounds: int | None, rows: int | None) -> None:
    """A UsageError for what is no rate, or does not go with a load."""
    options.check_rate(rate)
    if rounds is not None:
        raise UsageError("--rounds: under a load there is one, which --rows makes longer")
    if rows is not None:
        raise UsageError("--rows: of a search for the highest rate each trial is as long")


def _sides(wanted: Iterable[Cell], parallelism: int, *, first: bool) -> list[Side]:
    there = (cell for cell in map(ended, wanted) if not cell.absent)
    sides = [Side(cell.id, cell, parallelism) for cell in _usual(there, first=first)]
    if not sides:
        raise UsageError("no cell there could be timed: see `list`")
    return sides


def _unlimited(asked: Loaded) -> str:
    """Why it cannot be fed at a rate; "" where it can."""
    cell = asked.cell
    nothing = Inputs(tuple(source.name for source in cell.scenario.sources), ())
    return cell.absent or asked.refused(nothing)


def _untimed(asked: Loaded) -> str:
    """Why it has no latency; "" where it has one."""
    return _unlimited(asked) or latency.refused(asked.cell.scenario)


def _loaded(
    asked: Iterable[Loaded], reason: Callable[[Loaded], str], *, first: bool
) -> list[Loaded]:
    """Those for which there is no reason why not; a UsageError with one, where there are none."""
    asked = list(asked)
    there = [each for each in asked if not reason(each)]
    if not there:
        told = [f"{each.cell.id}: {reason(each)}" for each in asked]
        raise UsageError(told[0] if told else "no cell there: see `list`")
    usual = list(_usual((each.cell for each in there), first=first))
    return [each for each in there if each.cell in usual]


def _usual(there: Iterable[Cell], *, first: bool) -> Iterator[Cell]:
    """Of each scenario its first binding, if none is named."""
    bindings: dict[tuple[str, str], str] = {}
    for cell in there:
        usual = bindings.setdefault((cell.scenario.id, cell.mode), cell.binding)
        if not first or cell.binding == usual:
            yield cell


def _run(timed: Measured, manner: Manner, json_file: Path | None) -> Sequence[Record]:
    def told() -> Mapping[str, Any]:
        if isinstance(timed, Bench):
            rates.tell(timed.told)
        elif isinstance(timed, Latencies):
            latencies.tell(timed.told)
        else:
            limits.tell(timed.told)
        return {"measured": [each.data() for each in timed.told]}

    ran = Ran(0)
    running.measure(_first(timed), manner, ran, timed.measured, told, json_file)
    return ran.records


def _first(timed: Measured) -> Sequence[Run]:
    """What services and engines are started for."""
    if isinstance(timed, Bench):
        return [side.run(timed.made(side, 1), 1) for side in timed.sides]
    return [Run(each.cell, *timed.made(each, 2)[:2], once(each.cell.form)) for each in timed.cells]
