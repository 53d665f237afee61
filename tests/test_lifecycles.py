"""What a job lives through: checkpoints, restarts, other parallelisms.

A sample of the matrix: `sh run.sh tox -e lifecycles` runs every streaming cell through all.
"""

import shutil
from pathlib import Path

import pytest

from streamgauge.discovery import discover, load
from streamgauge.errors import UsageError
from streamgauge.lifecycle import named

SCENARIOS = discover()
JOBS = Path(__file__).resolve().parents[1] / "jobs"
FEW = 200

# A dialect each of those that keep state in different ways.
SAMPLE = [
    ("checkpointed", "word_count", "process", "kafka"),
    ("checkpointed", "click_top10", "sql", "kafka"),
    ("parallel", "word_count", "sql", "files"),
    ("rescale", "feature_join", "sql", "debezium"),
    ("restart", "log_sync", "sql", "parquet"),
]
COUNTED = """\
COUNTS = {}


def _count(word):
    COUNTS[word] = COUNTS.get(word, 0) + 1


"""
# The counts of a process function, as they are not to be kept.
IN_AN_ATTRIBUTE = (
    ('self.count = runtime_context.get_state(ValueStateDescriptor("count", Types.LONG()))', ""),
    ("self.count.update((self.count.value() or 0) + 1)", "_count(value)"),
    ("count = self.count.value()", "count = COUNTS.get(ctx.get_current_key(), 0)"),
    (
        "def _next_refresh",
        COUNTED + "def _next_refresh",
    ),
)


@pytest.mark.parametrize(("lifecycle", "name", "dialect", "binding"), SAMPLE)
def test_a_job_lives_through_it(lifecycle, name, dialect, binding, flink):
    """The answer is that of a job to which nothing was done."""
    record = run(flink, SCENARIOS[name], dialect, binding, lifecycle)

    assert "pass" == record.verdict, record.reason
    assert lifecycle == record.lifecycle


@pytest.mark.parametrize(("lifecycle", "verdict"), [("once", "pass"), ("restart", "fail")])
def test_state_that_flink_does_not_know_is_seen_by_a_restart(flink, tmp_path, lifecycle, verdict):
    """Kept in Python alone it is right as long as the job runs, and gone after that."""
    record = run(flink, forgetful(tmp_path), "process", "kafka", lifecycle)

    assert verdict == record.verdict, record.reason


def test_what_cannot_be_done_is_refused(flink):
    """A restart over files would be no restart."""
    with pytest.raises(UsageError, match="Stop cannot be done over input that has an end"):
        flink.run(
            SCENARIOS["word_count"],
            "sql",
            "streaming",
            "files",
            SCENARIOS["word_count"].sample(flink.seed, FEW),
            lifecycle=named("restart", "plain"),
        )


def run(flink, scenario, dialect, binding, lifecycle):
    """The record of a streaming cell that goes through a lifecycle."""
    form = "bounded" if binding == "files" else "timed" if scenario.timed else "plain"
    life = named(lifecycle, form)
    inputs = scenario.sample(flink.seed, FEW)
    return flink.run(scenario, dialect, "streaming", binding, inputs, lifecycle=life).record


def forgetful(folder):
    """A copy of word_count whose process function counts in a variable of its module."""
    copy = folder / "jobs" / "word_count"
    shutil.copytree(JOBS / "word_count", copy, ignore=shutil.ignore_patterns("__pycache__"))
    text = (copy / "process.py").read_text(encoding="utf-8")
    for written, instead in IN_AN_ATTRIBUTE:
        assert 1 == text.count(written)
        text = text.replace(written, instead)
    (copy / "process.py").write_text(text, encoding="utf-8")
    return load(copy)
