"""Avro with a schema registry: one of this run's own, and somebody else's."""

import json
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.lifecycle import restart
from streamgauge.services import registry
from streamgauge.testing import assert_matches

pytestmark = pytest.mark.every_question
SCENARIO = load(Path(__file__).with_name("scenarios") / "in_registry")


@pytest.mark.parametrize("mode", ["batch", "streaming"])
def test_rows_by_schemas_of_a_registry(flink, mode):
    """Read by the schema that we registered, and written by the one that Flink did."""
    inputs = SCENARIO.sample(flink.seed)

    outcome = flink.run(SCENARIO, "sql", mode, "kafka", inputs)

    assert_matches(SCENARIO.expected(inputs), outcome)
    assert [] == registry.subjects(flink.harness.service("registry").endpoint)


def test_rows_by_schemas_of_a_registry_after_a_restart(flink):
    """The registry itself is started again as well before that."""
    inputs = SCENARIO.sample(flink.seed)
    flink.harness.services(["registry"])
    flink.harness.service("registry").restart()

    outcome = flink.run(
        SCENARIO, "sql", "streaming", "kafka", inputs, lifecycle=restart("plain", 2 / 3)
    )

    assert_matches(SCENARIO.expected(inputs), outcome)


def test_registry_of_somebody_else_s(cli, flink, monkeypatch):
    """By its address; nothing of the run is left in it."""
    address = flink.harness.services(["registry"])["registry"]
    told = f"http://{address}?path=/apis/ccompat/v7"
    monkeypatch.setenv("STREAMGAUGE_REGISTRY", told)
    axes = ("--dialect", "sql", "--mode", "streaming", "--flink", flink.line.name)

    provider = ("--provider", "external", "--json", "told.json")
    code, output = cli.run("run", str(SCENARIO.folder), *axes, *provider)

    assert code == 0, output
    (record,) = json.loads((cli.folder / "told.json").read_text())
    assert ("pass", "external, local") == (record["verdict"], record["provider"])
    assert [] == registry.subjects(address)
