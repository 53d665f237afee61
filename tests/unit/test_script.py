"""A cell's job can be read, and run as it stands."""

import ast

import pytest

from streamgauge.cells import make_cell
from streamgauge.job import build
from streamgauge.report.script import render
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema
from streamgauge.versions import Line

LINE = Line("9.0", "9.0.2", ">=3.9", (), {}, absent={})
EVENTS = Schema.of(at="TIMESTAMP(3)", n="BIGINT")
COPIES = Sink("copies", EVENTS, key=("n",))
NUMBERS = Sink("numbers", Schema.of(n="BIGINT"))

QUERIES = ["SELECT at, n FROM events", "SELECT n FROM events"]

SQL = """\
-- Flink 9.0.2; jars: none but its own

SET 'execution.runtime-mode' = 'batch';
SET 'pipeline.name' = 'copy-sql-batch-files-9.0';

CREATE TABLE x;

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


def rendered(folder, dialect, runs_in="batch", sinks=(COPIES,), **more):
    (folder / "query.sql").write_text(";\n".join(QUERIES[: len(sinks)]))
    for module in ("table", "process"):
        (folder / f"{module}.py").write_text("def query(events):\n    return events\n")
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


def test_sql_says_which_functions_it_needs(tmp_path):
    """The SQL client has them not of itself."""
    text = rendered(tmp_path, "sql", udfs=("pandas",))

    assert f"-- Needs the functions of jobs.{tmp_path.name}.udf:PANDAS." in text


@pytest.mark.parametrize(
    ("dialect", "runs_in", "key", "lines"),
    [
        ("table", "batch", (), ["result_1, result_2 = query(events)"]),
        ("process", "batch", (), ["to_data_stream(", "from_data_stream(result_1, schema)"]),
        (
            "process",
            "streaming",
            (),
            ["from_changelog_stream(result_1, schema, ChangelogMode.upse"],
        ),
        ("process", "streaming", ("n",), ["to_changelog_stream(", ".primary_key('n')"]),
    ],
)
def test_python_does_what_the_worker_does(tmp_path, dialect, runs_in, key, lines):
    """It parses, and turns tables into what the dialect takes and back."""
    text = rendered(tmp_path, dialect, runs_in, (COPIES, NUMBERS), key=key)

    assert ast.parse(text)
    assert lines == [line for line in lines if line in text]
    assert 2 == text.count("statements.add_insert(")
