"""`run --watch` runs the cells of what was saved, and what is wrong with it ends nothing."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from streamgauge import cli
from streamgauge.cli import running, watch
from streamgauge.waiting import wait_for

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS = 20


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    """A project of two scenarios."""
    for name in ("word_count", "orders_cdc"):
        shutil.copytree(CHECKOUT / "jobs" / name, tmp_path / "jobs" / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "jobs"


@pytest.fixture
def watched(monkeypatch, jobs):
    """Runs the command over so many savings: the cells each came to."""
    runs = []

    @contextmanager
    def at_hand(_):
        yield SimpleNamespace(kept={})

    def run(savings, *arguments):
        def saved(_):
            for save in savings:
                yield save()
            raise KeyboardInterrupt

        monkeypatch.setattr(watch, "_saved", saved)
        monkeypatch.setattr("sys.argv", ["streamgauge", "run", "--watch", *arguments])
        assert 0 == cli._run()
        return runs

    monkeypatch.setattr(running, "at_hand", at_hand)
    monkeypatch.setattr(running, "run_on", lambda _, wanted, *__: runs.append(wanted))
    monkeypatch.setattr(running.Ran, "tell", lambda *_, **__: None)
    return run


def of(runs):
    return {(run.cell.scenario.id, run.cell.dialect) for run in runs}


def test_the_cells_of_what_was_saved(jobs, watched):
    """A dialect's own file is of that alone, any other of all; the times are counted."""
    query, scenario = (jobs / "word_count" / name for name in ("query.sql", "scenario.py"))
    table = jobs / "orders_cdc" / "table.py"
    first, second, third = watched(
        [lambda: [query], lambda: [query, table], lambda: [scenario]], "--mode", "batch"
    )

    assert {("word_count", "sql")} == of(first)
    assert {("word_count", "sql"), ("orders_cdc", "table")} == of(second)
    dialects = ("sql", "table", "datastream", "process")
    assert {("word_count", dialect) for dialect in dialects} == of(third)
    assert {("word_count", 2), ("orders_cdc", 1)} == {
        (r.cell.scenario.id, r.number) for r in second
    }


def test_a_program_of_the_scenario_s_own_has_a_part_in_its_cells_alone(tmp_path, watched):
    scored = tmp_path / "scenarios" / "scored"
    shutil.copytree(CHECKOUT / "tests" / "scenarios" / "scored", scored)

    program, beside = watched(
        [lambda: [scored / "scores.py"], lambda: [scored / "games.py"]], "scenarios"
    )

    assert {("scored", "job")} == of(program)
    assert {("scored", "job"), ("scored", "sql")} <= of(beside)


def test_what_was_asked_for_holds(jobs, watched):
    """What was saved besides runs nothing."""
    query, table = (jobs / "word_count" / name for name in ("query.sql", "table.py"))
    runs = watched([lambda: [query], lambda: [table], lambda: [query]], "--dialect", "table")

    assert [{("word_count", "table")}] == [of(each) for each in runs]


def test_broken_scenario_is_told_and_watched_further(jobs, watched, capsys):
    """What was mended runs."""
    path = jobs / "word_count" / "scenario.py"
    right = path.read_text()

    def save(text):
        def saved():
            path.write_text(text)
            return [path]

        return saved

    runs = watched([save("1 / 0 # long enough"), save(right)], "word_count")

    assert [{"word_count"}] == [{name for name, _ in of(each)} for each in runs]
    assert "word_count: scenario.py: ZeroDivisionError: division by zero" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("--note", "--watch has no end to tell of: without --note, --json and --times"),
        ("--times 2", "--watch has no end to tell of: without --note, --json and --times"),
        ("--dialect tabel", "unknown dialect 'tabel' (did you mean table?)"),
        ("word_cont", "unknown scenario 'word_cont' (did you mean word_count?)"),
    ],
)
def test_mistake_is_told_at_once(jobs, monkeypatch, capsys, arguments, told):
    """Before anything is watched."""
    monkeypatch.setattr("sys.argv", ["streamgauge", "run", "--watch", *arguments.split()])

    assert 2 == cli._run()
    assert told in capsys.readouterr().err


def test_what_is_saved_is_seen(tmp_path):
    """But what Python and editors leave is not."""
    for name in ("__pycache__", "word_count"):
        (tmp_path / name).mkdir()
    saved = watch._saved([tmp_path])

    def save():
        (tmp_path / "__pycache__" / "table.cpython-311.pyc").write_text("1")
        (tmp_path / "word_count" / ".table.py.swp").write_text("1")
        (tmp_path / "word_count" / "table.py").write_text("1")
        return seen.done()

    with ThreadPoolExecutor() as pool:
        seen = pool.submit(next, saved)
        # It may not watch yet.
        wait_for(save, bool, SECONDS, lambda _: "nothing seen", 0.1)
    assert [tmp_path / "word_count" / "table.py"] == seen.result()
    saved.close()
