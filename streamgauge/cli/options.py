"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import List, Optional

import typer

from streamgauge.discovery import discover, load
from streamgauge.errors import UsageError, choose
from streamgauge.records import write_json
from streamgauge.scenario import Scenario

Names = Optional[List[str]]

DIALECT = typer.Option(None, help="sql, table, datastream or process; may be repeated.")
UDF = typer.Option(None, help="process, thread or pandas; may be repeated.")
MODE = typer.Option(None, help="batch or streaming; may be repeated.")
BINDING = typer.Option(None, help="Such as files or kafka; may be repeated.")
FLINK = typer.Option(None, help="A Flink line such as 1.20, the default; may be repeated.")
JSON = typer.Option(None, "--json", help="Write the result to this file.")
SCENARIOS = typer.Argument(None, help="Ids of scenarios, or their folders; none means all.")


def scenarios(names: Sequence[str] | None) -> list[Scenario]:
    """The scenarios named by id or by folder; all where none is named."""
    if not names:
        return list(discover().values())
    found = [_scenario(name) for name in names]
    return list({scenario.id: scenario for scenario in found}.values())


def _scenario(name: str) -> Scenario:
    if Path(name).is_dir():
        return load(Path(name))
    found = discover()
    return found[choose("scenario", name, found)]


def check_seed(seed: int | None) -> None:
    """A UsageError where no generator could take the seed."""
    if seed is not None and not 0 <= seed < 2**64:
        raise UsageError(f"--seed {seed}: 0 to 2**64-1")


def write(content: object, file: Path | None) -> None:
    """Write JSON where `--json` says."""
    if file:
        write_json(file, content)
