"""Errors put into dialects on purpose: each is seen, and the other cells still run."""

import re
import shutil
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from streamgauge.discovery import discover, load
from streamgauge.harness import Harness
from streamgauge.planted import Cell, Error, planted
from streamgauge.scenario import DIALECT_FILES, UDF_DIALECTS
from streamgauge.testing import Flink
from streamgauge.workspace import workspace

JOBS = Path(__file__).resolve().parents[1] / "jobs"
ROWS = 100

SCENARIOS = discover()
PLANTED = {name: planted(scenario) for name, scenario in SCENARIOS.items()}
DIALECTS = [(name, dialect) for name, each in PLANTED.items() for dialect in each.errors]
ERRORS = [(*of, error) for of in DIALECTS for error in PLANTED[of[0]].of(of[1])]
# A dialect of each scenario, another one each time, and of it the first error show that they are
# looked for; `tox -e planted` has them all.
SAMPLE = {
    (name, list(each.errors)[at % len(each.errors)])
    for at, (name, each) in enumerate(PLANTED.items())
}
FIRST = {PLANTED[name].of(dialect)[0] for name, dialect in SAMPLE}
# In unbounded input a wrong answer costs seconds: once is enough.
OTHER_CELLS = [
    *((dialect, Cell("streaming", "files")) for dialect in PLANTED["word_count"].errors),
    ("sql", Cell("streaming", "kafka", patience=8)),
]
BROKEN = {
    "sql": ("word, COUNT", "wort, COUNT", "Column 'wort' not found in any table"),
    "table": ('col("word"))', 'col("wort"))', "wort"),
    "datastream": ("trimmed(row[0])", "trimmed(row[7])", "IndexError"),
    "process": ("count != self", "1 / 0 != self", "ZeroDivisionError: division by zero"),
}


# Once in each Python process.
SLEPT = 15
SLOW = f"""globals().get("slept") or __import__("time").sleep({SLEPT})
    globals()["slept"] = True
    inner = ["""


CAUGHT = defaultdict(set)


@pytest.fixture
def run(flink, monkeypatch, tmp_path):
    """Runs a dialect of a copy of a scenario, into which an error was planted."""

    def run(name, dialect, error=None, cell=None):
        mode, binding, udf, patience = cell or PLANTED[name].cell
        monkeypatch.setattr(flink.harness, "patience", patience)
        scenario = plant(tmp_path, name, *error[1:]) if error else SCENARIOS[name]
        udf = udf if dialect in UDF_DIALECTS else None
        inputs = PLANTED[name].inputs(dialect)
        return flink.run(scenario, dialect, mode, binding, inputs, udf).record

    return run


def plant(folder, scenario, file, written, instead):
    """A copy of a scenario with an error in one file."""
    copy = folder / "jobs" / scenario
    shutil.copytree(JOBS / scenario, copy, ignore=shutil.ignore_patterns("__pycache__"))
    text = (copy / file).read_text(encoding="utf-8")
    assert 1 == text.count(written)
    (copy / file).write_text(text.replace(written, instead), encoding="utf-8")
    return load(copy)


@pytest.mark.parametrize(
    ("name", "dialect"),
    [pytest.param(*of, marks=[] if of in SAMPLE else pytest.mark.every_error) for of in DIALECTS],
)
def test_without_an_error_it_passes(name, dialect, run):
    """The inputs in which errors show are no error by themselves."""
    record = run(name, dialect)

    assert "pass" == record.verdict, record.reason


@pytest.mark.parametrize(
    ("name", "dialect", "error"),
    [
        pytest.param(
            *each,
            id="-".join((*each[:2], each[2].kind)),
            marks=[] if each[2] in FIRST else pytest.mark.every_error,
        )
        for each in ERRORS
    ],
)
def test_an_error_is_caught(name, dialect, error, run, flink):
    """A dialect that answers wrongly gets `fail`, with the rows that differ."""
    record = run(name, dialect, error)

    assert "fail" == record.verdict, record.reason
    assert re.search("(missing|extra|invalid) [1-9]", record.reason)
    CAUGHT[flink.line.name].add((name, dialect, error))


@pytest.mark.parametrize(("dialect", "cell"), OTHER_CELLS)
def test_an_error_is_caught_elsewhere(dialect, cell, run):
    """A changelog in files, and a topic that has no end, hide no error either."""
    record = run("word_count", dialect, PLANTED["word_count"].of(dialect)[0], cell)

    assert "fail" == record.verdict, record.reason
    assert "missing" in record.reason


def test_a_wrong_answer_in_a_topic_is_told_when_the_job_stands_still(run):
    """A key's row could yet be replaced; but a job that has read all and waits replaces none."""
    error = PLANTED["word_count"].of("sql")[0]
    record = run("word_count", "sql", error, Cell("streaming", "kafka"))

    assert "fail" == record.verdict, record.reason
    assert record.seconds["job"] < Cell("streaming", "kafka").patience / 2


def test_a_job_that_is_slow_is_no_job_that_stands_still(run):
    """A Python function takes a while before its first row, longer than tasks have to wait."""
    slow = Error("slow", "process.py", "inner = [", SLOW)
    record = run("word_count", "process", slow, Cell("streaming", "kafka"))

    assert "pass" == record.verdict, record.reason
    assert record.seconds["job"] > SLEPT


@pytest.mark.parametrize("planted_in", BROKEN)
def test_a_broken_dialect_is_unknown(planted_in, flink, tmp_path):
    """A job that fails is `unknown`, with the root cause in one line; the next cell runs."""
    written, instead, cause = BROKEN[planted_in]
    scenario = plant(tmp_path, "word_count", DIALECT_FILES[planted_in], written, instead)
    inputs = scenario.sample(1, ROWS)
    broken = flink.run(scenario, planted_in, "batch", "files", inputs).record
    sound = "table" if planted_in == "sql" else "sql"
    other = flink.run(scenario, sound, "batch", "files", inputs)

    assert "unknown" == broken.verdict
    assert cause in broken.reason
    assert "py4j" not in broken.reason
    assert 1 == len(broken.reason.splitlines())
    assert "pass" == other.record.verdict, other.record.reason


def test_a_dead_engine_is_told(tmp_path, monkeypatch, flink):
    """Where the cluster cannot start, every cell is `unknown` with the log's end, at once."""
    monkeypatch.setattr("streamgauge.clusters.session._JOBMANAGER_JVM", ("-Xmx1m",))
    monkeypatch.chdir(tmp_path)
    with workspace() as space:
        harness = Harness(space)
        scenario = load(JOBS / "word_count")
        own = Flink(harness, flink.line, 0)
        record = own.run(scenario, "sql", "batch", "files", scenario.sample(0, 5)).record
        harness.close()

    assert "unknown" == record.verdict
    assert "jobmanager" in record.reason


@pytest.mark.every_error
def test_all_planted_errors_are_caught(flink, capsys):
    """By the tests before this one: at least three in each dialect of each scenario."""
    caught = CAUGHT[flink.line.name]
    with capsys.disabled():
        print(f"\n{len(caught)} of {len(ERRORS)} planted errors caught")

    assert set(ERRORS) == caught
    assert min(Counter(error[:2] for error in caught).values()) >= 3
