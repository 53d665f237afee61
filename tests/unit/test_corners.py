"""Rows that one cell of each dialect is run over beside the usual ones."""

from dataclasses import replace

import pytest

from streamgauge import corners
from streamgauge.cells import cells
from streamgauge.discovery import discover
from streamgauge.errors import ScenarioError
from streamgauge.versions import chosen
from tests.unit.world import LINE, NOON, ROWS, copying

LATE = [(NOON, 7)]
SQL_ALONE = dict.fromkeys(("table", "datastream", "process"), "no")


def cornered(make, **more):
    """A scenario whose source has the corner `late`."""
    scenario = copying(**more)
    (source,) = scenario.sources
    made = replace(source, generate=lambda *_: ROWS[:1], corners={"late": make})
    return replace(scenario, sources=(made,), absent=SQL_ALONE)


def asked(scenario, seed=0):
    """The runs of its corners."""
    return corners.runs(cells([scenario], [LINE]), seed)


def test_each_dialect_is_asked_in_its_first_cell_that_has_an_end():
    """In batch where there is one; what is absent is not asked."""
    scenario = cornered(lambda _: LATE)
    batch, endless = asked(scenario), asked(replace(scenario, modes=("streaming",)))

    assert {"batch"} == {run.cell.mode for run in batch}
    assert ["sql"] == [run.cell.dialect for run in batch]
    assert ["streaming"] == [run.cell.mode for run in endless]


def test_others_are_not_asked():
    """What is dear in the first cell may be dearer in another one that somebody asks for."""
    every = cells([cornered(lambda _: LATE)], [LINE])

    assert [] == corners.runs([cell for cell in every if cell.mode == "streaming"], 0)


def test_rows_are_those_of_the_corner():
    """By the seed, once, under a name of their own; other sources have the usual ones."""
    (run,) = asked(cornered(lambda seed: [(NOON, seed)]), seed=3)

    assert [(NOON, 3)] == list(run.inputs["events"])
    assert ("once", "late", 3) == (run.lifecycle.name, run.cell.corner, run.origin.seed)
    assert "copy-sql-batch-kafka-late-9.0" == run.cell.id


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(NOON,)], "row 0"),
        (7, "corner late of source events: gives a int, not a list"),
    ],
)
def test_rows_that_do_not_fit_are_told(rows, told):
    """By the run, as those of a generator are."""
    (run,) = asked(cornered(lambda _: rows))

    assert told in run.broken


def test_rows_by_hand_have_no_corner():
    """They are all that there is."""
    (source,) = copying().sources
    with pytest.raises(ScenarioError, match="source events: rows by hand have no corner late"):
        replace(source, generate=None, rows=ROWS, corners={"late": lambda _: LATE})


@pytest.mark.parametrize("seed", range(5))
def test_ours_have_what_they_are_for(seed):
    """Rows that are late, by nothing too; and a count past what 16 bits hold."""
    scenarios = discover()
    runs = corners.runs(cells(scenarios.values(), chosen(["1.20"])), seed)
    answers = {
        (run.cell.scenario.id, run.cell.corner): run.cell.scenario.expected(run.inputs)
        for run in runs
    }

    assert not any(run.broken or run.cell.absent for run in runs)
    assert {"click", "is_delete"} == {row[-1] for row in answers["click_top10", "late"]["late"]}
    # Of 1, 4, 16 and 64, the last two are late; and 4 where its window ended before.
    assert [5] == [row[-1] for row in answers["open_windows", "late"]["tumbling"][:1]]
    sessions = {row[-1] for row in answers["open_windows", "late"]["sessions"]}
    assert {1, 128 + 256} < sessions
    assert any(row[-1] > 32_767 for row in answers["word_count", "many"]["counts"])
    assert any(row[-1] > 32_767 for row in answers["click_top10", "many"]["last_minute"])
