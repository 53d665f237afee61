"""The engine that `up` left is used where it is what a run needs; where not, that is told."""

import fcntl
import json
import logging
import socket
import threading
from contextlib import contextmanager
from dataclasses import asdict, replace
from types import SimpleNamespace

import pytest

from streamgauge import versions
from streamgauge.clusters.rest import Rest
from streamgauge.clusters.session import SLOTS
from streamgauge.errors import JobError, StreamgaugeError
from streamgauge.harness import Harness
from streamgauge.kept import holder, left, line
from streamgauge.kept.made import made_of, unfit
from streamgauge.workspace import workspace

LINE = versions.line(versions.default_line())
OTHER = next(ln for ln in versions.lines().values() if ln != LINE)
FILES = frozenset({"kafka"})
KEY = b"k" * 32
SECONDS = 10


class Worker:
    """Answers with what it is asked, but for what is wrong."""

    alive = True

    def ask(self, message):
        if message["do"] == "break":
            raise StreamgaugeError("the worker does not answer")
        if message["do"] == "fail":
            return {"error": "ValueError: no"}
        return {"ok": message["do"]}


class Cluster:
    """Keeps which jobs were cancelled."""

    def __init__(self):
        self.jobs = ["left behind"]
        self.rest = SimpleNamespace(running=lambda: list(self.jobs), cancel=self.cancel)

    def cancel(self, job, seconds):
        self.jobs.remove(job)


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """An engine that is none."""
    worker = Worker()
    monkeypatch.setattr(holder, "_home", lambda _: tmp_path)
    return SimpleNamespace(worker=SimpleNamespace(way=worker), cluster=Cluster(), alive=True)


@pytest.fixture
def door(engine):
    """Where a holder serves that engine, until it has died."""
    with line.listen() as listening:
        thread = threading.Thread(target=holder._serve, args=[engine, listening, KEY])
        thread.start()
        yield listening.getsockname()[1]
        engine.alive = False
        thread.join(SECONDS)


