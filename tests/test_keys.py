"""Rows told apart by another key than their sink are the same over all bindings."""

from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.testing import assert_matches


@pytest.mark.parametrize("binding", ["files", "kafka"])
def test_what_the_planner_makes_of_a_key_is_right_over_any_binding(flink, binding):
    """It knows the key, and puts in what the upserts need: none is an insert of a present row."""
    scenario = load(Path(__file__).with_name("scenarios") / "taken_seats")
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "streaming", binding, inputs)

    assert_matches(scenario.expected(inputs), outcome)
