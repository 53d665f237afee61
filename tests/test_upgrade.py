"""State is carried from line to line, and into a changed job: what becomes of it is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge import versions
from streamgauge.cells import Filter, cells, delivered, make_cell
from streamgauge.discovery import discover, load
from streamgauge.harness import Harness
from streamgauge.lifecycle import once
from streamgauge.records import Origin
from streamgauge.report.outcomes import fates
from streamgauge.run import Run, run_cell
from streamgauge.runtimes.runtime import jars_of
from streamgauge.upgrade import ENGINES, carried, feasible, path
from streamgauge.workspace import workspace
from tests.taking import back

SCENARIOS = Path(__file__).with_name("scenarios")
TOTALS = load(SCENARIOS / "running_totals")
SEATS = load(SCENARIOS / "taken_seats")
READINGS = load(SCENARIOS / "readings")
SCORED = load(SCENARIOS / "scored")
JOBS = discover()
PAIRS = [("1.20", "2.3"), ("2.2", "2.3")]
SEED = 0
_WRONG = dict.fromkeys(
    (
        "state_zoo-sql-process-streaming-kafka",
        "state_zoo-table-process-streaming-kafka",
        "word_count-datastream-streaming-kafka",
    ),
    "wrong, broken by restarts",
)
_REFUSED = dict.fromkeys(
    (
        "log_sync-sql-streaming-parquet",
        "log_sync-table-streaming-parquet",
        "log_sync-datastream-streaming-parquet",
        *(
            f"syslog_udf-{dialect}-{udf}-streaming-kafka"
            for dialect in ("sql", "table")
            for udf in ("process", "thread", "pandas")
        ),
    ),
    "refused, broken by the upgrade",
)
# Of all streaming cells, what does not come through, and how many do.
NOT_RESTORED = {("1.20", "2.3"): {**_WRONG, **_REFUSED}, ("2.2", "2.3"): {**_WRONG}}
RESTORED = {("1.20", "2.3"): 20, ("2.2", "2.3"): 29}


@pytest.fixture(scope="module")
def harness():
    """Two engines may be up."""
    with workspace() as space:
        harness = Harness(space, engines=ENGINES)
        yield harness
        harness.close()


@pytest.fixture(scope="module")
def fates_of(harness):
    """What becomes of cells on a path."""

    def fates_of(cells, along, *, ways=False):
        runs = [feasible(run_of(cell), along) for cell in cells]
        going = [run for run in runs if not run.cell.absent]
        records = [outcome.record for outcome in carried(harness, going, along, ways=ways)]
        return fates(records, [line.name for line in along.lines])

    return fates_of


def run_of(cell):
    """Over the rows that its scenario says, of the seed."""
    inputs = cell.scenario.sample(SEED)
    return Run(cell, inputs, Origin("generated", SEED), once(cell.form))


@pytest.fixture(scope="module")
def fate_of(fates_of):
    """What becomes of a cell over Kafka."""

    def fate_of(scenario, dialect, along):
        (found,) = fates_of(
            [make_cell(scenario, dialect, "streaming", "kafka", along.lines[0])], along
        )
        return found

    return fate_of


@pytest.mark.every_upgrade
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
    found = fate_of(TOTALS, "process", path([line, line], change=change))

    assert word == found.word, found
    assert told in found.reason


def test_state_is_restored_and_rolled_back(fate_of):
    """From 1.20 to 2.3; back goes only what 1.20 has written itself."""
    along = path(["1.20", "2.3"], roll_back=True)
    found = fate_of(JOBS["word_count"], "process", along)

    assert ["restored", "refused"] == [step.word for step in found.steps], found
    assert "from the baseline's savepoint" == found.help


@pytest.mark.every_upgrade
def test_a_program_of_ones_own_is_restored(fate_of):
    """Planned again by the program itself, on the newer line."""
    found = fate_of(SCORED, "job", path(["1.20", "2.3"]))

    assert ("restored", "") == (found.word, found.reason)


def test_pending_transactions_are_committed_by_another_line(harness):
    """Those of a savepoint that was taken while the job ran on: each row comes once."""
    lines = "1.20", "2.3"
    cell = make_cell(READINGS, "sql", "streaming", "kafka", versions.line(lines[0]))
    inputs, life = READINGS.sample(SEED, 60), back("so far", on=lines)
    record = run_cell(harness, delivered(cell, "exactly-once"), inputs, lifecycle=life).record

    assert ("pass", [*lines]) == (record.verdict, record.path), record.reason


@pytest.mark.every_upgrade
def test_state_goes_from_one_connector_to_another(fate_of):
    """Of the same line; the jar is the one that is named."""
    other = "1.20+kafka=3.2.0-1.19"
    found = fate_of(JOBS["word_count"], "sql", path([other, "1.20"]))

    assert ("restored", "") == (found.word, found.reason)
    jars = [jar.name for jar in jars_of(versions.line(other), ["kafka"])]
    assert "flink-connector-kafka-3.2.0-1.19.jar" in jars


@pytest.mark.parametrize(
    "pair", [PAIRS[0], pytest.param(PAIRS[1], marks=pytest.mark.every_upgrade)], ids="-".join
)
def test_lost_state_is_wrong(fate_of, pair):
    """PyFlink's reduce begins anew, as on one line."""
    found = fate_of(JOBS["word_count"], "datastream", path(pair))

    assert ("wrong", "broken by restarts", True) == (found.word, found.blame, found.failed)


def test_refusal_that_our_settings_spare_a_job_is_told(fate_of):
    """2.3 wants ON CONFLICT where the query tells persons apart, and the sink seats."""
    found = fate_of(SEATS, "sql", path(["2.2", "2.3"]))
    ((line, told),) = found.spared

    assert ("restored", "2.3") == (found.word, line), found
    assert "Primary key: [seat], upsert key: [person]" in told
    assert "ON CONFLICT" in told


def test_new_default_refuses_a_job_that_wants_it(fate_of):
    """The scenario has the last word on its settings; 2.2 does not know this one."""
    strict = replace(SEATS, settings={"table.exec.sink.require-on-conflict": "true"})
    found = fate_of(strict, "sql", path(["2.2", "2.3"]))

    assert ("refused", ("2.2",), ()) == (found.word, found.replays, found.spared), found
    assert found.reason.startswith("from nothing on 2.3: ")
    assert "ON CONFLICT" in found.reason


@pytest.mark.every_upgrade
def test_state_pickled_under_one_python_is_restored_under_another(fate_of):
    """An object of a class, and what each kind of state keeps; uv has to find a Python 3.9."""
    along = path(["1.20+python=3.9", "1.20"])
    words = [fate_of(each, "process", along).word for each in (TOTALS, JOBS["state_zoo"])]

    assert ["restored", "restored"] == words


@pytest.mark.every_upgrade
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_outcome_of_every_cell_is_as_known(fates_of, pair):
    """All streaming cells; what is not restored is that which is known, and nothing else."""
    along = path(pair)
    streaming = Filter((), ("streaming",), (), ())
    found = fates_of(cells(JOBS.values(), along.lines[:1], streaming), along)
    other = {each.cell: f"{each.word}, {each.blame}" for each in found if each.word != "restored"}

    assert NOT_RESTORED[pair] == other
    assert RESTORED[pair] == len(found) - len(other)
