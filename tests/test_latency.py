"""Cells under load on Flink, whose latencies are those of their rows."""

from pathlib import Path

import pytest

from streamgauge.attachments.place import AT_LEAST_ONCE, DELIVERIES
from streamgauge.cells import delivered, make_cell
from streamgauge.discovery import discover, load
from streamgauge.measure import lag, machine, sustainable
from streamgauge.measure.latency import Latencies
from streamgauge.measure.pairs import Watch
from streamgauge.measure.sustainable import Sustainable
from streamgauge.measure.trial import Loaded
from streamgauge.records import Origin
from streamgauge.tuning import LOW_LATENCY

WORDS, CLICKS = (discover()[name] for name in ("word_count", "click_top10"))
TILLS = load(Path(__file__).with_name("scenarios") / "till_totals")
RATE, SECONDS, WARM = 100.0, 4.0, 1.0
# What else runs on the machine makes numbers that nobody believes, but none that are wrong.
IDLE = Watch(usage=lambda _: machine.Usage(0.0, 0.0, 0.0, 0.0))


@pytest.fixture
def loaded(flink, monkeypatch):
    """A cell under load, and what makes its inputs."""
    monkeypatch.setattr(flink.harness, "tuning", LOW_LATENCY)

    def loaded(scenario, binding="kafka", delivery=AT_LEAST_ONCE):
        cell = make_cell(scenario, "sql", "streaming", binding, flink.line)
        return Loaded(delivered(cell, delivery), RATE)

    return loaded


def made(loaded, events):
    return loaded.cell.scenario.sample(5, events), Origin("generated", 5), ""


@pytest.fixture
def told(flink, loaded):
    """What is told of such a cell; there is a number."""

    def told(*cell):
        latencies = Latencies([loaded(*cell)], made, int(RATE * (WARM + SECONDS)), IDLE, warm=WARM)
        list(latencies.measured(flink.harness, []))
        (found,) = latencies.told
        assert "" == found.refusal
        return found

    return told


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_each_word_has_a_latency(told, delivery):
    """As many as lead to an update; none came before it was due."""
    found = told(WORDS, "kafka", delivery)
    spread = found.spreads["counts"]

    assert 0 < spread.count <= RATE * SECONDS == found.entries
    # Whole milliseconds are all that the broker tells.
    assert spread.least >= -0.001
    assert 0 == found.unseen


def test_rows_in_mysql_have_latencies(told):
    """By the commits in its binlog, which tells microseconds."""
    spread = told(TILLS, "parquet").spreads["totals"]

    assert spread.least > 0
    assert spread.count == RATE * SECONDS


def test_what_is_told_by_event_time_is_as_old_as_its_newest_click(told):
    """A refresh waits for the disorder, half a second, and then comes each tenth of one."""
    spreads = told(CLICKS).spreads

    age, jitter = (spreads[f"last_minute: {what}"] for what in ("age", "jitter"))
    assert age.least >= 0.49
    assert age.count - 1 == jitter.count > SECONDS


def test_lag_is_looked_at_while_the_load_goes_on(flink, loaded, monkeypatch):
    """Of a job that takes all; one trial is enough to see it."""
    monkeypatch.setattr(sustainable, "SECONDS", 8.0)
    monkeypatch.setattr(sustainable, "WARM_SECONDS", 2.0)
    monkeypatch.setattr(sustainable, "MOST", RATE)
    seen = []
    slope = lag.slope
    monkeypatch.setattr(lag, "slope", lambda samples: seen.extend(samples) or slope(samples))
    trials = Sustainable([loaded(WORDS)], made, IDLE)
    list(trials.measured(flink.harness, []))
    (told,) = trials.told

    assert ("", RATE, False) == (told.refusal, told.rate, told.is_limit)
    # What came in the half second since the last checkpoint, at least now and then.
    assert 0 < max(behind for _, behind in seen) <= 8 * RATE
