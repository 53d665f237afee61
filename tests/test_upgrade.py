"""State is carried from line to line, and into a changed job: what becomes of it is told."""

from pathlib import Path

import pytest

from streamgauge import versions
from streamgauge.cells import make_cell
from streamgauge.discovery import discover, load
from streamgauge.harness import Harness
from streamgauge.lifecycle import once
from streamgauge.records import Origin
from streamgauge.report.outcomes import fates
from streamgauge.run import Run
from streamgauge.runtimes.runtime import jars_of
from streamgauge.upgrade import ENGINES, carried, feasible, path
from streamgauge.workspace import workspace

TOTALS = load(Path(__file__).with_name("scenarios") / "running_totals")
JOBS = discover()
SEED = 0


@pytest.fixture(scope="module")
def harness():
    """Two engines may be up."""
    with workspace() as space:
        harness = Harness(space, engines=ENGINES)
        yield harness
        harness.close()


@pytest.fixture(scope="module")
def fate_of(harness):
    """What becomes of a cell on a path."""

    def fate(scenario, dialect, binding, along, *, udf=None, ways=False):
        cell = make_cell(scenario, dialect, "streaming", binding, along.lines[0], udf)
        inputs = scenario.sample(SEED)
        run = feasible(Run(cell, inputs, Origin("generated", SEED), once(cell.form)), along)
        records = [outcome.record for outcome in carried(harness, [run], along, ways=ways)]
        (found,) = fates(records, [line.name for line in along.lines])
        return found

    return fate


@pytest.mark.parametrize(
    ("change", "word", "told"),
    [
        pytest.param("filtered", "restored", "", id="operator added, uid kept"),
        pytest.param("no_uid", "refused", "KEYED PROCESS", id="uid dropped"),
        pytest.param("renamed", "wrong", "missing", id="state renamed"),
        pytest.param("moved", "refused", "Total", id="pickled class moved"),
    ],
)
def test_change_of_a_job_is_told(fate_of, change, word, told):
    """On the same line: what the change alone does."""
    line = versions.default_line()
    found = fate_of(TOTALS, "process", "kafka", path([line, line], change=change))

    assert word == found.word, found
    assert told in found.reason


def test_state_is_restored_and_rolled_back(fate_of):
    """From 1.20 to 2.3; back goes only what 1.20 has written itself."""
    along = path(["1.20", "2.3"], roll_back=True)
    found = fate_of(JOBS["word_count"], "process", "kafka", along)

    assert ["restored", "refused"] == [step.word for step in found.steps], found
    assert "from the baseline's savepoint" == found.help


def test_lost_state_is_wrong(fate_of):
    """PyFlink's reduce begins anew, as on one line."""
    found = fate_of(JOBS["word_count"], "datastream", "kafka", path(["1.20", "2.3"]))

    assert ("wrong", "broken by restarts", True) == (found.word, found.blame, found.failed)


def test_state_goes_from_one_connector_to_another(fate_of):
    """Of the same line; the jar is the one that is named."""
    other = "1.20+kafka=3.2.0-1.19"
    found = fate_of(JOBS["word_count"], "sql", "kafka", path([other, "1.20"]))

    assert ("restored", "") == (found.word, found.reason)
    jars = [jar.name for jar in jars_of(versions.line(other), ["kafka"])]
    assert "flink-connector-kafka-3.2.0-1.19.jar" in jars
