"""`bench`: how many events a second each cell takes, and how long until what comes in shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Optional

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

MadeOf = Callable[[Loaded, int], Made]


class Asked(NamedTuple):
    """What is measured: over which cells, how it is told, and what is saved of it."""

    timed: Bench | Latencies | Sustainable
    first: Sequence[Run]
    tell: Callable[[], None]
    content: Callable[[Sequence[Record]], Mapping[str, Any]] | None = None


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
        None, help="Write the seconds there, of jobs or latencies, as pytest-benchmark does."
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
        _check_load(rate, rounds)
    if sustainable:
        _check_search(rows, save)
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

    if sustainable or rate is not None:
        loads = [Loaded(cell, rate or START, parallelism) for cell in wanted]
        reason = _unlimited if sustainable else _untimed
        fed = _loaded(loads, reason, first=not binding)
        asked = _limits(fed, made) if sustainable else _latencies(fed, made, rows)
    else:
        sides = _sides(wanted, parallelism, first=not binding)
        asked = _rates(Bench(sides, made, rounds or 5, rows))
    manner = Manner(tuning, patience, quiet, timed=True, provider=provider)
    records = _run(asked, manner, json_file)
    if asked.content:
        options.write(asked.content(records), save)
    broken = options.tell_broken(chosen)
    raise typer.Exit(int(broken or any(each.refusal for each in asked.timed.told)))


def _check_load(rate: float | None, rounds: int | None) -> None:
    """A UsageError for what is no rate, or does not go with a load."""
    options.check_rate(rate)
    if rounds is not None:
        raise UsageError("--rounds: under a load there is one, which --rows makes longer")


def _check_search(rows: int | None, save: Path | None) -> None:
    """A UsageError for what does not go with a search for the highest rate."""
    if rows is not None:
        raise UsageError("--rows: of a search for the highest rate each trial is as long")
    if save:
        raise UsageError("--save: a search times no jobs; --json has its steps")


def _rates(timed: Bench) -> Asked:
    first = [side.run(timed.made(side, 1), 1) for side in timed.sides]
    content = partial(baseline.of_bench, timed.told, timed.sides)
    return Asked(timed, first, partial(rates.tell, timed.told), content)


def _latencies(loads: Sequence[Loaded], made: MadeOf, rows: int | None) -> Asked:
    timed = Latencies(loads, made, rows)
    content = partial(baseline.of_latencies, timed.told, loads)
    return Asked(timed, _under(loads, made), partial(latencies.tell, timed.told), content)


def _limits(loads: Sequence[Loaded], made: MadeOf) -> Asked:
    timed = Sustainable(loads, made)
    return Asked(timed, _under(loads, made), partial(limits.tell, timed.told))


def _under(loads: Sequence[Loaded], made: MadeOf) -> list[Run]:
    return [Run(each.cell, *made(each, 2)[:2], once(each.cell.form)) for each in loads]


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


def _run(asked: Asked, manner: Manner, json_file: Path | None) -> Sequence[Record]:
    def told() -> Mapping[str, Any]:
        asked.tell()
        return {"measured": [each.data() for each in asked.timed.told]}

    ran = Ran(0)
    running.measure(asked.first, manner, ran, asked.timed.measured, told, json_file)
    return ran.records
