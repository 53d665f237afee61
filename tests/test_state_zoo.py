"""Each kind of state is in the savepoint: without it the answer that needs it is wrong.

In two ways: a dialect keeps it elsewhere (`lost` in a scenario's `planted.py`), or the operator
that has it is taken out of the savepoint. Several are lost at once, so that each run
shows as well that no other answer suffers.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.discovery import discover, load
from streamgauge.lifecycle import Lifecycle, Stop, named
from streamgauge.planted import planted
from tests.taking import TakeOut

SCENARIOS = discover()
JOBS = Path(__file__).resolve().parents[1] / "jobs"


def groups(lost):
    """What spoils all sinks alone; of the others every second, and the rest."""
    single = [each for each in lost if len(each.sinks) == 1]
    return [single[::2], single[1::2], *([each] for each in lost if len(each.sinks) > 1)]


def of_all(name, dialect):
    """The others than these are long: `tox -e state` has them all."""
    return [] if (name, dialect) in SAMPLE else pytest.mark.every_state


SAMPLE = {("open_windows", "process"), ("open_windows", "sql")}
LOST = [
    pytest.param(
        name,
        dialect,
        lost,
        id="-".join((name, dialect, *(each.kind for each in lost))),
        marks=of_all(name, dialect),
    )
    for name, scenario in SCENARIOS.items()
    for dialect, every in planted(scenario).lost.items()
    for lost in groups(every)
]

# For each sink the operator before it whose state it needs: a part of its description.
TAKEN = {
    ("state_zoo", "sql"): {
        "total": "SUM(",
        "greatest": "MAX(",
        "spread": "PythonGroupAggregate(",
        "variety": "COUNT(DISTINCT",
        "best": "Rank(",
        "sent_once": "Deduplicate(",
        "told_in_time": "COUNT(*)",
        "weighted": "Join(",
    },
    ("state_zoo", "table"): {
        "spread": "PythonGroupAggregate(",
        "variety": "PythonGroupAggregate(",
        "best": "PythonGroupTableAggregate(",
        "sent_once": "groupBy=[id",
    },
    ("open_windows", "sql"): {
        "tumbling": "GlobalWindowAggregate(",
        "sliding": "GlobalWindowAggregate(",
        "cumulative": "GlobalWindowAggregate(",
        "sessions": "SESSION(",
    },
    ("open_windows", "table"): dict.fromkeys(
        SCENARIOS["open_windows"].sink_names, "GroupWindowAggregate("
    ),
    ("open_windows", "datastream"): dict.fromkeys(SCENARIOS["open_windows"].sink_names, "Window("),
}
# What a restart loses by itself: see the divergence of state_zoo.
NOT_RESTORED = {
    ("state_zoo", "sql"): {"spread"},
    ("state_zoo", "table"): {"spread", "variety", "best"},
}
HALVES = [
    pytest.param(
        *of,
        dict(list(every.items())[half::2]),
        id="-".join((*of, str(half))),
        marks=of_all(*of),
    )
    for of, every in TAKEN.items()
    for half in (0, 1)
]


@pytest.fixture
def wrong_sinks(flink):
    """Takes a cell over Kafka through a lifecycle; gives the sinks that come out wrong."""

    def wrong_sinks(scenario, dialect, lifecycle, inputs, *taken):
        life = named(lifecycle, "timed" if scenario.timed else "plain")
        actions = [(a, TakeOut(taken)) if taken and a == Stop() else (a,) for a in life.actions]
        life = Lifecycle(life.name, tuple(sum(actions, ())))
        record = flink.run(scenario, dialect, "streaming", "kafka", inputs, lifecycle=life).record
        assert record.verdict in ("pass", "fail"), record.reason
        return {each["sink"] for each in record.differences}

    return wrong_sinks


@pytest.mark.parametrize(("name", "dialect", "lost"), LOST)
def test_state_that_a_savepoint_lacks_is_missed(name, dialect, lost, wrong_sinks, tmp_path):
    """Right as long as the job runs, and after a restart wrong in the sinks that need it."""
    scenario = forgetful(tmp_path, name, lost)
    inputs = planted(SCENARIOS[name]).inputs(dialect)
    expected = {sink for each in lost for sink in each.sinks}

    assert set() == wrong_sinks(scenario, dialect, "once", inputs)
    assert expected == wrong_sinks(scenario, dialect, "restart", inputs)


@pytest.mark.parametrize(("name", "dialect", "taken"), HALVES)
def test_state_that_is_taken_out_is_missed(name, dialect, taken, wrong_sinks):
    """Each operator's state is that of one answer."""
    scenario = replace(SCENARIOS[name], divergences=())
    inputs = planted(SCENARIOS[name]).inputs(dialect)
    expected = set(taken) | NOT_RESTORED.get((name, dialect), set())

    assert expected == wrong_sinks(scenario, dialect, "restart", inputs, *taken.items())


def forgetful(folder, name, lost):
    """A copy of a scenario that keeps state where no savepoint has it."""
    copy = folder / "jobs" / name
    shutil.copytree(JOBS / name, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for file, changes in ((copy / each.file, each.changes) for each in lost):
        text = file.read_text(encoding="utf-8")
        for written, instead in changes:
            assert 1 == text.count(written)
            text = text.replace(written, instead)
        file.write_text(text, encoding="utf-8")
    return load(copy)


def test_offsets_that_are_taken_out_are_missed(wrong_sinks):
    """All that was read is read once more: what counts twice is wrong, and nothing else."""
    scenario = replace(SCENARIOS["state_zoo"], divergences=())
    offsets = ("total", "readings")
    wrong = wrong_sinks(
        scenario, "sql", "restart", planted(SCENARIOS["state_zoo"]).inputs("sql"), offsets
    )

    assert {"total", "best", "told_in_time", "weighted"} == wrong


@pytest.mark.parametrize(
    ("name", "dialect", "lifecycle"),
    [
        ("state_zoo", "process", "restart"),
        ("state_zoo", "table", "native"),
        ("open_windows", "process", "native"),
        pytest.param("state_zoo", "process", "native", marks=pytest.mark.every_state),
        pytest.param("state_zoo", "table", "restart", marks=pytest.mark.every_state),
        pytest.param("open_windows", "process", "restart", marks=pytest.mark.every_state),
    ],
)
def test_state_may_be_kept_in_rocksdb(name, dialect, lifecycle, wrong_sinks):
    """Python's state of all kinds goes to disk and comes back; that of its aggregates too."""
    settings = {**SCENARIOS[name].settings, "state.backend.type": "rocksdb"}
    scenario = replace(SCENARIOS[name], settings=settings, divergences=())

    assert set() == wrong_sinks(scenario, dialect, lifecycle, scenario.sample(0, 60))


def test_state_may_be_saved_as_the_heap_has_it(wrong_sinks):
    """In its own format too."""
    scenario = SCENARIOS["state_zoo"]

    assert set() == wrong_sinks(scenario, "process", "native", scenario.sample(0, 60))
