"""`plant`: wrong variants of a scenario's dialects, and which of them nobody notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Optional

import typer

from streamgauge import corners, versions
from streamgauge.cells import Filter, cells
from streamgauge.cli import options
from streamgauge.cli.running import Hand, Manner, at_hand
from streamgauge.errors import ScenarioError, UsageError, choose
from streamgauge.lifecycle import LIFECYCLES
from streamgauge.planting.catching import tried, unplanted
from streamgauge.planting.declared import Declared, declared, excused, stands, unneeded
from streamgauge.planting.dialect import Dialect, asked, drawn
from streamgauge.planting.kept import Kept
from streamgauge.planting.search import lines, telling
from streamgauge.planting.variant import Variant
from streamgauge.report import plant as report
from streamgauge.report.plant import Tried
from streamgauge.report.progress import Progress, progress
from streamgauge.run import Run
from streamgauge.scenario import Scenario
from streamgauge.thorough import Asked, chosen
from streamgauge.tuning import CONFORMANCE

_PERCENT = 100


def plant(
    scenario: str = typer.Argument(..., help="The id of a scenario, or its folder."),
    dialect: options.Names = options.DIALECT,
    mode: options.Names = options.MODE,
    binding: options.Names = options.BINDING,
    flink: Optional[str] = typer.Option(None, help="Such as 1.20, the default."),
    lifecycle: Optional[str] = typer.Option(
        None,
        help=f"What a job goes through: {', '.join(LIFECYCLES)}; default: what a plain `run` has.",
    ),
    rows: Optional[int] = options.ROWS,
    seed: Optional[int] = options.SEED,
    sample: Optional[int] = typer.Option(None, help="Only so many variants a dialect, drawn."),
    at_least: str = typer.Option("0%", help="Exit code 1 where a smaller share is caught."),
    search: bool = typer.Option(
        False, "--search", help="Seek rows that would catch what is not caught."
    ),
    provider: str = options.PROVIDER,
    patience: float = options.PATIENCE,
    quiet: bool = typer.Option(False, "--quiet", help="Show nothing but the end."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Plant errors into copies of a scenario's dialects, and tell which are not caught.

    Each variant runs over the scenario's own inputs, in the cells that `run` has, up to the
    first that catches it.
    """
    life = Asked(choose("lifecycle", lifecycle, LIFECYCLES) if lifecycle else None)
    options.check_least("--rows", rows)
    options.check_least("--sample", sample)
    options.check_seed(seed)
    options.check_provider(provider)
    options.check_patience(patience)
    least = _share(at_least)
    asking = _scenario(scenario)
    known = declared(asking.folder)
    made = options.inputs(asking, rows, seed or 0)
    if made[-1]:
        raise ScenarioError(made[-1])
    on = versions.chosen([flink] if flink else None)
    wanted = cells([asking], on, Filter(dialect or (), mode or (), binding or ()))
    cornered = corners.runs(wanted, seed or 0, life, rows)
    dialects = _dialects([*(chosen(cell, *made, life) for cell in wanted), *cornered])
    told: dict[str, dict[Variant, Tried]] = {}
    manner = Manner(CONFORMANCE, patience, quiet, provider=provider)
    try:
        with at_hand(manner) as hand:
            for each in dialects:
                kept, mine = Kept(each), told.setdefault(each.name, {})
                _try(hand, each, drawn(each, sample, seed or 0), known, kept, mine, manner)
                mine.update({variant: excused(one, known) for variant, one in mine.items()})
                if search:
                    _search(hand, each, kept, mine, manner)
    finally:
        # However it ended: with Ctrl-C, or where a dialect is wrong as it is.
        found = {name: list(mine.values()) for name, mine in told.items()}
        _tell(found, json_file)
    stale = [] if sample or dialect else unneeded([*chain.from_iterable(found.values())], known)
    for line in stale:
        typer.echo(f"streamgauge: {line}", err=True)
    weak = any(report.share(each) < least for each in found.values())
    raise typer.Exit(int(weak or bool(stale)))


def _scenario(name: str) -> Scenario:
    found = options.scenarios([name])
    if len(found) != 1:
        raise UsageError(f"{name} has {len(found)} scenarios: name one")
    return next(iter(found.values()))


def _tell(told: Mapping[str, Sequence[Tried]], json_file: Path | None) -> None:
    for name, found in told.items():
        if found:
            report.tell(name, found)
    options.write(
        {name: [one._asdict() for one in found] for name, found in told.items()}, json_file
    )


def _share(text: str) -> float:
    """Of `95%`, 0.95."""
    number = text.removesuffix("%").strip()
    if not number.isdigit() or int(number) > _PERCENT:
        raise UsageError(f"--at-least {text}: a share such as 95%")
    return int(number) / _PERCENT


def _dialects(runs: Sequence[Run]) -> list[Dialect]:
    """Those of which a cell is there; a UsageError where none is."""
    there = [run for run in runs if not run.cell.absent]
    if not there:
        raise UsageError(f"{runs[0].cell.id} is absent: {runs[0].cell.absent}")
    names = dict.fromkeys(run.cell.dialect for run in there)
    return [asked([run for run in there if run.cell.dialect == name]) for name in names]


def _try(
    hand: Hand,
    dialect: Dialect,
    variants: Sequence[Variant],
    known: Sequence[Declared],
    kept: Kept,
    told: dict[Variant, Tried],
    manner: Manner,
) -> None:
    """What becomes of each is put into `told` as it comes; what is known is not run again."""
    told.update({v: one for v, one in kept.known(variants).items() if stands(one, known)})
    left = [variant for variant in variants if variant not in told]
    if not left:
        return
    steps = len(dialect.runs) + len(left)
    with progress(steps, manner.at_once, quiet=manner.quiet) as seen:
        _look(hand, dialect, seen)
        with closing(tried(hand.harness, dialect, left, known)) as each:
            for variant, one in each:
                kept.add(variant, one)
                told[variant] = one
                seen.step(one.result, report.line(one))


def _search(
    hand: Hand, dialect: Dialect, kept: Kept, told: dict[Variant, Tried], manner: Manner
) -> None:
    """Put the rows that would catch a survivor into `told`, where there are some."""
    survivors = [v for v, one in told.items() if one.result == report.SURVIVED and not one.rows]
    if not survivors:
        return
    hand.harness.prepare(dialect.cells[:1])
    with progress(quiet=manner.quiet), closing(telling(hand.harness, dialect, survivors)) as each:
        for variant, inputs in each:
            told[variant] = told[variant]._replace(rows=tuple(lines(inputs)))
            kept.add(variant, told[variant])


def _look(hand: Hand, dialect: Dialect, seen: Progress) -> None:
    hand.harness.prepare(dialect.cells)
    with closing(unplanted(hand.harness, dialect)) as outcomes:
        for outcome in outcomes:
            outcome.keep(hand.recorder)
            seen.done(outcome.record)
