"""`up`, `status`, `down`: an engine and services that stay up between runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Optional

import typer

from streamgauge import versions
from streamgauge.cli import options
from streamgauge.kept import left
from streamgauge.providers import shared
from streamgauge.report import terminal
from streamgauge.report.progress import progress
from streamgauge.services.service import Service

_COLUMNS = ("what", "address", "state")
_WELL = ("up", "in use")


def up(
    flink: Optional[str] = typer.Option(None, help="The engine's Flink line; default 1.20."),
    services: bool = typer.Option(True, help="Whether Kafka, MySQL and the like are started too."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Start a cluster with its worker, and services, and leave them up for runs in this folder."""
    line = versions.line(flink or versions.default_line())
    with progress(), ThreadPoolExecutor() as pool:
        started = pool.submit(shared.up) if services else None
        left.up(line)
        found = started.result() if started else {}
    _tell([*_engines(), *_services(dict.fromkeys(found.values(), "up"))], json_file)


def status(json_file: Optional[Path] = options.JSON) -> None:
    """Say what is up; exit code 1 if nothing is, or something that should be does not answer."""
    rows = [*_engines(), *_services(answering())]
    _tell(rows, json_file)
    raise typer.Exit(int(not rows or any(row["state"] not in _WELL for row in rows)))


def down(json_file: Optional[Path] = options.JSON) -> None:
    """End all that `up` and `services up` left, and throw their data away."""
    stopped = any([left.down(), shared.down()])
    options.write({"stopped": stopped}, json_file)
    typer.echo("stopped" if stopped else "nothing is up")


def answering() -> Mapping[Service, str]:
    """The services that are up, or should be, each with its state."""
    found = shared.services().values()
    return {service: "up" if service.answers() else "does not answer" for service in found}


def _engines() -> Sequence[Mapping[str, str]]:
    return [
        {"what": f"Flink {line}".strip(), "address": url, "state": state}
        for line, url, state in left.status()
    ]


def _services(states: Mapping[Service, str]) -> Sequence[Mapping[str, str]]:
    return [
        {"what": service.name, "address": str(service.endpoint), "state": state}
        for service, state in states.items()
    ]


def _tell(rows: Sequence[Mapping[str, str]], json_file: Optional[Path]) -> None:
    options.write(rows, json_file)
    if rows:
        terminal.print_rows(_COLUMNS, rows)
    else:
        typer.echo("nothing is up")
