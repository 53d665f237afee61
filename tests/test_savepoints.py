"""What is not as it should be on the way over a savepoint: one clear line, and no half result."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlparse

import pytest

from streamgauge.clusters import session
from streamgauge.clusters.session import SessionCluster
from streamgauge.discovery import discover, load
from streamgauge.files import uri
from streamgauge.lifecycle import Action, Lifecycle, Start, Stop, restart
from streamgauge.measure.meter import Look
from streamgauge.perform import perform

WORDS = discover()["word_count"]
READINGS = load(Path(__file__).with_name("scenarios") / "readings")


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


def restarted(flink, after, *actions, on="", scenario=WORDS):
    """The record of a restart at another parallelism, with more actions after one of its own.

    The restart may be on another line.
    """
    life = restart("plain", before=1, after=2)
    more = [(each, *actions) if each == after else (each,) for each in life.actions]
    way = [replace(a, on=on) if a == Start(2) else a for part in more for a in part]
    life = Lifecycle(life.name, tuple(way))
    inputs = scenario.sample(flink.seed)
    return flink.run(scenario, "sql", "streaming", "kafka", inputs, lifecycle=life).record


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


def test_savepoint_of_another_job_is_told(flink, tmp_path):
    """Nothing begins with half of its state."""
    other = tmp_path / "other"
    keep = Damage(lambda folder: shutil.copytree(folder, other, dirs_exist_ok=True))
    restarted(flink, Stop(), keep, scenario=READINGS)

    def exchange(folder):
        shutil.rmtree(folder)
        shutil.copytree(other, folder)

    record = restarted(flink, Stop(), Damage(exchange))

    assert "unknown" == record.verdict
    assert "Cannot map checkpoint/savepoint state" in record.reason
    assert "\n" not in record.reason


@dataclass
class Savepoints:
    """What was in a cell's savepoints after its first stop, and what before they are removed."""

    first: dict[str, bytes]
    last: dict[str, bytes]

    @property
    def untouched(self):
        """Whether what was there is there, as it was."""
        return bool(self.first) and self.first.items() <= self.last.items()


def contents(cluster, name):
    """Of all files of these savepoints, by their paths."""
    folder = cluster.home / "savepoints" / name
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.fixture
def savepoints(monkeypatch):
    """Keeps what is in savepoints."""
    seen, discard = Savepoints({}, {}), SessionCluster.discard

    def keep(cluster, name, made):
        seen.last.update(contents(cluster, name))
        discard(cluster, name, made)

    monkeypatch.setattr(SessionCluster, "discard", keep)
    return seen


@pytest.fixture
def stopped(savepoints):
    """Looks at the first savepoint."""

    def look(performance):
        stage = performance.stage
        savepoints.first.update(contents(stage._engine.cluster, stage._place.name))

    return Look(look)


def test_job_that_dies_while_it_is_restored_is_no_pass(flink, stopped, savepoints):
    """And the next cell has a cluster again."""
    record = restarted(flink, Start(2), stopped, KillTaskManager())

    assert "unknown" == record.verdict
    assert record.reason.startswith("taskmanager")
    assert savepoints.untouched
    assert "pass" == restarted(flink, None).verdict


@pytest.mark.every_upgrade
def test_candidate_that_does_not_start_is_no_pass(flink, stopped, savepoints, monkeypatch):
    """Its TaskManager reads a setting that says nothing."""
    other = "{}+python={}.{}".format(flink.line.base, *sys.version_info[:2])
    setting = session._TASKMANAGER_MEMORY, "taskmanager.memory.task.heap.size", "much"
    damage = Look(lambda _: monkeypatch.setitem(*setting))
    record = restarted(flink, Stop(), stopped, damage, on=other)
    told, *quoted = record.reason.splitlines()

    assert "unknown" == record.verdict, record.reason
    assert told.startswith("taskmanager")
    assert "ended while starting, exit code 1" in told
    assert "NumberFormatException" in quoted[0]
    assert savepoints.untouched


@pytest.fixture
def full(tmp_path):
    """A folder with room for less than a savepoint; only who is root may mount one."""
    folder = tmp_path / "full"
    folder.mkdir()
    mount = f"mount -t tmpfs -o size=4k tmpfs '{folder}'"
    done = subprocess.run(["sh", "-c", mount], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_disk_that_is_full_is_told(flink, stopped, savepoints, full, monkeypatch):
    """The job was right up to then; what is on the disk is no savepoint of it."""
    fill = Look(lambda _: monkeypatch.setattr(SessionCluster, "savepoints", lambda *_: uri(full)))
    record = restarted(flink, Start(2), stopped, fill)

    assert "unknown" == record.verdict, record.reason
    assert "No space left on device" in record.reason
    assert "\n" not in record.reason
    assert savepoints.untouched
