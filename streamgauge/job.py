"""A job to submit: tables, a question in one dialect, settings. Plain data for the worker."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from streamgauge.scenario import DIALECT_FILES, Scenario


@dataclass(frozen=True)
class Job:
    """What the worker builds a Flink job from.

    `query` is SQL for the dialect `sql`; for the others `module` in the folder
    `root` has a function `query`, which takes the sources in order.
    """

    name: str
    dialect: str
    mode: str
    tables: tuple[str, ...]
    sources: tuple[str, ...]
    sink: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    query: str
    module: str
    root: str
    settings: Mapping[str, str]

    def message(self) -> dict[str, Any]:
        """The job as execnet sends it."""
        return asdict(self)


def build(
    name: str,
    scenario: Scenario,
    dialect: str,
    mode: str,
    tables: tuple[str, ...],
    settings: Mapping[str, str],
) -> Job:
    """The job that asks the scenario's question in a dialect, over tables made by DDL."""
    (sink,) = scenario.sinks
    source = scenario.folder / DIALECT_FILES[dialect]
    return Job(
        name=name,
        dialect=dialect,
        mode=mode,
        tables=tables,
        sources=tuple(source.name for source in scenario.sources),
        sink=sink.name,
        columns=tuple((column.name, column.type) for column in sink.schema.columns),
        key=sink.key,
        query=source.read_text().strip().rstrip(";"),
        module=f"{scenario.folder.parent.name}.{scenario.folder.name}.{source.stem}",
        root=str(scenario.folder.parent.parent),
        settings={"pipeline.name": name, **settings},
    )


def pack(scenario: Scenario, archive: Path) -> None:
    """Zip the scenario's modules as they are imported, for Flink's Python workers."""
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(scenario.folder.glob("*.py")):
            packed.write(file, file.relative_to(scenario.folder.parent.parent))