@pytest.fixture
def kept(tmp_path, monkeypatch, door):
    """A folder where a holder serves an engine: gives a function to tell of what it is made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Rest, "slots", lambda *_: SLOTS)
    made = made_of(LINE, left.CONNECTORS)
    told = left.Told(made, "17", str(tmp_path), "http://127.0.0.1:1", "logs", door, KEY.hex())

    def tell(made=made, **more):
        state = asdict(replace(told, made=made, **more))
        left.ENGINE.state_file.write_text(json.dumps(state))

    left.ENGINE.state_file.parent.mkdir()
    tell()
    with left.ENGINE.lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield tell


def refused(caplog, wanted=LINE):
    """Why the engine is not used."""
    caplog.clear()
    with caplog.at_level(logging.WARNING, "streamgauge"):
        assert left.take(wanted, FILES) is None
    (message,) = caplog.messages
    assert message.startswith("the engine that `up` left ")
    assert message.endswith("; this run starts its own")
    assert "\n" not in message
    return message


def test_none_is_left(tmp_path, monkeypatch, caplog):
    """Nothing is said."""
    monkeypatch.chdir(tmp_path)

    assert left.take(LINE, FILES) is None
    assert [] == left.status()
    assert not left.down()
    assert [] == caplog.messages


def test_one_that_fits_is_used(kept, engine):
    """By one run at a time; what it left running is ended after it."""
    taken = left.take(LINE, FILES)

    assert taken.alive
    assert "execute" == taken.worker.execute()
    assert ("17", LINE) == (taken.runtime.java, taken.runtime.line)
    assert {} == taken.cluster.parts
    assert ["in use"] == [state.state for state in left.status()]
    assert ["left behind"] == engine.cluster.jobs
    taken.stop()
    again = left.take(LINE, FILES)
    assert [] == engine.cluster.jobs
    again.stop()
    assert ["up"] == [state.state for state in left.status()]


def test_one_of_another_zone_is_not_used(kept, caplog):
    """Its JVMs are where they were started."""
    caplog.clear()
    with caplog.at_level(logging.WARNING, "streamgauge"):
        assert left.take(LINE, FILES, "Asia/Shanghai") is None

    assert ["the engine that `up` left is in zone UTC; this run starts its own"] == caplog.messages


def test_second_run_starts_its_own(kept, caplog):
    """The first is not disturbed."""
    taken = left.take(LINE, FILES)

    assert "is in use by another run" in refused(caplog)
    assert "execute" == taken.worker.execute()
    taken.close()


def test_harness_uses_it(kept, tmp_path, monkeypatch):
    """And no other is started; where it has died, ours is."""
    own = SimpleNamespace(alive=True, stop=lambda: None, close=lambda: None)
    monkeypatch.setattr("streamgauge.engine.start", lambda *_, **__: own)
    monkeypatch.setattr("streamgauge.runtimes.runtime.install", lambda *_: None)
    harness = Harness(SimpleNamespace(id="run", data=tmp_path, zone="UTC"))
    first = harness.engine(LINE)
    assert first is not own
    assert first is harness.engine(LINE)
    left.ENGINE.state_file.unlink()
    first.close()

    assert own is harness.engine(LINE)
    harness.close()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"line": OTHER.name}, f"is of Flink {OTHER}"),
        ({"java": "/other/java"}, "runs on another Java, /other/java"),
        ({"environment": "/other"}, "was started by another version of streamgauge or of its lo"),
        ({"code": "0"}, "was started by another version of streamgauge or of its locks"),
        ({"jars": ()}, "has other jars: not "),
    ],
)
def test_one_made_of_other_things_is_not_used(kept, caplog, change, told):
    """With the first difference."""
    kept(replace(made_of(LINE, left.CONNECTORS), **change))

    assert told in refused(caplog)


def test_jar_of_another_hash_is_another_jar():
    """One with more jars does."""
    there = made_of(LINE, left.CONNECTORS)
    wanted = made_of(LINE, FILES)
    other = replace(there, jars=tuple(f"{jar.split()[0]} 0" for jar in there.jars))

    assert len(wanted.jars) < len(there.jars)
    assert "" == unfit(there, wanted)
    assert "has other jars: not flink-" in unfit(other, wanted)


def test_dead_and_half_dead_ones_are_not_used(kept, caplog, monkeypatch):
    """Whichever part of it it is."""
    monkeypatch.setattr(left, "_FREE_SECONDS", 0.1)
    monkeypatch.setattr(Rest, "slots", lambda *_: 1)
    assert f"is half dead: 1 of {SLOTS} slots are free" in refused(caplog)
    kept(key=(b"x" * 32).hex())
    assert "does not answer" in refused(caplog)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        monkeypatch.setattr(line, "_HOLDER_SECONDS", 1)
        kept(port=nobody.getsockname()[1])
        assert "does not answer" in refused(caplog)
    kept(port=1)
    assert "does not answer" in refused(caplog)
    left.ENGINE.state_file.unlink()
    assert "is starting, or ending" in refused(caplog)


def test_killed_holder_is_told_until_it_is_seen_to(tmp_path, monkeypatch, caplog):
    """`down` sees to it too."""
    monkeypatch.chdir(tmp_path)
    left.ENGINE.state_file.parent.mkdir()
    left.ENGINE.state_file.write_text("{}")

    assert "has died (its log: " in refused(caplog)
    assert "has died (its log: " in left.status()[0].state
    assert not left.down()
    assert left.take(LINE, FILES) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"made": {}}', '{"made": 1}'])
def test_damaged_state_is_told(kept, caplog, text):
    """In a line."""
    left.ENGINE.state_file.write_text(text)

    assert "is damaged; `down` mends it" in refused(caplog)
    assert "is damaged" in left.status()[0].state


def test_engine_that_dies_is_noticed(kept, engine):
    """By the run that uses it: the holder hangs up."""
    taken = left.take(LINE, FILES)
    engine.alive = False
    taken.worker.way._connection.poll(SECONDS)

    assert not taken.alive
    with pytest.raises(StreamgaugeError, match="the engine that was up does not answer"):
        taken.worker.execute()
    taken.close()


def test_what_the_worker_says_gets_through(kept):
    """Errors of jobs, and its own end."""
    taken = left.take(LINE, FILES)
    with pytest.raises(JobError, match="ValueError: no"):
        taken.worker._ask("fail")
    with pytest.raises(StreamgaugeError, match=r"^the worker does not answer$"):
        taken.worker._ask("break")
    taken.close()


def test_up_does_not_take_an_engine_from_a_run(kept, monkeypatch):
    """One that is the same is left as it is."""
    found = left.up(LINE)
    assert LINE.name == found.made.line
    taken = left.take(LINE, FILES)

    with pytest.raises(StreamgaugeError, match=f"is of Flink {LINE}, and a run is using it"):
        left.up(OTHER)
    taken.close()


def test_savepoints_of_dead_runs_alone_are_removed(engine, tmp_path, monkeypatch):
    """Those of a run that goes on are for its next engine."""
    monkeypatch.chdir(tmp_path)
    with workspace() as space:
        living, dead = f"sg_{space.id.replace('-', '_')}_1", "sg_20240101_120000_00ff00_1"
        for name in (living, dead):
            (tmp_path / "savepoints" / name / "savepoint-1").mkdir(parents=True)
        holder._tidy(engine)

        assert [living] == [path.name for path in (tmp_path / "savepoints").iterdir()]


def test_who_does_not_know_the_key_is_not_heard(door):
    """Nor does anybody hold others up who says nothing."""
    with silent(door), pytest.raises(line.REFUSALS):
        line.call(door, b"x" * 32)
    line.call(door, KEY).close()


@contextmanager
def silent(port):
    with socket.create_connection(("127.0.0.1", port)):
        yield
