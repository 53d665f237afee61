"""What comes into a topic when its job goes back to a savepoint: once, twice, or not at all."""

from pathlib import Path

import pytest

from streamgauge.attachments import listener
from streamgauge.cells import delivered, make_cell
from streamgauge.discovery import discover, load
from streamgauge.lifecycle import restart
from streamgauge.run import run_cell
from tests.taking import TakeOut, back

READINGS = load(Path(__file__).with_name("scenarios") / "readings")
WORDS = discover()["word_count"]


@pytest.fixture
def record_of(flink):
    """The record of a cell that delivers so."""

    def record_of(delivery, lifecycle, scenario=READINGS):
        cell = delivered(make_cell(scenario, "sql", "streaming", "kafka", flink.line), delivery)
        inputs = scenario.sample(flink.seed, 60)
        return run_cell(flink.harness, cell, inputs, lifecycle=lifecycle).record

    return record_of


def test_what_is_pending_in_a_savepoint_is_committed(record_of):
    """Nothing of it was to be seen before; what came after it is undone, and done again."""
    record = record_of("exactly-once", back("so far"))

    assert ("pass", "exactly-once") == (record.verdict, record.delivery), record.reason


@pytest.mark.every_state
def test_what_is_pending_is_in_the_savepoint(record_of):
    """Without it rows are missing."""
    record = record_of("exactly-once", back("so far", TakeOut((("doubled", "Committer"),))))

    assert "fail" == record.verdict, record.reason
    assert "missing" in record.reason


def test_rows_come_twice_at_least_once(record_of):
    """Planted: what was read after the savepoint stays, and comes again."""
    record = record_of("at-least-once", back("equal"))

    assert "fail" == record.verdict, record.reason
    assert "extra 15: " in record.reason


def test_rows_that_were_given_up_are_not_read(record_of, monkeypatch):
    """Planted: a reader who takes what is not committed sees them twice."""
    monkeypatch.setitem(listener._COMMITTED, "isolation.level", "read_uncommitted")
    record = record_of("exactly-once", back("equal"))

    assert "fail" == record.verdict, record.reason
    assert "extra 15: " in record.reason


def test_upserts_may_be_transactions(record_of):
    """Stopped and restored."""
    record = record_of("exactly-once", restart("plain"), WORDS)

    assert "pass" == record.verdict, record.reason
