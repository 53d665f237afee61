"""The corners of our scenarios: what is late, and what is more than 16 bits hold."""

import pytest

from streamgauge import corners, versions
from streamgauge.cells import cells
from streamgauge.discovery import discover
from streamgauge.testing import assert_matches

SCENARIOS = discover()
RUNS = [
    pytest.param(
        run.cell,
        id=run.cell.id,
        marks=[pytest.mark.every_hostile]
        if run.cell.corner == "many" and run.cell.dialect != "sql"
        else [],
    )
    for run in corners.runs(cells(SCENARIOS.values(), versions.chosen(None)), 0)
]


@pytest.mark.parametrize("cell", RUNS)
def test_corners_are_answered(cell, flink, monkeypatch):
    """As the oracle says, in the cell that a plain run has for them."""
    # A bundle a row, which lateness asks for, is a bundle a timer too: a thousand of them.
    monkeypatch.setattr(flink.harness, "patience", 240)
    inputs = corners.inputs(cell.scenario, cell.corner, flink.seed)

    outcome = flink.run(cell.scenario, cell.dialect, cell.mode, cell.binding, inputs)

    assert_matches(cell.scenario.expected(inputs, cell.mode), outcome)
