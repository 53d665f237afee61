"""How many events a second a cell takes, with what it uses; a wrong answer has no time.

    sh run.sh tox -e bench -- -k throughput

A small size: `streamgauge bench` has the real one.
"""

from __future__ import annotations

import pytest

from streamgauge.cells import Filter, cells, ended
from streamgauge.cli import options
from streamgauge.discovery import discover
from streamgauge.measure.side import Side
from streamgauge.measure.throughput import Bench

# Some seconds of a job in the slowest dialect.
EVENTS = {"word_count": 5_000, "click_top10": 1_000}
ROUNDS = 3


@pytest.mark.parametrize("dialect", ["sql", "table", "datastream", "process"])
@pytest.mark.parametrize("name", EVENTS)
def test_throughput(benchmark, flink, name, dialect):
    """Rounds after two that warm up; each is checked when its time is known."""
    scenario = discover()[name]
    every = map(ended, cells([scenario], [flink.line], Filter([dialect], ["streaming"])))
    (cell, *_) = (cell for cell in every if not cell.absent)
    bench = Bench(
        [Side(cell.id, cell)],
        lambda _, events: options.inputs(scenario, events, flink.seed),
        ROUNDS,
        EVENTS[name],
    )
    outcomes = bench.measured(flink.harness, [])

    def round_() -> None:
        next(outcomes)

    benchmark.pedantic(round_, rounds=ROUNDS, warmup_rounds=2)
    for _ in outcomes:
        pass
    (told,) = bench.told
    assert not told.refusal, told.refusal
    benchmark.extra_info.update(told.data())
