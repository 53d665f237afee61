"""A job has all that the worker needs, as plain data."""

import zipfile
from dataclasses import replace

import pytest

from streamgauge.cells import make_cell
from streamgauge.job import build, pack
from streamgauge.scenario import UDFS, Scenario, Sink, Source
from streamgauge.values.schema import Schema
from streamgauge.versions import Line

LINE = Line("9.0", "9.0.2", ">=3.9", (), {}, absent={})
EVENTS = Schema.of(at="TIMESTAMP(3)", n="BIGINT")

QUERIES = """\
SELECT n, ';' AS mark FROM events -- one; two
WHERE n > 0;

SELECT at
FROM events ;
SELECT at, n FROM events;
"""


@pytest.fixture
def copying(tmp_path):
    """A scenario of its own folder, with sinks of each kind."""
    folder = tmp_path / "jobs" / "copy"
    folder.mkdir(parents=True)
    (folder / "query.sql").write_text(QUERIES)
    for module in ("table", "process", "udf"):
        (folder / f"{module}.py").write_text(f"# {module}\n")
    return Scenario(
        id="copy",
        version=1,
        question="Are they equal?",
        sources=(
            Source("events", EVENTS, generate=lambda *_: [], time="at"),
            Source("users", Schema.of(id="BIGINT"), generate=lambda *_: [], key=("id",)),
        ),
        sinks=(
            Sink("marks", Schema.of(n="BIGINT", mark="STRING"), key=("n",)),
            Sink("times", Schema.of(at="TIMESTAMP(3)")),
            Sink("copies", EVENTS),
        ),
        bindings=("cdc",),
        rows=1,
        udfs=UDFS,
        folder=folder,
    )


def job(scenario, dialect="sql", udf=None, **settings):
    cell = make_cell(scenario, dialect, "streaming", "cdc", LINE, udf)
    return build(cell, ("CREATE TABLE x", "CREATE TABLE y"), "`there`.`{}`".format, settings)


def test_each_sink_has_a_query(copying):
    """In the order of the file, each with its place there."""
    assert [
        ("SELECT n, ';' AS mark FROM events -- one; two\nWHERE n > 0", 1, 1),
        ("SELECT at\nFROM events", 4, 1),
        ("SELECT at, n FROM events", 6, 1),
    ] == [(query.text, query.line, query.column) for query in job(copying).queries]


def test_views_come_before_queries(copying):
    """They are no answers to a sink."""
    (copying.folder / "query.sql").write_text(
        "-- Half.\nCREATE TEMPORARY VIEW half AS SELECT 1;\nSELECT 2;"
    )
    made = job(copying)

    assert [["-- Half.\nCREATE TEMPORARY VIEW half AS SELECT 1"], ["SELECT 2"]] == [
        [statement.text for statement in asked] for asked in (made.definitions, made.queries)
    ]


def test_sql_has_no_module(copying):
    """The worker has nothing to import."""
    assert "" == job(copying).module


@pytest.mark.parametrize("dialect", ["table", "process"])
def test_python_dialect_is_a_module(copying, dialect):
    """It is imported from the root, which is a package."""
    made = job(copying, dialect)

    assert (f"jobs.copy.{dialect}", ()) == (made.module, made.queries)
    assert str(copying.folder.parent) == made.root


@pytest.mark.parametrize(
    ("dialect", "udf", "functions"),
    [
        ("sql", "process", "jobs.copy.udf:FUNCTIONS"),
        ("sql", "thread", "jobs.copy.udf:FUNCTIONS"),
        ("table", "pandas", "jobs.copy.udf:PANDAS"),
        ("process", None, None),
    ],
)
def test_functions_of_each_way(copying, dialect, udf, functions):
    """Functions over rows are the same in a process and a thread; pandas has others."""
    assert functions == job(copying, dialect, udf).functions


@pytest.mark.parametrize(
    ("dialect", "functions"), [("sql", "jobs.copy.udf:JAVA"), ("process", None)]
)
def test_functions_of_java_run_in_no_way_of_pythons(copying, dialect, functions):
    """They are registered though nothing says how functions run."""
    (copying.folder / "udf.py").write_text('JAVA = {"shout": "org.example.Shout"}\n')

    assert functions == job(replace(copying, udfs=()), dialect).functions


def test_sources_say_what_they_give(copying):
    """Columns, changes or rows, and the event time."""
    assert (
        {"name": "events", "columns": ["at", "n"], "changes": False, "time": "at"},
        {"name": "users", "columns": ["id"], "changes": True, "time": None},
    ) == job(copying).sources


def test_sinks_say_what_they_take(copying):
    """The table's path as the binding tells it, typed columns, and the key."""
    assert (
        {
            "target": "`there`.`marks`",
            "columns": [["n", "BIGINT"], ["mark", "STRING"]],
            "key": ["n"],
        },
        {"target": "`there`.`times`", "columns": [["at", "TIMESTAMP(3)"]], "key": []},
        {
            "target": "`there`.`copies`",
            "columns": [["at", "TIMESTAMP(3)"], ["n", "BIGINT"]],
            "key": [],
        },
    ) == job(copying).sinks


def test_settings_name_the_job(copying):
    """The cell's id is the job's name, unless settings say otherwise."""
    assert {"pipeline.name": "copy-sql-thread-streaming-cdc-9.0", "a": "b"} == (
        job(copying, udf="thread", a="b").settings
    )


def test_message_is_the_whole_job(copying):
    """What goes to the worker has every field, by name."""
    made = job(copying)

    assert vars(made).keys() == made.message().keys()
    assert vars(made.queries[0]) == made.message()["queries"][0]


def test_pack_has_modules_as_they_are_imported(copying, tmp_path):
    """Flink's Python workers find a scenario's modules under the same names."""
    assert [
        "jobs/copy/process.py",
        "jobs/copy/query.sql",
        "jobs/copy/table.py",
        "jobs/copy/udf.py",
    ] == packed(copying, tmp_path)


def packed(scenario, tmp_path, dialect="table"):
    """What is in the archive that goes with the scenario's functions."""
    cell = make_cell(scenario, dialect, "streaming", "cdc", LINE)
    assert pack(cell, tmp_path / "packed.zip")
    with zipfile.ZipFile(tmp_path / "packed.zip") as archive:
        return archive.namelist()


@pytest.mark.parametrize(
    ("root", "package"), [("mine", "mine"), ("my-jobs.d", "jobs"), ("streamgauge", "jobs")]
)
def test_a_root_of_any_name_is_a_package(copying, tmp_path, root, package):
    """Where its name is none for Python, or is taken, it is called `jobs`."""
    moved = replace(copying, folder=copying.folder.parent.rename(tmp_path / root) / "copy")
    made = job(moved, "table", "thread")

    assert (f"{package}.copy.table", str(tmp_path / root)) == (made.module, made.root)
    assert f"{package}.copy.udf:FUNCTIONS" == made.functions
    assert f"{package}/copy/udf.py" in packed(moved, tmp_path)
