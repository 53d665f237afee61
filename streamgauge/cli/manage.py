"""`services`, `runtimes`, `jars`: what runs need, kept up or at hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Optional

import typer

from streamgauge import versions
from streamgauge.cli import options
from streamgauge.cli.probe import probe
from streamgauge.cli.up import answering
from streamgauge.errors import UsageError
from streamgauge.providers import shared
from streamgauge.report import terminal
from streamgauge.report.progress import progress
from streamgauge.runtimes import environment
from streamgauge.runtimes import jars as jar_files
from streamgauge.services.service import Service

# As far back as anybody has runs.
_MOST_HOURS = 1_000_000

services = typer.Typer(help="Kafka and MySQL that stay up between runs.", no_args_is_help=True)
runtimes = typer.Typer(help="The Flink lines' environments.", no_args_is_help=True)
jars = typer.Typer(help="The jars and their lock.", no_args_is_help=True)


@services.command()
def up(json_file: Optional[Path] = options.JSON) -> None:
    """Start the services and leave them up; runs in this folder use them."""
    with progress():
        services = shared.up()
    _tell(dict.fromkeys(services.values(), "up"), json_file)


@services.command()
def status(json_file: Optional[Path] = options.JSON) -> None:
    """Say which services are up; exit code 1 if none is, or one that should be does not answer."""
    states = answering()
    _tell(states, json_file)
    raise typer.Exit(int({"up"} != set(states.values())))


@services.command()
def down(json_file: Optional[Path] = options.JSON) -> None:
    """Stop the services that `up` left running, and throw their data away."""
    stopped = shared.down()
    options.write({"stopped": stopped}, json_file)
    typer.echo("stopped" if stopped else "no services are up")


@services.command()
def tidy(
    provider: str = options.PROVIDER,
    older_than: Optional[float] = typer.Option(
        None, help="Also what runs of other folders left that began so many hours ago."
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Remove nothing: tell what would go."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """List and remove what dead runs left in services: topics, groups, databases, connectors.

    Nothing without the name of a run of ours is looked at. Exit code 1 where not all goes.
    """
    from streamgauge.providers import tidy as tidying  # noqa: PLC0415 - it has all clients

    options.check_provider(provider)
    if older_than is not None and not 0 <= older_than < _MOST_HOURS:
        raise UsageError(f"--older-than {older_than:g}: hours, at least 0")
    older = None if older_than is None else timedelta(hours=older_than)
    with progress():
        told = list(tidying.tidied(provider, older, dry=dry_run))
    rows = [each._asdict() for each in told]
    options.write(rows, json_file)
    if rows:
        terminal.print_rows(("service", "sort", "name", "state"), rows)
    else:
        typer.echo("nothing is left of any run")
    raise typer.Exit(int(any(each.failed for each in told)))


def _tell(states: Mapping[Service, str], json_file: Optional[Path]) -> None:
    rows = [
        {"service": service.name, "address": str(service.endpoint), "state": state}
        for service, state in states.items()
    ]
    options.write(rows, json_file)
    if rows:
        terminal.print_rows(("service", "address", "state"), rows)
    else:
        typer.echo("no services are up")


@runtimes.command("list")
def list_runtimes(json_file: Optional[Path] = options.JSON) -> None:
    """List the Flink lines and which of them are installed."""
    rows = [
        {
            "line": line.name,
            "flink": line.flink,
            "python": line.python,
            "installed": "yes" if environment.installed(line) else "no",
            "connectors": ", ".join(line.connectors),
            "absent": "; ".join(f"{name}: {reason}" for name, reason in line.absent.items()),
        }
        for line in versions.lines().values()
    ]
    options.write(rows, json_file)
    terminal.print_rows(("line", "flink", "python", "installed", "connectors", "absent"), rows)


@runtimes.command()
def install(
    lines: options.Names = typer.Argument(None, help="Flink lines; none means all."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Make the lines' environments where they are missing."""
    with progress():
        made = [
            environment.install(line) for line in versions.chosen(lines or list(versions.lines()))
        ]
    rows = [{"line": env.line.name, "python": str(env.python)} for env in made]
    options.write(rows, json_file)
    terminal.print_rows(("line", "python"), rows)


@jars.command()
def lock(json_file: Optional[Path] = options.JSON) -> None:
    """Resolve and hash everything anew: jars/locks. Takes minutes."""
    from streamgauge.runtimes import locks  # noqa: PLC0415 - jgo costs 0.3 s of every command

    written = []
    for path in locks.write_all():
        typer.echo(f"wrote {path.name}")
        written.append(path.name)
    options.write(written, json_file)


@jars.command()
def verify(json_file: Optional[Path] = options.JSON) -> None:
    """Hash every fetched jar; exit code 1 where one differs from the lock."""
    known = {jar.path: jar for js in versions.jar_sets() for jar in versions.locked(js)}
    wrong = jar_files.verify(known.values())
    here = sum((jar_files.folder() / path).exists() for path in known)
    options.write({"locked": len(known), "here": here, "wrong": wrong}, json_file)
    for line in wrong:
        typer.echo(line)
    typer.echo(f"{len(known)} jars locked, {here} fetched, {len(wrong)} wrong")
    raise typer.Exit(int(bool(wrong)))


runtimes.command("probe")(probe)
