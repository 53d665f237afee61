"""A program of a user's own is run as it is, with the run's tables under it."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.lifecycle import named
from streamgauge.scenario import Script
from streamgauge.testing import assert_matches

SCORED = load(Path(__file__).with_name("scenarios") / "scored")
# What each of these ends with, and what is said of it.
ENDS = {
    "pass": "ends after 0 jobs, not one",
    "try:\n    raise OSError\nexcept OSError:\n    pass": "ends after 0 jobs, not one",
    "raise SystemExit(3)": "exits with 3",
    "open('nowhere')": "nowhere",
}


@pytest.mark.parametrize(("mode", "binding"), [("batch", "files"), ("streaming", "kafka")])
def test_a_program_gives_the_right_answer(flink, mode, binding):
    """Over files and over topics, whatever its own tables were attached to."""
    inputs = SCORED.sample(flink.seed)

    outcome = flink.run(SCORED, "job", mode, binding, inputs)

    assert_matches(SCORED.expected(inputs, mode), outcome)


def test_a_program_goes_on_from_a_savepoint(flink):
    """Stopped and started again, it has not forgotten what it counted."""
    inputs = SCORED.sample(flink.seed)

    outcome = flink.run(
        SCORED, "job", "streaming", "kafka", inputs, lifecycle=named("restart", "plain")
    )

    assert_matches(SCORED.expected(inputs), outcome)


def test_a_wrong_program_fails(flink):
    """Its arguments reach it, and its answer is looked at."""
    wrong = replace(SCORED, job=replace(SCORED.job, arguments=("--least", "3")))

    record = flink.run(wrong, "job", "batch", "files", SCORED.sample(flink.seed)).record

    assert "fail" == record.verdict, record.reason


@pytest.mark.parametrize("text", ENDS)
def test_a_program_without_a_job_is_unknown(flink, tmp_path, text):
    """It has given no answer, even where it says nothing and exits with 0."""
    (tmp_path / "etl.py").write_text(f"{text}\n")
    ended = replace(SCORED, job=Script("etl.py"), folder=tmp_path)

    record = flink.run(ended, "job", "batch", "files", SCORED.sample(flink.seed)).record

    assert "unknown" == record.verdict
    assert ENDS[text] in record.reason
    assert 1 == len(record.reason.splitlines())
