"""A user's own program is told its arguments and the options of its tables."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge import show, versions
from streamgauge.attachments.ddl import create_table, options_of, path_of
from streamgauge.cells import Filter, cells, make_cell
from streamgauge.discovery import load
from streamgauge.errors import ScenarioError, UsageError
from streamgauge.feasible import refusal
from streamgauge.imports import modules
from streamgauge.lifecycle import Start, named, upgrade
from streamgauge.scenario import Script
from streamgauge.sql import tokenizer
from streamgauge.values.schema import Schema

SCORED = load(Path(__file__).parents[1] / "scenarios" / "scored")
LINE = versions.line("1.20")
OPTIONS = {"points": {"topic": "p1", "url": "h:1"}, "scores": {"topic": "s1"}}


def test_tables_get_their_options_by_the_programs_names():
    told = Script("etl.py", tables={"incoming": "points"}).told(OPTIONS)

    assert {"incoming": OPTIONS["points"], "scores": OPTIONS["scores"]} == told["tables"]


def test_placeholders_are_filled_and_their_tables_left_alone():
    script = Script("etl.py", ("--in={topic:points}@{url:points}", "{}"), {"OUT": "{topic:scores}"})

    told = script.told(OPTIONS)

    assert ["--in=p1@h:1", "{}"] == told["arguments"]
    assert {"OUT": "s1"} == told["environment"]
    assert {} == told["tables"]


def test_kafka_is_told_where_a_table_is_on_it():
    """It names no table: those are attached as ever."""
    script = Script("etl.py", ("--brokers", "{kafka}"))
    options = {"points": {"properties.bootstrap.servers": "h:9"}, "scores": {"path": "/a"}}

    told = script.told(options)

    assert ["--brokers", "h:9"] == told["arguments"]
    assert options == told["tables"]
    with pytest.raises(UsageError, match=r"no value for \{kafka\}; valid: topic:points"):
        script.told(OPTIONS)


def test_a_placeholder_without_a_value_is_told_with_those_that_have_one():
    with pytest.raises(UsageError, match=r"no value for \{path:points\}; valid: topic:points, url"):
        Script("etl.py", ("{path:points}",)).told(OPTIONS)


@pytest.mark.parametrize(
    "script", [Script("etl.py", ("{topic:point}",)), Script("etl.py", tables={"x": "point"})]
)
def test_a_table_that_nobody_has_is_told_with_those_that_are(script):
    with pytest.raises(ScenarioError, match=r"'point' \(did you mean points\?\); valid: points"):
        replace(SCORED, job=script)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"file": Path("etl.py")}, r"file=PosixPath\('etl.py'\) is no text"),
        ({"file": None}, "file=None is no text"),
        ({"arguments": "--least 1"}, r"arguments='--least 1' is no list of texts"),
        ({"arguments": ("--least", 1)}, r"arguments=\('--least', 1\) is no list of texts"),
        ({"printed": "scores"}, "printed='scores' is no list of texts"),
        ({"environment": {"N": 1}}, "environment={'N': 1} is no dictionary of texts by text"),
        ({"environment": None}, "environment=None is no dictionary"),
        ({"tables": ["points"]}, r"tables=\['points'\] is no dictionary"),
        ({"tables": {"incoming": SCORED.sources[0]}}, r"tables={'incoming': Source\(name=.*\.\.\."),
    ],
)
def test_a_field_of_another_type_is_told(given, told):
    """A text is no list of its letters."""
    with pytest.raises(ScenarioError, match=rf"^job .*: {told}") as error:
        Script(**{"file": "etl.py", **given})

    assert 130 > len(str(error.value))


def test_a_table_of_two_names_is_told():
    """One of the two would stay the program's own."""
    told = "points is incoming and theirs in tables: a table has one name"

    with pytest.raises(ScenarioError, match=told):
        replace(SCORED, job=Script("etl.py", tables={"incoming": "points", "theirs": "points"}))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (Script("etl.py", printed=("points",)), "no sink 'points'; valid: scores"),
        (Script("etl.py", ("{topic:scores}",), printed=("scores",)), "scores is printed, and not"),
        (Script("etl.py", printed=("scores", "scores")), "scores is printed, and nothing else"),
    ],
)
def test_what_is_printed_goes_to_a_sink_and_there_alone(script, told):
    with pytest.raises(ScenarioError, match=told):
        replace(SCORED, job=script)


