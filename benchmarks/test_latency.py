"""How long it takes until what comes in shows, under a load that does not wait.

    sh run.sh tox -e bench -- -k latency

A small size: `streamgauge bench --rate 1000` has the real one. What it takes to send a load, to
check the answer and to stop the job is in the time of a round, and in none of the latencies,
which are in `extra_info`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from streamgauge.cells import Filter, cells
from streamgauge.cli import options
from streamgauge.discovery import discover, load
from streamgauge.measure.latency import Latencies
from streamgauge.measure.load import refused
from streamgauge.measure.trial import Loaded
from streamgauge.tuning import LOW_LATENCY

TILLS = load(Path(__file__).parents[1] / "tests" / "scenarios" / "till_totals")
WARM_SECONDS, SECONDS = 4.0, 6.0


@pytest.mark.parametrize(
    ("name", "dialect", "rate"),
    [
        ("word_count", "sql", 500.0),
        ("word_count", "process", 200.0),
        # As fast as its event time goes.
        ("click_top10", "sql", 100.0),
        # Into MySQL.
        ("till_totals", "sql", 500.0),
    ],
)
def test_latency(benchmark, flink, monkeypatch, name, dialect, rate):
    """A run whose answer is right."""
    monkeypatch.setattr(flink.harness, "tuning", LOW_LATENCY)
    scenario = {**discover(), TILLS.id: TILLS}[name]
    every = cells([scenario], [flink.line], Filter([dialect], ["streaming"]))
    (*_, cell) = (each for each in every if not each.absent and not refused(each))
    latencies = Latencies(
        [Loaded(cell, rate)],
        lambda _, events: options.inputs(scenario, events, flink.seed),
        events=int(rate * (WARM_SECONDS + SECONDS)),
        warm=WARM_SECONDS,
    )

    def run() -> None:
        list(latencies.measured(flink.harness, []))

    benchmark.pedantic(run, rounds=1)
    (told,) = latencies.told
    assert not told.refusal, told.refusal
    benchmark.extra_info.update(told.data())
