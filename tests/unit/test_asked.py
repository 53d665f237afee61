"""What a query.sql says beside its queries, and what is wrong in it before Flink sees it."""

from dataclasses import replace

import pytest

from streamgauge import asked
from streamgauge.cells import make_cell
from streamgauge.errors import ScenarioError, UsageError
from streamgauge.job import build
from streamgauge.show import python
from streamgauge.sql import Created
from streamgauge.tuning import Begin, merged, of_sql
from tests.unit.world import LINE, copying

ALL = """\
-- Of all that follows; wherever it stands.
SET 'table.exec.state.ttl' = '1 h';
CREATE TEMPORARY FUNCTION twice AS 'jobs.copy.udf.double' LANGUAGE PYTHON;
CREATE TEMPORARY SYSTEM FUNCTION `of java` AS 'org.example.Fun;ny' LANGUAGE JAVA;
CREATE TEMPORARY VIEW half AS SELECT 1;
SELECT 2;
SET 'table.exec.state.ttl' = '2 h'
"""


@pytest.fixture
def cell(tmp_path):
    """Gives the cell of a scenario with this query.sql."""

    def made(text, udf=None, **settings):
        folder = tmp_path / "copy"
        folder.mkdir()
        (folder / "query.sql").write_text(text)
        udfs = (udf,) if udf else ()
        scenario = replace(copying(), folder=folder, udfs=udfs, settings=settings)
        return make_cell(scenario, "sql", "streaming", "kafka", LINE)

    return made


def job(cell):
    return build(cell, (), "{}".format, {})


def test_statements_go_where_they_are_for(cell):
    """SETs into settings, functions of Python to the worker, the rest to Flink as it is."""
    made = cell(ALL, udf="process")

    whole = job(made)

    assert {"table.exec.state.ttl": "2 h"} == of_sql(made)
    assert (Created("twice", "jobs.copy.udf.double", system=False),) == whole.created
    assert ["function", "view"] == [each.kind for each in whole.definitions]
    assert ["SELECT 2"] == [each.text for each in whole.queries]


def test_a_set_is_told_to_the_job_unless_the_scenario_says_otherwise(cell):
    """And so does `--set`, which is a scenario's setting."""
    said = cell("SET 'a' = '1'; SET 'b' = '1'; SELECT 1", b="2")

    told = merged(said, Begin(), cluster={"a": "0"}, attached={})

    assert ("1", "2") == (told["a"], told["b"])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT 1;\n SELCT 2", "line 2, column 2: SELCT begins no statement of SELECT,"),
        ("INSERT INTO a SELECT 1", "line 1, column 1: INSERT begins no statement of"),
        ("SELECT 1; SELECT 2", "2 queries for 1 sinks, not one for each"),
        ("-- (\n\n SELECT ((2), '('", "line 3, column 9: a parenthesis that has no oth"),
        ("SELECT (1))\n FROM a", "line 1, column 11: a parenthesis that has no other"),
        ("SET 'a' = 'b'", "0 queries for 1 sinks"),
        (
            "SELECT 1;\n\nCREATE FUNCTION a AS 'b.c' LANGUAGE PYTHON",
            "line 3, column 1: a function of Python: the scenario's udfs says how those run",
        ),
    ],
)
def test_what_is_wrong_is_told(cell, text, error):
    """With the place, before anything starts."""
    wrong = cell(text)

    with pytest.raises(ScenarioError, match=rf"^query\.sql[,:] {error}"):
        asked.check(wrong)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SET 'parallelism.default' = '2'", "is for --parallelism to say"),
        ("SET 'rest.port' = '2'", "is of the cluster, not of a job"),
        ("SET 'table.local-time-zone' = 'Mars'", ""),
    ],
)
def test_a_set_that_has_no_effect_is_told(cell, text, error):
    """As with `--set`."""
    wrong = cell(f"SELECT 1; {text}")

    with pytest.raises(UsageError, match=rf"^query\.sql, line 1, column 11: SET '.*{error}"):
        of_sql(wrong)


def test_a_program_shows_functions_of_java_beside_those_of_python(cell):
    """By one name each in SQL."""
    made = cell("SELECT 1", udf="process")
    (made.scenario.folder / "udf.py").write_text('JAVA = {"a": "org.A"}\nFUNCTIONS = {}\n')

    shown = python(made, replace(job(made), functions="jobs.copy.udf:FUNCTIONS"))

    assert "{**own.JAVA, **own.FUNCTIONS}" in shown


def test_a_program_shows_the_functions_that_sql_creates(cell):
    """Those of the dialect's own modules, and those of others."""
    made = cell("SELECT a(1), b(1)", udf="process")
    (made.scenario.folder / "udf.py").write_text("FUNCTIONS = {}\n")
    (made.scenario.folder / "more.py").write_text("one = 1\n")
    created = (
        Created("a", "jobs.copy.more.one", system=False),
        Created("b", "other.two", system=True),
    )
    whole = replace(job(made), functions="jobs.copy.udf:FUNCTIONS", created=created)

    shown = python(made, whole)

    assert "{**own.FUNCTIONS, 'a': own.one, 'b': import_module('other').two}" in shown