def test_a_sink_of_what_is_printed_is_no_table_of_the_program():
    printed = replace(SCORED, job=replace(SCORED.job, printed=("scores",)))
    cell = make_cell(printed, "job", "streaming", "files", LINE)

    job, plan = show.explained(cell)

    (sink,) = job.script["printed"]
    assert {"incoming"} == set(job.script["tables"])
    assert ("`scores`", ["player"]) == (sink["target"], sink["key"])
    assert sink["ddl"] in job.tables
    assert "# what it prints goes to `scores`\n" in show.render(cell, job, plan)


def test_an_example_that_pyflink_ships_is_there_without_a_file(tmp_path):
    """With rows of its own, of which nobody else has any."""
    shipped = Script("pyflink:table/word_count.py", tables={"sink": "scores"})
    sink = replace(SCORED.sinks[0], rows=[("Ann", 3)])
    scenario = replace(SCORED, sources=(), sinks=(sink,), oracle=None, job=shipped, folder=tmp_path)
    cell = make_cell(scenario, "job", "streaming", "files", LINE)

    job, plan = show.explained(cell)

    assert ("job",) == scenario.dialects
    assert cell.bounded
    assert {"scores": [("Ann", 3)]} == scenario.expected(scenario.sample(0))
    assert "# pyflink:table/word_count.py\n" in show.render(cell, job, plan) + "\n"


def test_rows_come_from_somewhere():
    with pytest.raises(ScenarioError, match="sources may be empty only where a job has its rows"):
        replace(SCORED, sources=(), job=None)


def test_a_program_is_python_or_sql():
    with pytest.raises(ScenarioError, match=r"etl.jar: no program, which is a file NAME.py or"):
        Script("etl.jar")


def test_sql_is_not_told_anything():
    with pytest.raises(ScenarioError, match=r"etl.sql: SQL takes no arguments"):
        Script("etl.sql", ("{topic:points}",))


SETS = """-- ;
SET 'a' = ';';
EXECUTE STATEMENT SET
BEGIN

INSERT INTO a SELECT 1; -- END;
INSERT INTO b SELECT ';';
END;
begin statement set;

INSERT INTO c SELECT 2; INSERT INTO d SELECT 3;
end
"""


