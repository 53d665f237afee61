"""A plain run restarts what can be restarted, at another parallelism where that can be."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from streamgauge import versions
from streamgauge.cells import make_cell
from streamgauge.discovery import discover
from streamgauge.divergence import Divergence
from streamgauge.lifecycle import Shape
from streamgauge.records import GIVEN
from streamgauge.scenario import CUT
from streamgauge.thorough import Asked, chosen
from streamgauge.values.inputs import Inputs
from tests.unit.world import LINE, NOON, ROWS, copying

CHECKOUT = Path(__file__).resolve().parents[2]
INPUTS = Inputs.of({"events": ROWS})
WRONG = Divergence("fail", "FLINK-1", date(9999, 1, 1), cause="missing", lifecycles=("rescale",))


PLAIN = Asked()
# Of four rows two are before the cut.
LATE_AT_ONCE, LATE_BY_THE_FIRST_HALF = (
    [(NOON + timedelta(seconds=at), at) for at in seconds]
    for seconds in ((1, 0, 2, 3), (0, 2, 1, 3))
)


def through(asked=PLAIN, mode="streaming", inputs=INPUTS, slots=4, time=None, **more):
    """Lifecycle and parallelism of a run, and why it is absent."""
    scenario = replace(copying(time=time), **more)
    run = chosen(make_cell(scenario, "sql", mode, "kafka", LINE), inputs, GIVEN, "", asked, slots)
    return run.lifecycle.name, run.lifecycle.parallelism, run.cell.absent


def test_input_without_an_end_is_rescaled():
    """Other input has no middle to be stopped in."""
    assert ("rescale", 2, None) == through()
    assert ("once", 1, None) == through(mode="batch")


@pytest.mark.parametrize(
    ("less", "told"),
    [
        ({"slots": 1}, "restart"),
        ({"absent": {"rescale": "by the order of rows"}}, "restart"),
        ({"divergences": (WRONG,)}, "restart"),
        ({"divergences": (replace(WRONG, lifecycles=("restart", "rescale")),)}, "once"),
        ({"divergences": (replace(WRONG, lines="2.3"),)}, "rescale"),
        ({"inputs": Inputs.of({"events": LATE_AT_ONCE}), "time": "at"}, "restart"),
        ({"inputs": Inputs.of({"events": LATE_BY_THE_FIRST_HALF}), "time": "at"}, "once"),
    ],
)
def test_what_does_not_allow_it_gets_the_next_best(less, told):
    """Slots, the scenario, what is known to be wrong, and rows that come late."""
    assert told == through(**less)[0]


def test_rows_by_hand_keep_their_order():
    """Over two partitions there is none."""
    sources = tuple(replace(each, generate=None, rows=ROWS) for each in copying().sources)

    assert ("restart", 1, None) == through(sources=sources)


def test_what_is_due_among_rows_by_hand_is_looked_at():
    """By a restart, unless a row is late by what was read before that."""
    scenario = discover(CHECKOUT / "tests" / "scenarios" / "watermarked.py")["watermarked"]
    arrivals = [each for each in scenario.arrivals if each is not CUT]
    later = replace(scenario, arrivals=[*arrivals[:7], CUT, *arrivals[7:]])

    assert ["once", "restart"] == [
        run.lifecycle.name for run in map(watermarked, (scenario, later)) if not run.cell.absent
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("rescale", "a Watermark among arrivals is of rows in one partition, and here are 3"),
        ("idle", "a Watermark among arrivals is of rows in one partition, and here are 2"),
        ("native", "does not look at each Watermark among arrivals"),
    ],
)
def test_a_lifecycle_that_does_not_look_is_told(name, told):
    """Nothing passes because it was not looked at."""
    scenario = discover(CHECKOUT / "tests" / "scenarios" / "watermarked.py")["watermarked"]

    assert f"{name}: {told}" == watermarked(scenario, Asked(name)).cell.absent


def watermarked(scenario, asked=PLAIN):
    """A run of it."""
    cell = make_cell(scenario, "sql", "streaming", "kafka", versions.line("1.20"))
    return chosen(cell, scenario.sample(0), GIVEN, "", asked)


def test_what_is_asked_for_is_not_made_easier():
    """A lifecycle that cannot be is absent; a shape goes with whatever is chosen."""
    assert "cannot be done" in through(Asked("restart"), mode="batch")[2]
    assert ("restart", 3, None) == through(Asked(shape=Shape(parallelism=3)))
    assert "comes whole" in through(Asked(shape=Shape(cut=0.2)), mode="batch")[2]
