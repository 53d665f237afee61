"""A cell may run several times: each has a record of its own, and the table one row."""

from dataclasses import replace

import pytest
from rich.console import Console

from streamgauge.bindings import KINDS
from streamgauge.cells import make_cell
from streamgauge.lifecycle import once
from streamgauge.records import GIVEN, Record
from streamgauge.report.terminal import summary
from streamgauge.report.verdict_table import verdict_table
from streamgauge.run import Run, run_cells
from streamgauge.values.inputs import Inputs
from tests.unit.world import COPIED, LINE, ROWS, World, copying

COPY = Record("copy", 1, "sql", "batch", "files", "1.20.5", "pass", seconds={"job": 0.5})
WORSE = replace(COPY, verdict="fail", rows_out=7, seconds={"job": 1.0})


@pytest.fixture
def outcomes(tmp_path, monkeypatch):
    """Of a cell that is run twice in a world, where that breaks in this way, if at all."""

    def run(*, broken=False):
        world = World(tmp_path, COPIED)
        if broken:
            monkeypatch.setattr(world, "create", lambda: 1 / 0)
        monkeypatch.setitem(KINDS, "kafka", world.kind())
        cell = make_cell(copying(), "sql", "batch", "kafka", LINE)
        first = Run(cell, Inputs.of({"events": ROWS}), GIVEN, once(cell.form))
        return [outcome.record for outcome in run_cells(world, [first, replace(first, number=2)])]

    return run


def test_each_time_has_its_number(outcomes):
    """And its own verdict."""
    assert [(1, "pass"), (2, "pass")] == [(r.number, r.verdict) for r in outcomes()]


def test_each_time_has_its_trace(outcomes, tmp_path):
    """The second does not write over the first."""
    outcomes(broken=True)

    assert 2 == len(list(tmp_path.glob("*.trace")))


def shown(*records):
    console = Console(width=80)
    with console.capture() as capture:
        console.print(*verdict_table(console, records), sep="\n")
    return [" ".join(line.split()) for line in capture.get().splitlines()]


def test_spread_of_a_cell_is_a_row():
    """Its verdicts counted, its figures from the least to the greatest."""
    again = [replace(COPY, number=2), replace(WORSE, number=3)]

    assert "2 pass, 1 fail 0 0-7 0.50-1.00" == shown(COPY, *again)[-1]


def test_cell_of_several_tests_has_a_row_each():
    """The same cell over other inputs begins anew."""
    assert ["pass 0 0 0.50", "fail 0 7 1.00"] == shown(COPY, WORSE)[-2:]


def test_runs_are_counted():
    """Where no cell runs again, these are the cells."""
    assert "1 cells: 1 pass" == summary([COPY])
    assert "2 runs: 1 pass, 1 fail" == summary([COPY, replace(WORSE, number=2)])
    assert "6 runs: 1 pass, 5 not run" == summary([COPY], 6, again=True)