def test_a_set_of_inserts_is_one_statement(tmp_path):
    (tmp_path / "etl.sql").write_text(SETS)

    setting, first, second = Script("etl.sql").statements(tmp_path)

    assert (1, "-- ;\nSET 'a' = ';'") == (setting.line, setting.text)
    assert "BEGIN\n\nINSERT INTO a SELECT 1;" in first.text
    assert first.text.endswith("INSERT INTO b SELECT ';';\nEND")
    assert (
        "EXECUTE STATEMENT SET BEGIN\n\nINSERT INTO c SELECT 2; INSERT INTO d SELECT 3;\nend"
        == (second.text)
    )
    assert 9 == second.line


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("-- all at once;\nEXECUTE STATEMENT SET\nBEGIN", "END"),
        ("EXECUTE STATEMENT SET -- both\nBEGIN", "END -- done;"),
        ("/* ; */ BEGIN STATEMENT SET;", "-- that is all\nEND"),
        ("BEGIN -- END\nSTATEMENT /* ; */ SET;", "END /* ; */"),
    ],
)
def test_a_set_of_inserts_may_have_comments_anywhere(tmp_path, begin, end):
    """Each statement is where it was, and no comment takes a `;` away."""
    text = f"{begin}\nINSERT INTO a SELECT 1 -- one\n;\nINSERT INTO b SELECT 2;\n{end}\n;\nQUIT"
    (tmp_path / "etl.sql").write_text(text)

    inserts, quits = Script("etl.sql").statements(tmp_path)

    words = [token.text.upper() for token in tokenizer().tokenize(inserts.text)]
    opened = ["EXECUTE", "STATEMENT", "SET", "BEGIN"]
    first, second = ["INSERT", "INTO", "A", "SELECT", "1"], ["INSERT", "INTO", "B", "SELECT", "2"]
    assert [*opened, *first, ";", *second, ";", "END"] == words
    lines = inserts.text.splitlines()
    assert text.splitlines().index("INSERT INTO b SELECT 2;") == next(
        n for n, line in enumerate(lines) if "INTO b" in line
    )
    assert ("QUIT", len(text.splitlines())) == (quits.text, quits.line)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "etl.sql: no statement in it"),
        (b"-- nothing yet;\n/* ; */\n", "etl.sql: no statement in it"),
        (b"SET 'a' = 'b';\n\nBEGIN STATEMENT SET;\nINSERT INTO a SELECT 1;\n",
         "etl.sql, line 3, column 1: a set of statements has no END"),
        ("-- \n'\u00e9'".encode("latin-1"), "etl.sql: is not UTF-8: .* in position 5: .*"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_sql_is_told(tmp_path, text, told):
    (tmp_path / "etl.sql").write_bytes(text)

    with pytest.raises(ScenarioError, match=f"^{told}$"):
        Script("etl.sql").statements(tmp_path)


def test_sql_is_shown_as_it_is(tmp_path):
    (tmp_path / "etl.sql").write_text(SETS)
    asked = replace(SCORED, job=Script("etl.sql"), folder=tmp_path)
    cell = make_cell(asked, "job", "streaming", "kafka", LINE)

    shown = show.render(cell, *show.explained(cell))

    assert "-- sql-client.sh -f etl.sql\n" in shown
    assert SETS.strip() in shown


def test_sql_without_an_end_is_told(tmp_path):
    (tmp_path / "etl.sql").write_text("SELECT 'a")

    with pytest.raises(ScenarioError, match=r"etl.sql, line 1, column 8: a string, a name or"):
        Script("etl.sql").statements(tmp_path)


def test_options_are_read_as_they_were_written():
    options = {"connector": "x", "it's": "a = 'b',\nc", "path": "file:///a"}

    made = create_table("`t (`", Schema.of(a="STRING"), (), options)

    assert ("`t (`", options) == (path_of(made), options_of(made))


def test_only_a_scenario_with_a_program_lists_it():
    both = [SCORED, replace(SCORED, job=None)]

    found = cells(both, [LINE], Filter(dialects=["job"]))

    assert {"job"} == {cell.dialect for cell in found}
    assert all(cell.scenario is SCORED for cell in found)
    assert "the scenario has no job" == make_cell(both[1], "job", "batch", "files", LINE).absent


def test_a_program_is_shown_as_it_is_with_how_it_is_run():
    cell = make_cell(SCORED, "job", "streaming", "kafka", LINE)
    job, plan = show.explained(cell)

    shown = show.render(cell, job, plan)

    assert (SCORED.folder / "scores.py").read_text().strip() in shown
    assert "# PLAYERS=all python scores.py --least 1\n" in shown
    assert "# table incoming gets {'connector': 'kafka'" in shown


def test_a_program_is_carried_to_another_line_but_has_no_compiled_plan():
    cell = make_cell(SCORED, "job", "streaming", "kafka", LINE)
    inputs = SCORED.sample(1, 4)
    carried = upgrade("plain", (Start(on="1.20"), Start(on="2.0")))
    compiled = upgrade("plain", (Start(on="1.20", plan=True), Start(on="2.0", plan=True)))

    assert refusal(cell, inputs, named("restart", "plain"), 4) is None
    assert refusal(cell, inputs, carried, 4) is None
    assert "upgrade: a program of one's own has no compiled plan" == refusal(
        cell, inputs, compiled, 4
    )


def test_a_missing_program_is_told(tmp_path):
    for file in ("scenario.py", "oracle.py", "games.py", "query.sql"):
        folder = tmp_path / "scenarios" / "scored"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text((SCORED.folder / file).read_text())

    with pytest.raises(ScenarioError, match=r"missing file scores.py"):
        load(folder)


def test_a_program_that_is_not_utf_8_is_left_to_python(tmp_path):
    """Which says so, with the place."""
    (tmp_path / "etl.py").write_bytes(b"# caf\xe9\nimport helper\n")
    asked = replace(SCORED, job=Script("etl.py"), folder=tmp_path)

    found = modules(make_cell(asked, "job", "batch", "files", LINE))

    assert tmp_path / "etl.py" in found
