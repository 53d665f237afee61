"""A session cluster whose processes are killed."""

import threading

import psutil
import pytest

from streamgauge.clusters.session import SLOTS
from streamgauge.discovery import discover
from streamgauge.waiting import wait_for


def kill_java(process) -> None:
    """SIGKILL what a keeper keeps."""
    for child in psutil.Process(process.pid).children(recursive=True):
        child.kill()


@pytest.mark.parametrize("part", ["jobmanager", "taskmanager"])
def test_a_cell_after_a_kill_runs_on_a_new_cluster(flink, part):
    """A killed JobManager or TaskManager costs no cell that comes after it."""
    scenario = discover()["word_count"]
    cluster = flink.harness.engine(flink.line).cluster
    kill_java(cluster.parts[part])
    wait_for(lambda: cluster.parts[part].alive, lambda up: not up, 10, str)

    outcome = flink.run(scenario, "sql", "batch", "files", scenario.shipped())

    assert "pass" == outcome.record.verdict, outcome.record.reason
    assert cluster is not flink.harness.engine(flink.line).cluster


def test_a_kill_in_the_middle_of_a_job_is_unknown(flink):
    """A TaskManager that is killed while a job runs makes the cell `unknown`, with a reason."""
    scenario = discover()["word_count"]
    cluster = flink.harness.engine(flink.line).cluster
    inputs = scenario.sample(flink.seed, 5000)
    outcomes = []
    cell = threading.Thread(
        target=lambda: outcomes.append(flink.run(scenario, "process", "batch", "files", inputs))
    )
    cell.start()
    wait_for(cluster.rest.slots, lambda free: free < SLOTS, 30, str)
    kill_java(cluster.parts["taskmanager"])
    cell.join(timeout=120)

    assert "unknown" == outcomes[0].record.verdict
    assert outcomes[0].record.reason
