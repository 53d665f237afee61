"""Rows of Avro in and out of Kafka: every type that it has, and its timestamps."""

from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.testing import assert_matches

SCENARIOS = [
    load(Path(__file__).with_name("scenarios") / name)
    for name in ("avro_types", "avro_times", "avro_micros")
]
MORE = pytest.mark.every_question


@pytest.mark.parametrize("mode", [pytest.param("batch", marks=MORE), "streaming"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=[each.id for each in SCENARIOS])
def test_rows_of_avro(flink, scenario, mode):
    """Read as they are, and written as they are."""
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", mode, "kafka", inputs)

    assert_matches(scenario.expected(inputs), outcome)
