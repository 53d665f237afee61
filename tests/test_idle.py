"""A partition without rows holds event time back until it is known to be idle."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.discovery import discover, load
from streamgauge.lifecycle import named, once
from streamgauge.testing import assert_matches

SCENARIO = discover()["click_top10"]
_FOLDER = Path(__file__).with_name("scenarios")
HALF_EMPTY, ALIGNED = load(_FOLDER / "half_empty"), load(_FOLDER / "aligned.py")
NEVER = {"table.exec.source.idle-timeout": "0 ms"}
FEW = 300


@pytest.mark.parametrize("dialect", SCENARIO.dialects)
def test_empty_partition_does_not_hold_the_ranking_back(dialect, flink):
    """All ranks that are due come while the job runs, though only one partition has clicks."""
    record, rows, *_ = run(flink, dialect)

    assert "pass" == record.verdict, record.reason
    assert rows["last_minute"]
    assert rows["this_minute"]


@pytest.mark.parametrize("dialect", [pytest.param("table", marks=pytest.mark.every_zone), "sql"])
def test_a_source_says_when_its_partitions_are_idle(dialect, flink):
    """Half a second: windows are over while the job runs."""
    record, rows, *_ = run(flink, dialect, HALF_EMPTY)

    assert "pass" == record.verdict, record.reason
    assert 3 == len(rows["counts"])


def test_empty_partition_would_hold_all_windows_back(flink, monkeypatch):
    """Where none is ever idle: no window would be over, and that is told."""
    monkeypatch.setattr(flink.harness, "patience", 12)
    (hits,) = HALF_EMPTY.sources
    never = replace(HALF_EMPTY, sources=(replace(hits, idle=None),), settings=NEVER)

    record, rows, *_ = run(flink, "sql", never)

    assert ("fail", ()) == (record.verdict, rows["counts"])
    assert record.reason.startswith("while the job runs, counts: missing 3: ")


@pytest.mark.every_zone
@pytest.mark.parametrize("name", ["once", "restart"])
def test_the_end_of_event_time_comes_where_partitions_were_idle(flink, name):
    """With the last window."""
    inputs = HALF_EMPTY.sample(flink.seed)

    outcome = flink.run(
        HALF_EMPTY, "sql", "streaming", "kafka", inputs, lifecycle=named(name, "timed")
    )

    assert_matches(HALF_EMPTY.expected(inputs), outcome)


@pytest.mark.every_zone
def test_aligned_sources_wait_for_each_other(flink):
    """And go on when the other one does."""
    assert_matches(ALIGNED.expected(ALIGNED.sample(0)), aligned(flink, ALIGNED))


@pytest.mark.every_zone
def test_a_source_that_is_far_ahead_is_not_read_on(flink, monkeypatch):
    """By alignment alone: its last row is never read, since the other source has no more."""
    if flink.line.name == "2.3":
        pytest.xfail("2.3 holds a source back three intervals later: both rows are read by then")
    monkeypatch.setattr(flink.harness, "patience", 12)
    (hits,) = ALIGNED.sinks
    sources = tuple(replace(source, rows=None) for source in ALIGNED.sources)
    behind = {"arrivals": ALIGNED.arrivals[:-1], "sinks": (replace(hits, rows=hits.rows[:-1]),)}
    alone = tuple(replace(source, alignment=None) for source in sources)

    waits = aligned(flink, replace(ALIGNED, sources=sources, **behind)).record
    reads = aligned(flink, replace(ALIGNED, sources=alone, **behind)).record

    assert "the job has not read all its input" in waits.reason
    assert ("unknown", "pass") == (waits.verdict, reads.verdict), reads.reason


def aligned(flink, scenario):
    """Four rows before the job starts, the others when they have come out."""
    inputs = scenario.sample(flink.seed)
    life = once("timed", 4 / len(inputs.entries))
    return flink.run(scenario, "sql", "streaming", "kafka", inputs, lifecycle=life)


def run(flink, dialect, scenario=SCENARIO):
    """Run a dialect over a topic of two partitions, of which one stays empty."""
    rows = None if scenario.by_hand else FEW
    inputs = scenario.sample(flink.seed, rows)
    life = named("idle", "timed")
    return flink.run(scenario, dialect, "streaming", "kafka", inputs, lifecycle=life)
