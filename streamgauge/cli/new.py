"""`new`: a scenario to begin with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional

import typer

from streamgauge import paths
from streamgauge.starting import start


def new(
    name: str = typer.Argument(help="The scenario's id, and its folder's name in `jobs`."),
    rows: Optional[Path] = typer.Option(
        None, "--from", help="A .csv file whose first line names the columns, or a .jsonl file."
    ),
) -> None:
    """Write a scenario that runs: rows, a query, and the right answer."""
    for path in start(paths.scenarios(), name, rows):
        typer.echo(os.path.relpath(path))
    typer.echo(f"it runs: streamgauge run {name}")
