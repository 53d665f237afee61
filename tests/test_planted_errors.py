"""Errors put into dialects on purpose: each is seen, and the other cells still run."""

import shutil
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.harness import Harness
from streamgauge.plugin import Flink
from streamgauge.workspace import workspace

WORD_COUNT = Path(__file__).resolve().parents[1] / "jobs" / "word_count"
ROWS = 100

# dialect -> what is written, what stands there instead
WRONG = {
    "sql": ("COUNT(*)", "COUNT(DISTINCT word)"),
    "table": ("lit(1).count", "lit(1).max"),
    "datastream": ("total[1] + one[1]", "one[1]"),
    "process": ("(self.count.value() or 0) + 1", "(self.count.value() or 1) + 1"),
}
# In unbounded input a wrong answer costs the whole of our patience: once is enough.
WRONG_CELLS = [
    *((dialect, (mode, "files")) for dialect in WRONG for mode in ("batch", "streaming")),
    ("sql", ("streaming", "kafka")),
]
BROKEN = {
    "sql": ("word, COUNT", "wort, COUNT", "Column 'wort' not found in any table"),
    "table": ('col("word"))', 'col("wort"))', "wort"),
    "datastream": ("Row(row[0], 1)", "Row(row[7], 1)", "IndexError"),
    "process": ("count != self", "1 / 0 != self", "ZeroDivisionError: division by zero"),
}


@pytest.fixture
def impatient(harness):
    """The session's harness, which waits no longer than it has to for what never comes."""
    patience, harness.patience = harness.patience, 8
    yield harness
    harness.patience = patience


def planted(folder: Path, dialect: str, written: str, instead: str):
    """A copy of word_count with an error in one dialect."""
    copy = folder / "jobs" / "word_count"
    shutil.copytree(WORD_COUNT, copy)
    file = copy / {"sql": "query.sql"}.get(dialect, f"{dialect}.py")
    text = file.read_text()
    assert 1 == text.count(written)
    file.write_text(text.replace(written, instead))
    return load(copy)


@pytest.mark.parametrize(("planted_in", "where"), WRONG_CELLS)
def test_a_wrong_dialect_fails(planted_in, where, flink, impatient, tmp_path):
    """A dialect of word_count that counts wrong gets `fail`, with the rows that differ."""
    scenario = planted(tmp_path, planted_in, *WRONG[planted_in])
    record = flink.run(scenario, planted_in, *where, scenario.sample(1, ROWS)).record

    assert "fail" == record.verdict, record.reason
    assert "missing" in record.reason


@pytest.mark.parametrize("planted_in", BROKEN)
def test_a_broken_dialect_is_unknown(planted_in, flink, tmp_path):
    """A job that fails is `unknown`, with the root cause in one line; the next cell runs."""
    written, instead, cause = BROKEN[planted_in]
    scenario = planted(tmp_path, planted_in, written, instead)
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
        scenario = load(WORD_COUNT)
        own = Flink(harness, flink.line, 0)
        record = own.run(scenario, "sql", "batch", "files", scenario.sample(0, 5)).record
        harness.close()

    assert "unknown" == record.verdict
    assert "jobmanager" in record.reason
