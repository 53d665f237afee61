"""`records`: past runs, made from their records alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Optional

import typer

from streamgauge import paths, records
from streamgauge.cli import options
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.records import Record
from streamgauge.report import changes, runs, terminal
from streamgauge.workspace import is_dead

_FACTOR = 2.0

app = typer.Typer(help="What past runs found.", no_args_is_help=True)


@app.command("list")
def list_runs(json_file: Optional[Path] = options.JSON) -> None:
    """List past runs, newest first, with how many cells got which verdict."""
    past = [_past(path) for path in records.files()]
    options.write([run.data for run in past], json_file)
    if past:
        terminal.print_rows(runs.COLUMNS, [run.row for run in past])
    else:
        typer.echo(records.none())
    for run in past:
        if run.error:
            typer.echo(f"streamgauge: {run.error}", err=True)


def _past(path: Path) -> runs.Past:
    """A run that cannot be read is listed as that."""
    try:
        return runs.Past(path.stem, records.read(path), _goes_on(path))
    except StreamgaugeError as error:
        return runs.Past(path.stem, going_on=_goes_on(path), error=str(error))


def _goes_on(path: Path) -> bool:
    """Whether a process still holds the folder of the run whose records are in the file."""
    return not is_dead(paths.state() / "runs" / path.stem)


@app.command()
def show(
    run: str = typer.Argument("", help="A run's id or its beginning; the newest if none."),
    absent: bool = options.ABSENT,
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Print the verdicts of a past run as they were printed after it."""
    path = records.find(run)
    done = records.read(path)
    options.write([records.as_data(record) for record in done], json_file)
    typer.echo(f"run {path.stem}{', still going on' if _goes_on(path) else ''}\n")
    terminal.verdicts(done, absent=absent)


@app.command()
def diff(
    a: str = typer.Argument(help="A run's id or its beginning."),
    b: str = typer.Argument(help="That of another."),
    factor: float = typer.Option(_FACTOR, help="Seconds are told beyond this factor; at least 1."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Tell what changed from run A to run B: verdicts, reasons, cells, seconds.

    Settings and inputs that were not the same are named. Runs of one Flink line or lifecycle
    each are compared though it is another. Exit code 1 where verdicts differ, 0 where none
    does, 2 where a run is not there or cannot be read.
    """
    if not factor >= 1:
        raise UsageError(f"--factor {factor:g}: at least 1")
    files = [records.find(run) for run in (a, b)]
    found = changes.changes(*(_read(path) for path in files))
    first, second = (path.stem for path in files)
    data = changes.as_data(found, factor)
    options.write({"a": first, "b": second, **data}, json_file)
    lines = [f"A is {first}, B is {second}", *_going_on(files), "", *changes.told(found, factor)]
    typer.echo("\n".join(lines))
    raise typer.Exit(int(bool(found.verdicts)))


def _read(path: Path) -> Sequence[Record]:
    """A UsageError where that cannot be: exit code 1 is that verdicts differ."""
    try:
        return records.read(path)
    except StreamgaugeError as error:
        raise UsageError(str(error)) from None


def _going_on(files: Sequence[Path]) -> Iterator[str]:
    for path in dict.fromkeys(files):
        if _goes_on(path):
            yield f"{path.stem} is still going on: what it has found so far is compared"
