"""`run --watch`: the cells of what was saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import typer

from streamgauge import paths
from streamgauge.cli import options, running
from streamgauge.cli.running import Manner, Ran
from streamgauge.discovery import Scenarios
from streamgauge.errors import ScenarioError, StreamgaugeError
from streamgauge.report import terminal
from streamgauge.run import Run
from streamgauge.scenario import DIALECT_FILES, JOB

_DIALECTS = {file: dialect for dialect, file in DIALECT_FILES.items()}


def watch(
    names: Sequence[str] | None,
    plan: Callable[[Scenarios], list[Run]],
    manner: Manner,
    *,
    absent: bool,
) -> None:
    """Run the cells that `plan` makes of what was saved, each time, until Ctrl-C.

    What is wrong with a scenario is told, and watched further.
    """
    with _told(ScenarioError):
        # A mistake in what was asked for is told at once.
        plan(options.scenarios(names))
    with running.at_hand(manner) as hand:
        times: Counter[str] = Counter()
        with suppress(KeyboardInterrupt):
            for saved in _saved(options.folders(names) or [paths.scenarios()]):
                with _told(StreamgaugeError):
                    found = options.scenarios(names)
                    options.tell_broken(found)
                    wanted = _numbered(touched(plan(found), saved), times)
                    _run(hand, wanted, manner, absent=absent)
        terminal.paths(hand.kept)


def touched(runs: Iterable[Run], saved: Sequence[Path]) -> list[Run]:
    """The runs that the files saved have a part in: a dialect's own file has it in that alone."""
    return [run for run in runs if any(_of(run, path) for path in saved)]


def _of(run: Run, path: Path) -> bool:
    scenario = run.cell.scenario
    is_job = scenario.job is not None and path.name == scenario.job.file
    dialect = JOB if is_job else _DIALECTS.get(path.name)
    single = scenario.folder.with_name(f"{scenario.folder.name}.py")
    own = scenario.folder in path.parents or path == single
    return own and dialect in (None, run.cell.dialect)


def _numbered(runs: Iterable[Run], times: Counter[str]) -> list[Run]:
    """With how often each cell has been run by then."""
    numbered = []
    for run in runs:
        times[run.cell.id] += 1
        numbered.append(replace(run, number=times[run.cell.id]))
    return numbered


@contextmanager
def _told(kind: type[StreamgaugeError]) -> Iterator[None]:
    """Say what is wrong, and go on."""
    try:
        yield
    except kind as error:
        typer.echo(f"streamgauge: {error}", err=True)


def _run(hand: running.Hand, wanted: Sequence[Run], manner: Manner, *, absent: bool) -> None:
    if wanted:
        ran = Ran(len(wanted))
        try:
            running.run_on(hand, wanted, manner, ran)
        finally:
            ran.tell(absent=absent)


def _saved(roots: Sequence[Path]) -> Iterator[list[Path]]:
    """The files saved since the last time, whenever there are some; what editors leave is none."""
    from watchfiles import DefaultFilter, watch  # noqa: PLC0415 - seldom needed

    there = [root.resolve() for root in roots]
    typer.echo(f"watching {', '.join(map(str, roots))}; Ctrl-C ends it", err=True)
    for changes in watch(*there, watch_filter=DefaultFilter()):
        yield sorted({Path(path) for _, path in changes})
