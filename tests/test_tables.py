"""Tables that attach each in their own way, beside each other in one job."""

from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.lifecycle import restart
from streamgauge.testing import assert_matches

_FOLDER = Path(__file__).with_name("scenarios")
_NAMES = ("bought_after_clicks", "one_looked_up", "priced_by_list")
SCENARIOS = [load(_FOLDER / name) for name in _NAMES]
MORE = pytest.mark.every_question
# What the other tests have, of which each way to attach is one.
FEW = (
    ("bought_after_clicks", "streaming", "cdc"),
    ("one_looked_up", "streaming", "kafka"),
    ("priced_by_list", "batch", "kafka"),
)
AXES = [(each, mode, kind) for each in SCENARIOS for mode in each.modes for kind in each.bindings]


def axes(found, few):
    """As parameters, those that are not among the few marked."""
    names = [(scenario.id, mode, kind) for scenario, mode, kind in found]
    return [
        pytest.param(*each, marks=[] if name in few else [MORE], id="-".join(name))
        for each, name in zip(found, names)
    ]


def run(flink, scenario, mode, binding, **more):
    """The outcome, and the right answer; a line without the connector says so."""
    if binding in flink.line.absent:
        pytest.skip(flink.line.absent[binding])
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", mode, binding, inputs, **more)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.parametrize(("scenario", "mode", "binding"), axes(AXES, FEW))
def test_the_answer_comes(flink, scenario, mode, binding):
    """Whatever each of the tables lies in."""
    run(flink, scenario, mode, binding)


@pytest.mark.parametrize(
    ("scenario", "mode", "binding"),
    axes(
        [each for each in AXES if each[1] == "streaming"],
        [("priced_by_list", "streaming", "kafka")],
    ),
)
def test_the_answer_comes_after_a_restart(flink, scenario, mode, binding):
    """What a job has read to its end it does not read again."""
    run(flink, scenario, mode, binding, lifecycle=restart("plain"))
