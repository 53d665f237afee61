"""A savepoint that is not what it should be: one clear line, and no half result."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

import pytest

from streamgauge.discovery import discover
from streamgauge.lifecycle import Action, Lifecycle, Start, Stop, restart
from streamgauge.perform import perform

WORDS = discover()["word_count"]


@dataclass(frozen=True)
class Damage(Action):
    """Do something to the folder of the last savepoint."""

    needs = "no end"
    do: Callable[[Path], None]


@perform.register
def _damage(action: Damage, performance):
    action.do(Path(urlparse(performance.stage._savepoint).path))


@dataclass(frozen=True)
class KillTaskManager(Action):
    """Kill the process in which the job has just begun to run."""


@perform.register
def _kill(_: KillTaskManager, performance):
    performance.stage._engine.cluster.parts["taskmanager"].kill()


def cut_short(folder):
    """As a full disk leaves it."""
    metadata = folder / "_metadata"
    metadata.write_bytes(metadata.read_bytes()[:-100])


def emptied(folder):
    (folder / "_metadata").write_bytes(b"")


def restarted(flink, after, *actions):
    """The record of a restart at another parallelism, with more actions after one of its own."""
    life = restart("plain", before=1, after=2)
    more = [(each, *actions) if each == after else (each,) for each in life.actions]
    life = Lifecycle(life.name, tuple(sum(more, ())))
    inputs = WORDS.sample(flink.seed)
    return flink.run(WORDS, "sql", "streaming", "kafka", inputs, lifecycle=life).record


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (shutil.rmtree, "Cannot find checkpoint or savepoint file/directory"),
        (cut_short, "EOF"),
        (emptied, "EOF"),
    ],
)
def test_damaged_savepoint_is_told(flink, damage, told):
    """Nothing runs without its state."""
    record = restarted(flink, Stop(), Damage(damage))

    assert "unknown" == record.verdict
    assert told in record.reason
    assert "\n" not in record.reason


def test_job_that_dies_while_it_is_restored_is_no_pass(flink):
    """And the next cell has a cluster again."""
    record = restarted(flink, Start(2), KillTaskManager())

    assert "unknown" == record.verdict
    assert record.reason.startswith("taskmanager")
    assert "pass" == restarted(flink, None).verdict
