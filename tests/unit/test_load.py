"""Load is sent when it is due, carries when that was, and ends with the run."""

import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import psutil
import pytest
from confluent_kafka import Consumer, TopicPartition

from streamgauge import versions
from streamgauge.attachments import Outlet
from streamgauge.attachments.formats import messages
from streamgauge.cells import make_cell
from streamgauge.discovery import load as load_scenario
from streamgauge.measure import load, sender
from streamgauge.measure.load import Load, Sending, Wanted, generator_bound, makes
from streamgauge.measure.sender import Course, Loop, Pace
from streamgauge.processes import StartError
from streamgauge.services.kafka import client_settings
from streamgauge.workspace import workspace
from tests.unit.gone import assert_gone
from tests.unit.test_processes import CHECKOUT

SECONDS = 30
# The first is due two seconds after the begin, each next one a quarter later.
COURSE = Course("words", 0, Pace(2.0, 0.25))
VALUES = [b"%d" % number for number in range(6)]


@pytest.fixture
def space(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    with workspace() as space:
        yield space


def cell(name, binding):
    found = load_scenario(CHECKOUT / "jobs" / name)
    return make_cell(found, "sql", "streaming", binding, versions.lines()["1.20"])


@pytest.fixture
def words():
    return cell("word_count", "kafka")


def test_all_that_is_sent_is_the_stream(space, address, words):
    """By two processes, each a slice on a partition of its own, with the times they were due."""
    wanted = Wanted(words, 3, 60, rate=200, parts=2)

    sent = Load(space, wanted, Outlet(address, "words", 2), "run_1").go()

    found = [of_partition(address, partition, 30) for partition in range(2)]
    for partition, there in enumerate(found):
        due = [sent.begin + (partition + 2 * n) / 200 for n in range(30)]
        assert [round(1000 * at) for at in due] == [m.timestamp()[1] for m in there]
    (source,) = words.scenario.sources
    made = messages(source, words.scenario.sample(3, 60)["words"])
    assert made == [message.value() for there in found for message in there]
    assert 60 == sent.events


def test_parts_are_sent_by_commands(address, streamgauge, monkeypatch, tmp_path):
    """From several machines, say: each in turn with the others, and tells how late it was."""
    service = SimpleNamespace(endpoint=address)
    monkeypatch.setattr("streamgauge.providers.shared.answering", lambda _: service)
    # The broker makes topics when they are asked for, and only then.
    monkeypatch.setattr("streamgauge.attachments.broker.create_topics", lambda *_, **__: None)
    asked = ["generate", "word_count", "--rows", "60", "--topic", "words", "--rate", "400"]

    for part in ("1/2", "2/2"):
        assert (0, "", "") == streamgauge(*asked, "--part", part, "--json", "told.json")
        sent = json.loads((tmp_path / "told.json").read_text())["sent"]
        assert 30 == sent["events"]
        first, *_, last = of_partition(address, int(part[0]) - 1, 30)
        assert first.timestamp()[1] == round(1000 * sent["begin"])
        assert 29 * 5 == pytest.approx(last.timestamp()[1] - first.timestamp()[1], abs=1)


def of_partition(address, partition, count):
    """The messages of a partition."""
    consumer = Consumer({**client_settings(address), "group.id": "sg_1"})
    consumer.assign([TopicPartition("words", partition, 0)])
    found = []
    while len(found) < count:
        found += consumer.consume(count, SECONDS)
    consumer.close()
    return found


def test_what_cannot_be_sent_is_told(space, address, words, monkeypatch):
    """With the end of the process's log: the topic has no such partition."""
    wanted, outlet = Wanted(words, 0, 5, rate=1000), Outlet(address, "words", 1)
    nowhere = COURSE._replace(partition=99)
    plans = [replace(plan, course=nowhere) for plan in wanted.plans(outlet)]
    monkeypatch.setattr(Wanted, "plans", lambda *_: plans)
    started = Load(space, wanted, outlet, "run_1")

    with pytest.raises(StartError, match="does not take records"):
        started.go()


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are found on Linux only")
def test_load_ends_with_its_parent(tmp_path, address):
    """Though that is killed, and could tell nobody."""
    code = f"""
from streamgauge.services.endpoint import Endpoint
from tests.unit.test_load import *
with workspace() as space:
    outlet = Outlet(Endpoint({address.host!r}, {address.port}, "", ""), "words", 1)
    load = Load(space, Wanted(cell("word_count", "kafka"), 0, 1000, rate=1), outlet, "run_1")
    load.go(lambda: print(load._processes[0].pid, flush=True))
"""
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, stdout=pipe
    ) as parent:
        keeper = psutil.Process(int(parent.stdout.readline()))
        sending = [keeper, *keeper.children(recursive=True)]
        assert len(sending) > 1
        os.kill(parent.pid, signal.SIGKILL)
        parent.stdout.read()

    assert_gone(sending)


