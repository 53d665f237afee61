"""Timers of processing time are in the savepoint: what they are to tell comes after the restore."""

from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.lifecycle import Feed, Lifecycle, Start, Stop, Verify
from streamgauge.measure.meter import Look
from tests.taking import TakeOut

REMINDERS = load(Path(__file__).with_name("scenarios") / "reminders")
# Longer than from a row to the savepoint; shorter than a job has to stand still to be given up.
LATER_MS = 4000
# On a machine on which it took longer than that it is tried again.
TIMES = 3


def names(performance):
    """Who was told by now."""
    return [change.row[0] for change in performance.stage.look()["told"]]


def restored(flink, *taken):
    """The record of a restart while timers are pending, who was told before, and who was not."""
    inputs = {"asked": [("later", LATER_MS), ("at once", 0)]}
    for _ in range(TIMES):
        told = []
        look = Look(lambda performance, told=told: told.extend(names(performance)))
        begun = Feed(0.5), Start(), Verify("so far"), Stop(), look, *taken
        actions = (*begun, Start(), Feed(1), Verify("equal"), Stop(), Verify("equal"))
        life = Lifecycle("restart", actions)
        done = flink.run(REMINDERS, "process", "streaming", "kafka", inputs, lifecycle=life)
        if "later" not in told:
            return done.record
    pytest.fail(f"each of {TIMES} times a timer of {LATER_MS} ms rang before the savepoint")


def test_timer_that_is_pending_rings_after_the_restore(flink):
    """Nothing but the savepoint knows of it."""
    record = restored(flink)

    assert "pass" == record.verdict, record.reason


@pytest.mark.every_state
def test_timer_that_is_taken_out_is_missed(flink):
    """All else is right."""
    record = restored(flink, TakeOut((("told", "KEYED PROCESS"),)))

    assert ("fail", "told: missing 1: ('later',)") == (record.verdict, record.reason)
