"""What a cluster has that nobody here knows: asked by jobs of one row."""

from __future__ import annotations

import json
import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from streamgauge.attachments.ddl import create_table, named
from streamgauge.clusters.rest import Rest
from streamgauge.errors import JobError
from streamgauge.files import uri
from streamgauge.job import Job
from streamgauge.sql import statements
from streamgauge.values.schema import Schema
from streamgauge.worker.client import Worker

_SECONDS = 60
_PROBED = Path(__file__).parent / "worker" / "probed.py"
_PACKAGE = "streamgauge_probe"
_ROW = Schema.of(word="STRING")


class Python(NamedTuple):
    """The Python of a cluster: its version, that of its PyFlink, and what it can import."""

    version: str
    pyflink: str
    modules: frozenset[str]


def python(worker: Worker, settings: Mapping[str, str], folder: Path) -> Python:
    """What the cluster's Python has; a JobError where none runs there as the settings say."""
    archive = folder / "probe.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(_PROBED, f"{_PACKAGE}/{_PROBED.name}")
    job = _job(
        {**settings, "python.files": str(archive)},
        "SELECT probed(`n`) FROM (VALUES (1)) AS `asked` (`n`)",
        functions=f"{_PACKAGE}.{_PROBED.stem}:FUNCTIONS",
        root=str(_PROBED.parent),
    )
    told = json.loads(worker.answer(job))
    return Python(told["python"], told["pyflink"], frozenset(told["modules"]))


def shares_files(worker: Worker, rest: Rest, settings: Mapping[str, str], folder: Path) -> bool:
    """Whether the cluster reads what is in the folder, and writes what can be read there.

    A JobError where it takes no job at all.
    """
    word, come = secrets.token_hex(8), folder / "come"
    (folder / "go").mkdir()
    (folder / "go" / "word.csv").write_text(f"{word}\n")
    job = _job(
        settings,
        "SELECT word FROM go",
        tables=(_table(folder / "go"), _table(come)),
        sinks=({"target": "come", "columns": [["word", "STRING"]], "key": []},),
    )
    worker.build(job, look=False)
    id_ = worker.execute()
    try:
        rest.wait_finished(id_, _SECONDS)
    except JobError:
        return False
    finally:
        rest.cancel(id_, _SECONDS)
    return any(word in file.read_text() for file in come.rglob("*") if file.is_file())


def _table(folder: Path) -> str:
    options = {"connector": "filesystem", "path": uri(folder), "format": "csv"}
    return create_table(named(folder.name), _ROW, (), options)


def _job(
    settings: Mapping[str, str],
    query: str,
    tables: tuple[str, ...] = (),
    sinks: tuple[Mapping[str, object], ...] = (),
    functions: str | None = None,
    root: str = "",
) -> Job:
    return Job(
        "probe",
        "sql",
        "batch",
        tables,
        sources=(),
        sinks=sinks,
        definitions=(),
        queries=tuple(statements(query)),
        module="",
        functions=functions,
        root=root,
        settings=settings,
    )