class Time:
    """Seconds that go on when somebody sleeps, and by `takes` for each message handed over."""

    def __init__(self, monkeypatch, takes=0.0):
        self.now, self.takes = 100.0, takes
        monkeypatch.setattr(sender, "Clock", lambda: lambda: self.now)
        monkeypatch.setattr(sender.time, "sleep", self.sleep)

    def sleep(self, seconds):
        self.now += seconds

    def take(self, batches):
        """Each batch with the time at which it comes."""
        for batch in batches:
            yield self.now, batch
            self.now += self.takes * len(batch.values)


def test_nothing_is_sent_before_it_is_due(monkeypatch):
    time = Time(monkeypatch)
    loop = Loop(COURSE, VALUES, begin=100.0)

    came = [(at, value) for at, batch in time.take(loop.batches()) for value in batch.values]

    assert [102 + 0.25 * n for n in range(6)] == pytest.approx([at for at, _ in came], abs=0.001)
    assert VALUES == [value for _, value in came]
    assert loop.sent().late < 0.001


def test_what_is_late_is_sent_at_once_and_says_when_it_was_due(monkeypatch):
    """Nothing is left out, and no pause is made of it: the broker takes a second for each."""
    time = Time(monkeypatch, takes=1.0)
    loop = Loop(COURSE, VALUES, begin=100.0)

    came = list(time.take(loop.batches()))

    assert [1, 4, 1] == [len(batch.values) for _, batch in came]
    times = [at for _, batch in came for at in batch.times]
    assert [102_000 + 250 * n for n in range(6)] == times
    sent = loop.sent()
    # The last was due at 103.25, and the broker took the five before it until 107.
    assert (6, 107 - 103.25) == (sent.events, pytest.approx(sent.late, abs=0.001))
    assert 6.0 == pytest.approx(sent.busy, abs=0.001)
    assert (107 - 103.25) + (4 * 103 - 4 * 102.625) == pytest.approx(6 * sent.mean_late, abs=0.01)


def test_a_generator_has_to_be_twice_as_fast():
    """Else it is its own speed that is measured."""
    assert not generator_bound(2000, 1000)
    assert (
        "generator-bound: events were made at 1,999/s, and taken at 1,000/s: less than 2 times"
        " as fast"
    ) == generator_bound(1999, 1000)


def test_a_generator_that_is_too_slow_gives_no_number():
    """Of what it could have sent, had it not waited for the time to come."""
    sent = Sending(1000, 100.0, 0.0, seconds=10.0, able=5000.0, late=0.0, mean_late=0.0)

    assert (100.0, 5.0, "") == (sent.rate, sent.due(500), sent.refusal)
    assert "generator-bound: events were made at 150/s" in sent._replace(able=150).refusal


def test_only_a_topic_of_rows_is_fed_at_a_rate(words):
    """Changes of tables go in by transactions."""
    assert "" == load.refused(words)
    assert "only a single topic of rows" in load.refused(replace(words, binding="files"))
    assert "only a single topic of rows" in load.refused(cell("orders_cdc", "debezium"))


@pytest.mark.parametrize("rows", [0, 1])
def test_how_fast_events_are_made(rows, monkeypatch):
    """Of all blocks but the first, by a clock that goes a second further each time it is asked.

    None are no matter of speed.
    """
    scenario = SimpleNamespace(sources=["words"])
    made = lambda *_: iter([[b"a"] * rows * 3, [b"b"] * rows])  # noqa: E731
    monkeypatch.setattr("streamgauge.measure.load.encoded", made)
    monkeypatch.setattr("time.perf_counter", count().__next__)

    assert makes(scenario) == pytest.approx(1.0 if rows else math.inf, 1e-3)
