"""A program of one's own is timed like any other cell, and compared with another dialect.

The first by `sh run.sh tox -e bench`, the other by `sh run.sh tox -e long`.
Here it is about the program: whoever else is at work beside does not matter.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from streamgauge.cells import ended, make_cell
from streamgauge.cli import options
from streamgauge.discovery import load
from streamgauge.measure.pairs import LEAST, Limits, Pair
from streamgauge.measure.side import Side
from streamgauge.measure.throughput import Bench
from tests.unit.timed import Steady

SCORED = load(Path(__file__).parents[1] / "tests" / "scenarios" / "scored")
EVENTS = 2_000


def _side(flink, dialect: str) -> Side:
    return Side(dialect, ended(make_cell(SCORED, dialect, "streaming", "files", flink.line)))


def test_a_program_has_a_rate(flink) -> None:
    """Rounds of it are checked, and are as many as was asked for."""

    def made(_: Side, events: int) -> tuple:
        return options.inputs(SCORED, events, flink.seed)

    bench = Bench([_side(flink, "job")], made, 2, EVENTS, Steady().watch)
    verdicts = {outcome.record.verdict for outcome in bench.measured(flink.harness, [])}
    (told,) = bench.told

    assert (verdicts, told.refusal) == ({"pass"}, "")
    assert (2, EVENTS) == (len(told.rounds), told.events)
    assert told.rate > 0


@pytest.mark.long
def test_a_program_is_compared(flink) -> None:
    """A ratio, or that the machine is too noisy for one; and how the plans differ."""

    def made(events: int) -> tuple:
        return options.inputs(SCORED, events, flink.seed)

    sides = _side(flink, "sql"), _side(flink, "job")
    pair = Pair(sides, made, EVENTS, Limits(LEAST, 600), Steady().watch)
    verdicts = {outcome.record.verdict for outcome in pair.compared(flink.harness, [])}

    assert {"pass"} == verdicts
    assert not pair.told.refusal or "the machine is too noisy" in pair.told.refusal
    assert bool(pair.told.ratios) != bool(pair.told.refusal)
    assert any("PythonCalc" in step for step in pair.told.plan)
