"""A cell's job can be read, and run as it stands: also where modules have the same names."""

import ast
from pathlib import Path

import pytest

from streamgauge import versions
from streamgauge.bindings import Place
from streamgauge.cells import cells, make_cell
from streamgauge.discovery import discover
from streamgauge.job import build
from streamgauge.merging import Merged
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.show import _ADDRESSES, made, render
from streamgauge.values.schema import Schema
from streamgauge.versions import Line

LINE = Line("9.0", "9.0.2", ">=3.9", (), {}, absent={})
EVENTS = Schema.of(at="TIMESTAMP(3)", n="BIGINT")
COPIES = Sink("copies", EVENTS, key=("n",))
NUMBERS = Sink("numbers", Schema.of(n="BIGINT"))

QUERIES = ["SELECT at, n FROM events", "SELECT n FROM events"]

SQL = """\
-- Flink 9.0.2; jars in its lib: none but its own

SET 'execution.runtime-mode' = 'batch';
SET 'pipeline.name' = 'copy-sql-batch-files-9.0';

CREATE TABLE x
;

{}

-- the plan
"""
ONE = "INSERT INTO there.copies\nSELECT at, n FROM events\n;"
TWO = f"""\
EXECUTE STATEMENT SET
BEGIN

{ONE}

INSERT INTO there.numbers
SELECT n FROM events
;

END;"""


def present():
    return [c for c in cells(discover().values(), versions.chosen(None)) if not c.absent]


def rendered(folder, dialect, runs_in="batch", sinks=(COPIES,), **more):
    (folder / "query.sql").write_text(";\n".join(QUERIES[: len(sinks)]))
    for module in ("table", "process"):
        (folder / f"{module}.py").write_text("def query(events):\n    return events\n")
    (folder / "udf.py").write_text("PANDAS = {}\n")
    source = Source("events", EVENTS, generate=lambda *_: [], key=more.pop("key", ()))
    copying = Scenario(
        id="copy",
        version=1,
        question="Are they equal?",
        sources=(source,),
        sinks=sinks,
        bindings=("files",),
        rows=1,
        folder=folder,
        **more,
    )
    cell = make_cell(copying, dialect, runs_in, "files", LINE)
    return render(cell, build(cell, ("CREATE TABLE x",), "there.{}".format, {}), "the plan\n")


@pytest.mark.parametrize(
    ("sinks", "inserts"), [((COPIES,), ONE), ((COPIES, NUMBERS), TWO)], ids=["one", "two"]
)
def test_sql_is_for_the_sql_client(tmp_path, sinks, inserts):
    """Several inserts are one job, as they are in a run."""
    assert SQL.format(inserts).rstrip() == rendered(tmp_path, "sql", sinks=sinks)


@pytest.mark.parametrize(
    ("dialect", "more", "last"),
    [
        ("sql", {"udfs": ("pandas",)}, "own.built(own.JOB, None, own.PANDAS)"),
        ("table", {}, "own.built(own.JOB, own.query, None)"),
        ("process", {}, "own.built(own.JOB, own.query, None)"),
    ],
)
def test_python_has_all_that_runs_it(tmp_path, dialect, more, last):
    """The dialect's function, what the worker does with it, and the job as data."""
    text = rendered(tmp_path, dialect, **more)
    tree = ast.parse(text)

    assert last in text
    assert (dialect == "sql") != ("def query(events)" in text)
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {"built", "plainly_typed"} <= names
    job = next(n.value for n in tree.body if isinstance(n, ast.Assign) and is_job(n))
    assert ["CREATE TABLE x"] == ast.literal_eval(job)["tables"]


def is_job(node):
    return node.targets[0].id == "JOB"


@pytest.mark.parametrize("cell", present(), ids=lambda cell: cell.id)
def test_every_program_stands_alone(cell):
    """It compiles, and imports nothing of ours."""
    place = Place("example", cell.mode, Path("/example"), _ADDRESSES)
    text = render(cell, made(cell, place), "the plan")
    if cell.dialect == "sql" and not cell.udf:
        return

    compile(text, cell.id, "exec")
    imported = {n.module for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ImportFrom)}
    assert not [name for name in imported if name.startswith(("jobs", "streamgauge"))]
    assert "_of_" not in text


HELPER = """\
'''Helps.'''
from __future__ import annotations
from datetime import time
SIZE = 1
def half(SIZE):
    return SIZE / 2
def whole():
    return SIZE
"""
DIALECT = """\
import time
from jobs.copy.helper import SIZE as ONE, half as halved, whole
from .helper import half
SIZE = 2
class Both:
    def whole(self, size=1):
        return [SIZE, ONE, whole(), halved(4), half(2), time.time() > 0]
def query(events):
    from jobs.copy.helper import half
    return Both().whole(SIZE), half(2)
"""


def test_names_that_two_modules_have_are_kept_apart(tmp_path):
    """What each module meant is what it gets, in the text of one."""
    (tmp_path / "helper.py").write_text(HELPER)
    (tmp_path / "process.py").write_text(DIALECT)
    merged = Merged([tmp_path / "process.py"], "jobs.copy")
    names = {"__name__": "merged"}
    exec(compile(str(merged), "merged", "exec"), names)  # noqa: S102

    assert ([2, 1, 1, 2.0, 1.0, True], 1.0) == names["query"](None)
    assert "SIZE_of_process" == merged.name(tmp_path / "process.py", "SIZE")
    assert str(merged).startswith("from __future__ import annotations\n\n# helper.py: Helps.\n")
