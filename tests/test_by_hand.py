"""Public questions of a few rows: the rows and the right answer by hand, and the SQL."""

from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.lifecycle import restart
from streamgauge.testing import assert_matches

_FOLDER = Path(__file__).with_name("scenarios")
_NAMES = ("greatest_of_three", "five_minutes_apart", "tumbled_twice")
SCENARIOS = [load(_FOLDER / name) for name in _NAMES]
CELLS = [(each, mode, kind) for each in SCENARIOS for mode in each.modes for kind in each.bindings]
IDS = [f"{each.id}-{mode}-{kind}" for each, mode, kind in CELLS]


@pytest.mark.parametrize(("scenario", "mode", "binding"), CELLS, ids=IDS)
def test_the_answer_by_hand_comes(flink, scenario, mode, binding):
    """Not what Flink printed once, but what the question's author worked out."""
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", mode, binding, inputs)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=_NAMES)
def test_the_answer_by_hand_comes_after_a_restart(flink, scenario):
    """Stopped with a savepoint after half of the rows, to which no answer is known."""
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "streaming", "kafka", inputs, lifecycle=restart("timed"))

    assert_matches(scenario.expected(inputs), outcome)
