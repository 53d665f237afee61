"""Options that several commands have."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import List, Optional

import typer

from streamgauge import paths, roots
from streamgauge.attachments.place import AT_LEAST_ONCE, DELIVERIES
from streamgauge.discovery import Scenarios, discover, within
from streamgauge.errors import ScenarioError, UsageError, choose
from streamgauge.providers.chosen import LOCAL, PROVIDERS
from streamgauge.records import Origin, write_json
from streamgauge.scenario import Scenario
from streamgauge.values.inputs import Inputs

Names = Optional[List[str]]

DIALECT = typer.Option(None, help="sql, table, datastream, process or job; may be repeated.")
UDF = typer.Option(None, help="process, thread or pandas; may be repeated.")
MODE = typer.Option(None, help="batch or streaming; may be repeated.")
BINDING = typer.Option(None, help="Such as files or kafka; may be repeated.")
FLINK = typer.Option(
    None, help="Such as 1.20, the default, or 1.20+kafka=3.2.0-1.19; may be repeated."
)
DELIVERY = typer.Option(
    AT_LEAST_ONCE, help=f"What topics that are written to get: {', '.join(DELIVERIES)}."
)
PROVIDER = typer.Option(
    LOCAL, help=f"Where Kafka, MySQL and the like come from: {', '.join(PROVIDERS)}."
)
JSON = typer.Option(None, "--json", help="Write the result to this file.")
ABSENT = typer.Option(
    False, "--absent", help="Show absent cells and why they are, not only how many."
)
ROWS = typer.Option(None, help="Generated rows a source, not the sample.")
SEED = typer.Option(None, help="Seed of the generated rows; default 0.")
PATIENCE = typer.Option(60.0, help="Seconds a job has for each of its answers.")
SCENARIOS = typer.Argument(
    None, help="Ids of scenarios, their folders, or folders of several; none means all."
)


def scenarios(names: Sequence[str] | None) -> Scenarios:
    """The scenarios named by id, by folder, or by the folder of several; all where none is named.

    Those that are broken are beside the others, or are the error where there are no others.
    """
    return discover(*folders(names))


def folders(names: Sequence[str] | None) -> list[Path]:
    """The folders named, themselves or by the id of a scenario; none where none is."""
    return [_folder(name) for name in names or ()]


def _folder(name: str) -> Path:
    """A folder or a single file, or that of the scenario of this id."""
    path, meant = Path(name), paths.scenarios() / name
    is_id = bool(roots.single(meant)) or (meant / "scenario.py").is_file()
    if roots.is_single(path) or (path.is_dir() and not (is_id and _has_none(path))):
        return path
    ids = {place.name.removesuffix(".py"): place for place in within(paths.scenarios())}
    return ids[choose("scenario", name, ids)]


def _has_none(folder: Path) -> bool:
    """Whether no scenario is in it: a folder of anything else may have the name of one."""
    try:
        return not within(folder)
    except ScenarioError:
        return True


def tell_broken(found: Scenarios) -> bool:
    """Say on standard error what is wrong with those that are broken; whether there are any."""
    for error in found.broken.values():
        typer.echo(f"streamgauge: {error}", err=True)
    return bool(found.broken)


def check_seed(seed: int | None) -> None:
    """A UsageError where no generator could take the seed."""
    if seed is not None and not 0 <= seed < 2**64:
        raise UsageError(f"--seed {seed}: 0 to 2**64-1")


def check_rate(rate: float | None) -> None:
    """A UsageError for what is no rate of events."""
    if rate is not None and not 0 < rate < math.inf:
        raise UsageError(f"--rate {rate:g}: at least one event in some time")


def write(content: object, file: Path | None) -> None:
    """Write JSON where `--json` says."""
    if file:
        write_json(file, content)


def check_provider(name: str) -> None:
    """A UsageError where there is no such."""
    choose("provider", name, PROVIDERS)


def check_least(option: str, number: int | None) -> None:
    """A UsageError where there would be none of it."""
    if number is not None and number < 1:
        raise UsageError(f"{option} {number}: at least 1")


def check_patience(seconds: float) -> None:
    """Neither nothing nor for ever; NaN is neither."""
    if not 0 < seconds < math.inf:
        raise UsageError(f"--patience {seconds:g}: more than 0 seconds, and not for ever")


def inputs(scenario: Scenario, rows: int | None, seed: int | None) -> tuple[Inputs, Origin, str]:
    """The inputs, where they come from, and what kept them from being made, if anything did."""
    generated = Origin("generated", seed or 0)
    try:
        if rows is None and scenario.by_hand:
            return scenario.sample(0), Origin("by hand"), ""
        shipped = scenario.shipped() if rows is None and seed is None else None
        if shipped is not None:
            return shipped, Origin("sample"), ""
        return scenario.sample(seed or 0, rows), generated, ""
    except ScenarioError as error:
        return Inputs.of({}), generated, str(error)
