"""A job to submit: tables, a question in one dialect, settings. Plain data for the worker."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

from streamgauge import asked, roots, sql
from streamgauge.attached import Attached
from streamgauge.attachments import ddl
from streamgauge.cells import Cell
from streamgauge.errors import StreamgaugeError
from streamgauge.scenario import JOB, Scenario, Sink, Source
from streamgauge.sql import Created, Statement


@dataclass(frozen=True)
class Job:
    """What the worker builds a Flink job from.

    `queries` has a SELECT a sink for the dialect `sql`, over the tables and what `definitions`
    make, views and Java functions; for the others `module` has a function `query`, which takes
    the sources in order.
    The package that it is in is the folder `root`, whatever that is called.
    For the dialect `job` `script` is all there is: its file, arguments, environment, the
    options of its tables, and the sinks of what it prints.
    `functions` names a module's dictionary of functions to register, as MODULE:NAME; `created`
    are functions of Python that SQL registers.
    """

    name: str
    dialect: str
    mode: str
    tables: tuple[str, ...]
    sources: tuple[Mapping[str, Any], ...]
    sinks: tuple[Mapping[str, Any], ...]
    definitions: tuple[Statement, ...]
    queries: tuple[Statement, ...]
    module: str
    functions: str | None
    root: str
    settings: Mapping[str, str]
    script: Mapping[str, Any] | None = None
    created: tuple[Created, ...] = ()

    def message(self) -> dict[str, Any]:
        """The job as execnet sends it."""
        return asdict(self)


def cell_job(cell: Cell, attached: Attached, settings: Mapping[str, str]) -> Job:
    """The job of a cell whose tables are `attached`."""
    return build(cell, tuple(attached.ddl()), attached.target, settings)


def build(
    cell: Cell,
    tables: tuple[str, ...],
    target: Callable[[str], str],
    settings: Mapping[str, str],
) -> Job:
    """The job that asks the cell's question, over tables made by DDL.

    `target` tells the path of a sink's table.
    """
    scenario = cell.scenario
    source = scenario.folder / scenario.file(cell.dialect)
    package = f"{roots.package(scenario.folder.parent)}.{scenario.folder.name}"
    said = asked.statements(cell)
    definitions = asked.of_kind(said, sql.FUNCTION, sql.VIEW)
    created = asked.created(cell, said)
    return Job(
        name=cell.id,
        dialect=cell.dialect,
        mode=cell.mode,
        tables=tables,
        sources=tuple(_source(source) for source in scenario.sources),
        sinks=tuple(_sink(sink, target(sink.name)) for sink in scenario.sinks),
        definitions=tuple(each for each in definitions if not sql.created(each)),
        queries=asked.of_kind(said, sql.QUERY),
        module="" if cell.dialect in ("sql", JOB) else f"{package}.{source.stem}",
        functions=_functions(cell, package),
        root=str(scenario.folder.parent),
        settings={"pipeline.name": cell.id, **_beside(cell, source), **settings},
        script=_script(cell, tables, target) if cell.dialect == JOB else None,
        created=created,
    )


def _script(
    cell: Cell, tables: tuple[str, ...], target: Callable[[str], str]
) -> dict[str, Any] | None:
    """The scenario's program, with the options of its tables."""
    scenario = cell.scenario
    assert scenario.job is not None, "cells of the dialect are there with a job alone"
    paths = {ddl.named(source.name): source.name for source in scenario.sources}
    paths |= {target(name): name for name in scenario.sink_names}
    made = {ddl.path_of(statement): statement for statement in tables}
    found = {path: ddl.options_of(statement) for path, statement in made.items()}
    for path in paths:
        if not found.get(path):
            raise StreamgaugeError(
                f"binding {cell.binding} has no table {path} whose options a job can be given"
            )
    options = {name: found[path] for path, name in paths.items()}
    printed = [
        {**_sink(sink, target(sink.name)), "ddl": made[target(sink.name)]}
        for name in scenario.job.printed
        for sink in scenario.sinks
        if sink.name == name
    ]
    return {
        "file": scenario.job.path(scenario.folder),
        "statements": list(map(asdict, scenario.job.statements(scenario.folder))),
        "printed": printed,
        **scenario.job.told(options),
    }


def _beside(cell: Cell, file: Path) -> dict[str, str]:
    """The modules beside a program, which its functions may import."""
    modules = sorted(str(path) for path in file.parent.glob("*.py") if path != file)
    own = cell.scenario.job and not cell.scenario.job.shipped
    return {"python.files": ",".join(modules)} if cell.dialect == JOB and own and modules else {}


def changed(cell: Cell, job: str, folder: Path) -> Cell:
    """The cell with the files of the scenario's folder `job` under the names of its own.

    They are copied into `folder`.
    """
    there = copied(cell, folder / job)
    copytree(cell.scenario.folder / job, there.scenario.folder, dirs_exist_ok=True)
    return there


def copied(cell: Cell, folder: Path) -> Cell:
    """The cell with the files of its scenario copied into a folder of their names in `folder`."""
    scenario = cell.scenario
    copy = folder / scenario.folder.parent.name / scenario.folder.name
    copytree(scenario.folder, copy, dirs_exist_ok=True, ignore=ignore_patterns("__pycache__"))
    return replace(cell, scenario=replace(scenario, folder=copy))


def _source(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "columns": list(source.schema.names),
        "changes": bool(source.key),
        "time": source.time,
    }


def _sink(sink: Sink, target: str) -> dict[str, Any]:
    columns = [[column.name, column.declared] for column in sink.schema.columns]
    return {"target": target, "columns": columns, "key": list(sink.key)}


def _functions(cell: Cell, package: str) -> str | None:
    if cell.udf is None:
        return None
    return f"{package}.udf:{'PANDAS' if cell.udf == 'pandas' else 'FUNCTIONS'}"


def pack(scenario: Scenario, archive: Path) -> None:
    """Zip the scenario's modules as they are imported, for Flink's Python workers."""
    package = Path(roots.package(scenario.folder.parent), scenario.folder.name)
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(scenario.folder.glob("*.py")):
            packed.write(file, package / file.name)
