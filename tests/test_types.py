"""Values of a type are the same over all bindings."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.testing import assert_matches

SCENARIO = Path(__file__).with_name("scenarios") / "readings"


@pytest.mark.parametrize("binding", ["files", "kafka", "cdc", "debezium"])
def test_numbers_of_32_bits(flink, binding):
    """To the last digit, but where MySQL writes six of them; there within the tolerance."""
    if binding in flink.line.absent:
        pytest.skip(flink.line.absent[binding])
    scenario = load(SCENARIO)
    if binding in ("files", "kafka"):
        (sink,) = scenario.sinks
        scenario = replace(scenario, sinks=(replace(sink, tolerance={}),))
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "streaming", binding, inputs)

    assert_matches(scenario.expected(inputs), outcome)
