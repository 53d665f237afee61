"""A cell's job as a program that a person can read and run by itself."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from streamgauge import asked, imports, tuning
from streamgauge.bindings import Place
from streamgauge.cells import Cell
from streamgauge.job import JAVA, Job, cell_job
from streamgauge.merging import Merged
from streamgauge.runtimes import home as homes
from streamgauge.runtimes import runtime
from streamgauge.services import connect, kafka, registry
from streamgauge.services.endpoint import Endpoint
from streamgauge.travel import FILES
from streamgauge.tuning import Begin
from streamgauge.worker.client import PROGRAM, Worker
from streamgauge.worker.gateway import Gateway
from streamgauge.workspace import workspace

_MASK = "******"
_ADDRESSES = {
    "kafka": kafka.endpoint(9092, "USER", _MASK),
    "mysql": Endpoint("127.0.0.1", 3306, "USER", _MASK),
    "connect": connect.endpoint(8083),
    "metastore": Endpoint("127.0.0.1", 9083, "", ""),
    "registry": registry.endpoint(8081),
}

_SAVE = "Save it under a name that is a Python identifier, such as {name}.py: it imports itself."
_IMPORTED = "It imports {names}: have their folder in PYTHONPATH, and in python.files."
# What the program is made from; the rest of a job is for the worker.
_DATA = (
    "dialect",
    "mode",
    "settings",
    "tables",
    "definitions",
    "created",
    "queries",
    "sources",
    "sinks",
)
# In the program's own process, until it is told to submit to a cluster.
_LOCAL = {"execution.target": "local", "execution.attached": "true"}
_MAIN = """\
JOB = {job}


if __name__ == "__main__":
    import sys
    from importlib import import_module
    from pathlib import Path

    # Python functions travel to Flink's workers by name, as those of a module.
    own = import_module(Path(__file__).stem)
    here = {{"python.files": {files}, "python.executable": sys.executable}}
    own.JOB["settings"].update(here)
    _, statements = own.{built}(own.JOB, {question}, {functions})
    statements.execute().wait()
"""


def render(cell: Cell, job: Job, plan: str) -> str:
    """SQL for the SQL client or Python for the interpreter; needs and plan in comments.

    SQL that calls Python functions is a Python program too.
    """
    needed = [a for name in cell.kind.connectors for a in cell.line.connectors[name].artifacts]
    head = [f"Flink {cell.line.flink}; jars in its lib: {', '.join(needed) or 'none but its own'}"]
    if job.script:
        head += _told(job.script)
        mark = "-- " if job.script["statements"] else "# "
        body = _text_of(job.script["file"])
    elif job.dialect == "sql" and not job.functions:
        mark, body = "-- ", _sql(job)
    else:
        mark, body = "# ", python(cell, job)
        head.append(_SAVE.format(name=cell.scenario.id))
        if names := _imported(cell):
            head.append(_IMPORTED.format(names=", ".join(names)))
    return (
        f"{_comment(mark, head)}\n\n{body}\n\n{_comment(mark, plan.strip().splitlines())}".rstrip()
    )


def _imported(cell: Cell) -> list[str]:
    """The packages and modules that stay as they are: helpers, and packages of the folder."""
    folder = cell.scenario.folder
    packages = [folder.parent for file in imports.modules(cell) if file.parent != folder]
    return [path.stem for path in dict.fromkeys([*imports.helpers(cell), *packages])]


def _told(script: Mapping[str, Any]) -> list[str]:
    """How a program is run, which makes its plan itself."""
    variables = (f"{name}={value}" for name, value in script["environment"].items())
    by = ["sql-client.sh", "-f"] if script["statements"] else ["python"]
    words = [*variables, *by, Path(script["file"]).name, *script["arguments"]]
    tables = [f"table {name} gets {dict(of)}" for name, of in script["tables"].items()]
    printed = [f"what it prints goes to {sink['target']}" for sink in script["printed"]]
    return [shlex.join(words), *tables, *printed]


def _text_of(file: str) -> str:
    """A program; of one that the line's PyFlink has, its name alone."""
    path = Path(file)
    return path.read_text(encoding="utf-8").rstrip() if path.is_file() else f"# {file}"


def explained(cell: Cell) -> tuple[Job, str]:
    """The cell's job over services that need not be there, passwords masked, and its plan."""
    job = example(cell)
    if job.script:
        return job, ""
    with workspace() as space:
        installed = runtime.install(cell.line, cell.kind.connectors)
        home = homes.make(space.data, installed.environment, installed.connectors)
        homes.configure(home, {})
        worker = Worker(Gateway(space, installed.environment, home))
        try:
            return job, worker.explain(job)
        finally:
            worker.close()


