"""`records`: past runs, made from their records alone."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import typer

from streamgauge import records
from streamgauge.cli import options
from streamgauge.report import terminal

app = typer.Typer(help="What past runs found.", no_args_is_help=True)


@app.command()
def show(
    run: str = typer.Argument("", help="A run's id or its beginning; the newest if none."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Print the verdicts of a past run as they were printed after it."""
    path = records.find(run)
    done = records.read(path)
    options.write([records.as_data(record) for record in done], json_file)
    typer.echo(f"run {path.stem}\n")
    terminal.verdicts(done)
