"""The table of planted errors fits the dialects that it names."""

from collections import Counter

import pytest

from streamgauge.discovery import discover
from tests.planted import CELLS, errors
from tests.planted_inputs import inputs

SCENARIOS = discover()


@pytest.mark.parametrize("error", errors(), ids=str)
def test_the_text_is_there_once(error):
    """What an error replaces stands in its file, once, and is not what replaces it."""
    text = (SCENARIOS[error.scenario].folder / error.file).read_text(encoding="utf-8")

    assert 1 == text.count(error.written)
    assert error.written != error.instead


def test_every_dialect_has_three():
    """At least three different errors for each dialect of each scenario."""
    planted = Counter(error[:2] for error in set(errors()))
    dialects = {(scenario.id, d) for scenario in SCENARIOS.values() for d in scenario.dialects}

    assert dialects == set(planted)
    assert min(planted.values()) >= 3


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.id)
def test_the_oracle_takes_the_inputs(scenario):
    """Every sink gets rows, so that each can show an error; the cell is one of the scenario's."""
    cell = CELLS[scenario.id]

    assert all(scenario.expected(inputs(scenario.id, "sql"), cell.mode).values())
    assert cell.mode in scenario.modes
    assert cell.binding in scenario.bindings