def example(cell: Cell) -> Job:
    """The cell's job over services that need not be there, passwords masked.

    A ScenarioError where its query.sql does not fit.
    """
    asked.check(cell)
    place = Place("example", cell.mode, Path("/example"), _ADDRESSES, ends=cell.bounded)
    return made(cell, place)


def made(cell: Cell, place: Place) -> Job:
    """The cell's job at a place, for no cluster yet."""
    attached = cell.kind.attach(place, cell.scenario.sources, cell.scenario.sinks)
    told = tuning.merged(cell, Begin(), cluster={}, attached=attached.settings)
    return cell_job(cell, attached, told)


def _sql(job: Job) -> str:
    settings = {"execution.runtime-mode": job.mode, **job.settings}
    lines = [f"SET {_quoted(key)} = {_quoted(value)};" for key, value in settings.items()]
    # A comment at the end of a statement would take the `;` in.
    lines += [f"\n{text}\n;" for text in (*job.tables, *(each.text for each in job.definitions))]
    inserts = [f"INSERT INTO {s['target']}\n{q.text}\n;" for s, q in zip(job.sinks, job.queries)]
    if len(inserts) > 1:
        inserts = ["EXECUTE STATEMENT SET\nBEGIN", *inserts, "END;"]
    return "\n".join(lines) + "\n\n" + "\n\n".join(inserts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def python(cell: Cell, job: Job) -> str:
    """The dialect's modules, what the worker runs with them, and the job that it is for."""
    folder = cell.scenario.folder
    module = (job.functions or "").partition(":")[0]
    names = [name for name in (job.module, module) if name]
    package = names[0].rpartition(".")[0]
    names += [each.object.rpartition(".")[0] for each in job.created]
    files = [_file(folder, name) for name in names if name.startswith(f"{package}.")]
    merged = Merged(files, package, [PROGRAM])
    main = _MAIN.format(
        job=_literal(_data(job)),
        built=merged.name(PROGRAM, "built"),
        question=f"own.{merged.name(files[0], 'query')}" if job.module else None,
        functions=_functions(folder, job, merged),
        files=_files(job),
    )
    return f"{merged}\n\n\n# The job.\n\n{main}".rstrip()


def _files(job: Job) -> str:
    """The program's own file and those that settings name, as an expression."""
    theirs = job.settings.get(FILES)
    return "str(Path(__file__).resolve())" + (f" + {f',{theirs}'!r}" if theirs else "")


def _functions(folder: Path, job: Job, merged: Merged) -> str | None:
    """All functions by name, as an expression."""
    module, _, name = (job.functions or "").partition(":")
    file = _file(folder, module)
    there = [each for each in dict.fromkeys((JAVA, name)) if merged.binds(file, each)]
    registered = [f"own.{merged.name(file, each)}" for each in there]
    if not (job.created or registered[1:]):
        return registered[0] if registered else None
    said = [f"**{each}" for each in registered]
    for function in job.created:
        place, _, name = function.object.rpartition(".")
        holds = merged.binds(file := _file(folder, place), name)
        made = f"own.{merged.name(file, name)}" if holds else f"import_module({place!r}).{name}"
        said.append(f"{function.name!r}: {made}")
    return f"{{{', '.join(said)}}}"


def _file(folder: Path, module: str) -> Path:
    return folder / f"{module.rpartition('.')[2]}.py"


def _data(job: Job) -> dict[str, object]:
    message = job.message()
    data = {name: message[name] for name in _DATA}
    return {**data, "settings": {**job.settings, **_LOCAL}}


def _literal(value: object, indent: str = "") -> str:
    """Data as a person would write it: texts of several lines as they are."""
    deeper = indent + "    "
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping) and value:
        inner = [f"{deeper}{k!r}: {_literal(v, deeper)},\n" for k, v in value.items()]
        return "{\n" + "".join(inner) + indent + "}"
    if isinstance(value, Sequence) and any(isinstance(v, (str, Mapping)) for v in value):
        return "[\n" + "".join(f"{deeper}{_literal(v, deeper)},\n" for v in value) + indent + "]"
    return repr(value)


def _text(value: str) -> str:
    fits = "\n" in value and '"""' not in value and value[-1] not in '"\\'
    return f'r"""{value}"""' if fits else repr(value)


def _comment(mark: str, lines: Sequence[str]) -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in lines)
