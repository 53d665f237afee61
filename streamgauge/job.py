"""A job to submit: tables, a question in one dialect, settings. Plain data for the worker."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from shutil import copy2, copytree, ignore_patterns
from typing import Any

from streamgauge import asked, roots, sql
from streamgauge.attached import Attached
from streamgauge.attachments import ddl
from streamgauge.cells import Cell
from streamgauge.errors import StreamgaugeError
from streamgauge.imports import helpers
from streamgauge.renaming import bound
from streamgauge.scenario import JOB, UDF_DIALECTS, Sink, Source
from streamgauge.sql import Created, Statement
from streamgauge.travel import FILES, installer, joined, pack

# What udf.py calls its functions of Java, by the names that SQL and Table have for them.
JAVA = "JAVA"
_NAMES = {None: JAVA, "pandas": "PANDAS"}
_CACHES = ignore_patterns("__pycache__")


@dataclass(frozen=True)
class Job:
    """What the worker builds a Flink job from.

    `queries` has a SELECT a sink for the dialect `sql`, over the tables and what `definitions`
    make, views and Java functions; for the others `module` has a function `query`, which takes
    the sources in order.
    The package that it is in is the folder `root`, whatever that is called.
    For the dialect `job` `script` is all there is: its file, arguments, environment, the
    options of its tables, the sinks of what it prints, and a file for what else it prints.
    `functions` names a module's dictionary of functions to register, as MODULE:NAME, beside its
    `JAVA`, names of Java's classes; `created` are functions of Python that SQL registers.
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

    def printing(self, file: str) -> Job:
        """The job whose program, if it is one, prints to a file."""
        return replace(self, script={**self.script, "output": file}) if self.script else self

    def message(self) -> dict[str, Any]:
        """The job as execnet sends it."""
        return asdict(self)


def cell_job(cell: Cell, attached: Attached, settings: Mapping[str, str]) -> Job:
    """The job of a cell whose tables are `attached`."""
    return build(cell, tuple(attached.ddl()), attached.target, settings)


def sent(job: Job, cell: Cell, archive: Path) -> Job:
    """The job with all that its functions import, in an archive that is made for it."""
    is_python = job.module or job.functions or job.script
    own = {FILES: str(archive)} if is_python and pack(cell, archive) else {}
    return replace(job, settings=joined(own, installer(job.settings), job.settings))


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
        settings={"pipeline.name": cell.id, **settings},
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
    sinks = {
        sink.name: {**_sink(sink, target(sink.name)), "ddl": made[target(sink.name)]}
        for sink in scenario.sinks
    }
    return {
        "file": scenario.job.path(scenario.folder),
        "statements": [_stated(each) for each in scenario.job.statements(scenario.folder)],
        "printed": [sinks[name] for name in scenario.job.printed],
        "output": os.devnull,
        "sinks": {scenario.job.alias(name): sink for name, sink in sinks.items()},
        **scenario.job.told(options),
    }


def _stated(statement: Statement) -> dict[str, Any]:
    """With the function of Python's that it creates, if it does."""
    function = sql.created(statement)
    return {**asdict(statement), "function": asdict(function) if function else None}


def changed(cell: Cell, job: str, folder: Path) -> Cell:
    """The cell with the files of the scenario's folder `job` under the names of its own.

    They are copied into `folder`.
    """
    there = copied(cell, folder / job)
    copytree(cell.scenario.folder / job, there.scenario.folder, dirs_exist_ok=True)
    return there


def copied(cell: Cell, folder: Path) -> Cell:
    """The cell with the files of its scenario copied into a folder of their names in `folder`.

    What they import from beside the root is beside the copy's, too. A single file becomes a
    folder.
    """
    scenario = cell.scenario
    copy = folder / scenario.folder.parent.name / scenario.folder.name
    if scenario.sql is None:
        copytree(scenario.folder, copy, dirs_exist_ok=True, ignore=_CACHES)
    else:
        copy.mkdir(parents=True, exist_ok=True)
        (copy / scenario.file("sql")).write_text(scenario.sql, encoding="utf-8")
    for helper in helpers(cell):
        if helper.is_dir():
            copytree(helper, folder / helper.name, dirs_exist_ok=True, ignore=_CACHES)
        else:
            copy2(helper, folder)
    return replace(cell, scenario=replace(scenario, folder=copy, sql=None))


def _source(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "columns": [*source.schema.names, *source.added],
        "changes": bool(source.key),
        "time": source.time,
    }


def _sink(sink: Sink, target: str) -> dict[str, Any]:
    columns = [[column.name, column.declared] for column in sink.schema.columns]
    return {"target": target, "columns": columns, "key": list(sink.key)}


def _functions(cell: Cell, package: str) -> str | None:
    """Java's functions run in no way of Python's; they are registered beside those that do."""
    if not (cell.udf or (cell.dialect in UDF_DIALECTS and _has_java(cell.scenario.folder))):
        return None
    return f"{package}.udf:{_NAMES.get(cell.udf, 'FUNCTIONS')}"


def _has_java(folder: Path) -> bool:
    """Read, not run: functions need pyflink."""
    udf = folder / "udf.py"
    text = udf.read_text(encoding="utf-8") if udf.is_file() else ""
    return any(name == JAVA for name, _ in bound(ast.parse(text)))
