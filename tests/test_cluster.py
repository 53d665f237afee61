"""A session cluster whose processes are killed."""

import threading
from pathlib import Path

import psutil
import pytest

from streamgauge.clusters.session import SLOTS
from streamgauge.discovery import load
from streamgauge.harness import Harness
from streamgauge.testing import Flink
from streamgauge.waiting import wait_for
from streamgauge.workspace import workspace

WORD_COUNT = Path(__file__).resolve().parents[1] / "jobs" / "word_count"


@pytest.fixture
def own(flink, tmp_path, monkeypatch):
    """The line in a folder where `up` has left no engine: that would not be ours to break."""
    monkeypatch.chdir(tmp_path)
    with workspace() as space:
        harness = Harness(space)
        yield Flink(harness, flink.line, flink.seed)
        harness.close()


def kill_java(process) -> None:
    """SIGKILL what a keeper keeps."""
    for child in psutil.Process(process.pid).children(recursive=True):
        child.kill()


@pytest.mark.parametrize(
    "part", ["jobmanager", pytest.param("taskmanager", marks=pytest.mark.every_kill)]
)
def test_a_cell_after_a_kill_runs_on_a_new_cluster(own, part):
    """A killed JobManager or TaskManager costs no cell that comes after it."""
    scenario = load(WORD_COUNT)
    cluster = own.harness.engine(own.line).cluster
    kill_java(cluster.parts[part])
    wait_for(lambda: cluster.parts[part].alive, lambda up: not up, 10, str)

    outcome = own.run(scenario, "sql", "batch", "files", scenario.shipped())

    assert "pass" == outcome.record.verdict, outcome.record.reason
    assert cluster is not own.harness.engine(own.line).cluster


def test_a_kill_in_the_middle_of_a_job_is_unknown(own):
    """A TaskManager that is killed while a job runs makes the cell `unknown`, with a reason."""
    scenario = load(WORD_COUNT)
    cluster = own.harness.engine(own.line).cluster
    inputs = scenario.sample(own.seed, 5000)
    outcomes = []
    cell = threading.Thread(
        target=lambda: outcomes.append(own.run(scenario, "process", "batch", "files", inputs))
    )
    cell.start()
    wait_for(cluster.rest.slots, lambda free: free < SLOTS, 30, str)
    kill_java(cluster.parts["taskmanager"])
    cell.join(timeout=120)

    assert "unknown" == outcomes[0].record.verdict
    assert outcomes[0].record.reason
