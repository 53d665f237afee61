"""A partition without rows holds event time back until it is known to be idle."""

import pytest

from streamgauge import tuning
from streamgauge.discovery import discover
from streamgauge.lifecycle import named

SCENARIO = discover()["click_top10"]
FEW = 300


@pytest.mark.parametrize("dialect", SCENARIO.dialects)
def test_empty_partition_does_not_hold_the_ranking_back(dialect, flink):
    """All ranks that are due come while the job runs, though only one partition has clicks."""
    record, rows, *_ = run(flink, dialect)

    assert "pass" == record.verdict, record.reason
    assert rows["last_minute"]
    assert rows["this_minute"]


def test_empty_partition_would_hold_the_ranking_back(flink, monkeypatch):
    """Were it not for the timeout: no rank would come, and that would be told."""
    monkeypatch.setattr(tuning, "_IDLE", {})
    monkeypatch.setattr(flink.harness, "patience", 12)

    record, rows, *_ = run(flink, "sql")

    assert ("fail", ()) == (record.verdict, rows["last_minute"])
    assert record.reason.startswith("while the job runs, last_minute: missing ")


def run(flink, dialect):
    """Run a dialect over a topic of two partitions, of which one stays empty."""
    inputs = SCENARIO.sample(flink.seed, FEW)
    life = named("idle", "timed")
    return flink.run(SCENARIO, dialect, "streaming", "kafka", inputs, lifecycle=life)
