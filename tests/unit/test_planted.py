"""What is planted fits the dialects of its scenario."""

import pytest

from streamgauge.discovery import discover
from streamgauge.planted import planted

SCENARIOS = discover()
PLANTED = {name: planted(scenario) for name, scenario in SCENARIOS.items()}
ERRORS = [
    pytest.param(name, error, id=f"{name}-{dialect}-{error.kind}")
    for name, each in PLANTED.items()
    for dialect in each.errors
    for error in each.of(dialect)
]


@pytest.mark.parametrize(("name", "error"), ERRORS)
def test_the_text_is_there_once(name, error):
    """What an error replaces stands in its file, once, and is not what replaces it."""
    text = (SCENARIOS[name].folder / error.file).read_text(encoding="utf-8")

    assert 1 == text.count(error.written)
    assert error.written != error.instead


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        pytest.param(name, lost, id=f"{name}-{dialect}-{lost.kind}")
        for name, each in PLANTED.items()
        for dialect in each.lost
        for lost in each.lost[dialect]
    ],
)
def test_what_is_lost_is_there_once(name, lost):
    """Each change's text too, and the sinks are the scenario's."""
    text = (SCENARIOS[name].folder / lost.file).read_text(encoding="utf-8")

    assert [1] * len(lost.changes) == [text.count(written) for written, _ in lost.changes]
    assert set(lost.sinks) <= set(SCENARIOS[name].sink_names)


@pytest.mark.parametrize(
    ("name", "slower"),
    [
        pytest.param(name, slower, id=f"{name}-{dialect}-{slower.kind}")
        for name, each in PLANTED.items()
        for dialect in each.slower
        for slower in each.slower_of(dialect)
    ],
)
def test_what_is_slower_is_there_once(name, slower):
    """And does what it did before, beside more."""
    text = (SCENARIOS[name].folder / slower.file).read_text(encoding="utf-8")

    assert 1 == text.count(slower.written)
    assert slower.written != slower.instead


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_dialect_has_three(name):
    """At least three different errors for each dialect."""
    assert set(SCENARIOS[name].dialects) == set(PLANTED[name].errors)
    assert all(len(set(PLANTED[name].of(dialect))) >= 3 for dialect in SCENARIOS[name].dialects)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_oracle_takes_the_inputs(name):
    """Every sink gets rows, so that each can show an error; the cell is one of the scenario's."""
    scenario, cell = SCENARIOS[name], PLANTED[name].cell
    inputs = scenario.checked(PLANTED[name].inputs("sql"))

    assert all(scenario.expected(inputs, cell.mode).values())
    assert cell.mode in scenario.modes
    assert cell.binding in scenario.bindings
