"""A scenario in a single file: its rows, the right answer, and its SQL as a string."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge import asked, cli
from streamgauge.cells import make_cell
from streamgauge.cli import options, watch
from streamgauge.discovery import discover, load
from streamgauge.errors import ScenarioError
from streamgauge.job import build, copied
from streamgauge.lifecycle import once
from streamgauge.planting import dialect
from streamgauge.records import GIVEN, Record
from streamgauge.run import Run, planned
from streamgauge.show import example
from streamgauge.verdicts import note, read
from tests.unit.test_by_hand import WRITTEN
from tests.unit.world import LINE

ASKED = "SELECT n * 2 FROM numbers"
MORE = f'    sql="{ASKED}",\n)\n'
ORACLE = (
    '\n\ndef expected(inputs):\n    return {"twice": [(2 * n,) for (n,) in inputs["numbers"]]}\n'
)


def text(rows="[(1,), (2,)]", answer="[(2,), (4,)]", more=MORE):
    """The scenario as it is in a folder, with its SQL."""
    return WRITTEN.format(rows=rows, answer=answer).rstrip().removesuffix(")") + more


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    """A root with the scenario, and with a module that is none."""
    folder = tmp_path / "jobs"
    folder.mkdir()
    (folder / "doubled.py").write_text(text())
    (folder / "helper.py").write_text("SCENARIOS = 1\n")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def cell(jobs):
    return make_cell(load(jobs / "doubled.py"), "sql", "batch", "files", LINE)


def test_one_file_is_a_scenario(jobs):
    """It has one dialect, and needs no reason for the others."""
    scenario = load(jobs / "doubled.py")

    assert ("sql",) == scenario.dialects
    assert dict.fromkeys(("table", "datastream", "process"), "not written") == scenario.absent
    assert {"twice": [(2,), (4,)]} == scenario.expected(scenario.sample(0))


@pytest.mark.parametrize("place", ["", "doubled.py", "doubled"])
def test_it_is_found_in_its_root_and_by_itself(jobs, place):
    """By the folder whose place it takes too, as those have it that know the scenario alone."""
    found = [load(jobs / place)] if place == "doubled" else discover(jobs / place).values()

    assert [jobs / "doubled"] == [scenario.folder for scenario in found]


def test_it_may_lie_beside_folders(jobs):
    """An id twice is told."""
    (jobs / "doubled").mkdir()
    (jobs / "doubled" / "scenario.py").write_text(WRITTEN.format(rows="[(1,)]", answer="[(2,)]"))
    (jobs / "doubled" / "query.sql").write_text(ASKED)

    found = discover(jobs)

    assert ["doubled"] == list(found)
    told = f"{jobs / 'doubled'}: doubled.py, beside it, is a scenario of this id too"
    assert {"doubled": told} == {name: str(error) for name, error in found.broken.items()}


def test_files_of_rows_lie_beside_it(jobs):
    """It has no folder."""
    (jobs / "doubled.py").write_text(text("'numbers.csv'"))
    (jobs / "numbers.csv").write_text("n\n1\n2\n")

    assert {"numbers": [(1,), (2,)]} == dict(load(jobs / "doubled.py").sample(0))


def test_its_oracle_may_be_in_it(jobs):
    """Where sinks have no answer."""
    (jobs / "doubled.py").write_text(text(answer="None") + ORACLE)

    assert {"twice": [(10,)]} == load(jobs / "doubled.py").expected({"numbers": [(5,)]})


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (text(more=")\n"), "a single file has its question as sql, alone: more needs a folder"),
        (text(more=MORE.replace("sql=", 'udfs=("process",), sql=')), "a single file has its qu"),
        (text().replace('id="doubled"', 'id="twice"'), "id 'twice' is not the file's name"),
        (text(answer="None"), "missing expected, and no sink has its rows by hand"),
        (text() + ORACLE, "expected is there, but sinks have the answer by hand"),
        ("import nothing\nSCENARIO = 1", "doubled.py: ModuleNotFoundError: No module named 'not"),
        ("SCENARIO = 1", "SCENARIO in doubled.py is not a Scenario"),
        (text(rows="[(1, 2)]"), "source numbers: row 0: 2 columns, not 1"),
    ],
)
def test_what_is_wrong_is_told_of_the_file(jobs, written, told):
    """In one line."""
    (jobs / "doubled.py").write_text(written)

    with pytest.raises(ScenarioError) as refused:
        load(jobs / "doubled.py")
    assert str(refused.value).startswith(f"{jobs / 'doubled.py'}: {told}")


def test_sql_that_asks_nothing_is_told_of_its_cells(jobs):
    """As that of a query.sql is."""
    (jobs / "doubled.py").write_text(text(more=MORE.replace(ASKED, "")))
    cell = make_cell(load(jobs / "doubled.py"), "sql", "batch", "files", LINE)

    with pytest.raises(ScenarioError, match=r"query\.sql: 0 queries for 1 sinks"):
        asked.check(cell)


def test_a_folder_has_its_sql_in_a_file(jobs):
    """There is one way to each."""
    (jobs / "triple").mkdir()
    (jobs / "triple" / "scenario.py").write_text(text().replace("doubled", "triple"))

    with pytest.raises(ScenarioError, match="sql is for a scenario in a single file: write query"):
        load(jobs / "triple")


@pytest.mark.parametrize("mode", ["batch", "streaming"])
@pytest.mark.parametrize("name", ["once", "restart"])
def test_it_goes_through_lifecycles(jobs, mode, name):
    """As a folder does: nothing of them asks for one."""
    scenario = replace(load(jobs / "doubled.py"), bindings=("kafka",))
    cell = make_cell(scenario, "sql", mode, "kafka", LINE)

    run = planned(cell, scenario.sample(0), GIVEN, "", name)

    assert (mode == "batch" and name == "restart") == bool(run.cell.absent), run.cell.absent


def test_its_job_asks_its_sql(cell):
    """As that of a query.sql."""
    job = build(cell, (), "{}".format, {})

    assert [ASKED] == [query.text for query in job.queries]


def test_a_copy_of_it_is_a_folder(cell, tmp_path):
    """In which errors can be planted, as in any other."""
    copy = copied(cell, tmp_path / "copies").scenario

    assert tmp_path / "copies" / "jobs" / "doubled" == copy.folder
    assert ASKED == (copy.folder / "query.sql").read_text()
    assert (("sql",), ASKED) == (copy.dialects, copy.query())


def test_errors_are_planted_into_its_sql(cell):
    """It has no file of that name, but for its copies."""
    run = Run(cell, cell.scenario.sample(0), GIVEN, once(cell.form))

    assert {"query.sql": ASKED} == dialect.asked([run]).texts


def test_its_cells_are_those_of_the_file_that_was_saved(cell, jobs):
    """Not of one that is beside it."""
    run = Run(cell, cell.scenario.sample(0), GIVEN, once(cell.form))

    assert [run] == watch.touched([run], [jobs / "doubled.py"])
    assert [] == watch.touched([run], [jobs / "helper.py"])


@pytest.mark.parametrize("name", ["doubled", "jobs/doubled.py"])
def test_commands_take_its_id_and_its_path(jobs, name):
    """As those of a folder."""
    assert ["doubled"] == list(options.scenarios([name]))
    assert {} == read(load(jobs / "doubled.py").folder)


def test_a_folder_of_its_name_is_passed_over(jobs):
    """In the working folder, where it has other things than scenarios."""
    other = jobs.parent / "doubled"
    other.mkdir()
    (other / "rows.csv").write_text("n\n1\n")

    assert jobs / "doubled.py" == options.folders(["doubled"])[0].resolve()
    (jobs / "doubled.py").unlink()
    assert [Path("doubled")] == options.folders(["doubled"])


@pytest.mark.parametrize("asks", ["", "-- SELECT 1", f"{ASKED}; {ASKED}"])
def test_show_tells_what_a_run_does(jobs, asks):
    """Before Flink is asked."""
    (jobs / "doubled.py").write_text(text(more=f'    sql="{asks}",\n)\n'))
    cell = make_cell(load(jobs / "doubled.py"), "sql", "batch", "files", LINE)

    with pytest.raises(ScenarioError, match=r"query.sql: \d queries for 1 sinks"):
        example(cell)


def test_its_verdicts_are_noted_beside_it(jobs):
    """It has no folder, and none is made for them."""
    scenario = load(jobs / "doubled.py")
    note(scenario, [Record("doubled", 1, "sql", "batch", "files", "9.0.2", "pass")])

    assert (jobs / "doubled.verdicts.json").is_file()
    assert not (jobs / "doubled").exists()
    assert {"doubled-sql-batch-files-9.0"} == set(read(scenario.folder))
    assert ["doubled"] == list(discover(jobs))


def test_its_path_alone_is_a_run(jobs):
    """A file that is no scenario is no command."""
    assert ["run", "jobs/doubled.py"] == cli._spelt_out(["jobs/doubled.py"])
    assert ["run", "jobs/doubled.py", "--mode", "batch"] == cli._spelt_out(
        ["run", "jobs/doubled.py", "--mode", "batch"]
    )
    assert ["jobs/helper.py"] == cli._spelt_out(["jobs/helper.py"])
