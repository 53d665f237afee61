"""`plant`: wrong variants of a scenario's dialects, and which of them nobody notices."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Optional

import typer

from streamgauge import versions
from streamgauge.cells import Filter, cells
from streamgauge.cli import options
from streamgauge.cli.running import Hand, Manner, at_hand
from streamgauge.errors import UsageError, choose
from streamgauge.lifecycle import LIFECYCLES
from streamgauge.planting.catching import tried, unplanted
from streamgauge.planting.dialect import PLANTED, Dialect, asked, drawn
from streamgauge.planting.variant import Variant
from streamgauge.report import plant as report
from streamgauge.report.plant import Tried
from streamgauge.report.progress import Progress, progress
from streamgauge.run import Run, planned
from streamgauge.tuning import CONFORMANCE

_PERCENT = 100


def plant(
    scenario: str = typer.Argument(..., help="The id of a scenario, or its folder."),
    dialect: options.Names = options.DIALECT,
    mode: options.Names = options.MODE,
    binding: options.Names = options.BINDING,
    flink: Optional[str] = typer.Option(None, help="Such as 1.20, the default."),
    lifecycle: str = typer.Option(
        "once", help=f"What a job goes through: {', '.join(LIFECYCLES)}."
    ),
    rows: Optional[int] = options.ROWS,
    seed: Optional[int] = options.SEED,
    sample: Optional[int] = typer.Option(None, help="Only so many variants a dialect, drawn."),
    at_least: str = typer.Option("0%", help="Exit code 1 where a smaller share is caught."),
    provider: str = options.PROVIDER,
    patience: float = options.PATIENCE,
    quiet: bool = typer.Option(False, "--quiet", help="Show nothing but the end."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Plant errors into copies of a scenario's dialects, and tell which are not caught.

    Each variant runs over the scenario's own inputs, in the cells that `run` has, up to the
    first that catches it.
    """
    choose("lifecycle", lifecycle, LIFECYCLES)
    options.check_least("--rows", rows)
    options.check_least("--sample", sample)
    options.check_seed(seed)
    options.check_provider(provider)
    options.check_patience(patience)
    least = _share(at_least)
    found = options.scenarios([scenario])
    if len(found) != 1:
        raise UsageError(f"{scenario} has {len(found)} scenarios: name one")
    (chosen,) = found.values()
    axes = Filter(dialect or (), mode or (), binding or ())
    made = options.inputs(chosen, rows, seed)
    lines = versions.chosen([flink] if flink else None)
    wanted = [cell for cell in cells([chosen], lines, axes) if cell.dialect in PLANTED]
    if not wanted:
        raise UsageError(f"errors are planted into {' and '.join(PLANTED)}")
    runs = [planned(cell, *made, lifecycle) for cell in wanted]
    told: dict[str, list[Tried]] = {}
    manner = Manner(CONFORMANCE, patience, quiet, provider=provider)
    with at_hand(manner) as hand:
        for each in dict.fromkeys(cell.dialect for cell in wanted):
            there = _asked([run for run in runs if run.cell.dialect == each])
            told[each] = _told(hand, there, drawn(there, sample, seed or 0), manner)
    for each, variants in told.items():
        report.tell(f"{chosen.id} {each}", variants)
    options.write({name: [one._asdict() for one in each] for name, each in told.items()}, json_file)
    raise typer.Exit(int(any(report.share(each) < least for each in told.values())))


def _share(text: str) -> float:
    """Of `95%`, 0.95."""
    number = text.removesuffix("%").strip()
    if not number.isdigit() or int(number) > _PERCENT:
        raise UsageError(f"--at-least {text}: a share such as 95%")
    return int(number) / _PERCENT


def _asked(wanted: Sequence[Run]) -> Dialect:
    """Those of a dialect that are there."""
    there = [run for run in wanted if not run.cell.absent]
    if not there:
        raise UsageError(f"{wanted[0].cell.id} is absent: {wanted[0].cell.absent}")
    return asked(there)


def _told(hand: Hand, dialect: Dialect, variants: Sequence[Variant], manner: Manner) -> list[Tried]:
    """What became of each, told as it comes."""
    told: list[Tried] = []
    steps = len(dialect.runs) + len(variants)
    with progress(steps, manner.at_once, quiet=manner.quiet) as seen:
        _look(hand, dialect, seen)
        with closing(tried(hand.harness, dialect, variants)) as each:
            for one in each:
                told.append(one)
                seen.step(one.result, report.line(one))
    return sorted(told, key=lambda one: (one.file, one.line))


def _look(hand: Hand, dialect: Dialect, seen: Progress) -> None:
    hand.harness.prepare(dialect.cells)
    with closing(unplanted(hand.harness, dialect)) as outcomes:
        for outcome in outcomes:
            outcome.keep(hand.recorder)
            seen.done(outcome.record)
