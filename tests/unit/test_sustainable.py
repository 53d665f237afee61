"""The highest rate of a simulated job is found by trials, each of which is checked."""

from types import SimpleNamespace

import pytest

from streamgauge.bindings import KINDS
from streamgauge.cells import make_cell
from streamgauge.measure import sustainable
from streamgauge.measure.load import Sending
from streamgauge.measure.sustainable import SECONDS, Sustainable
from streamgauge.measure.trial import Loaded
from streamgauge.records import GIVEN
from streamgauge.report import sustainable as report
from streamgauge.values.inputs import Inputs
from tests.unit.test_latency import MANY, Fed
from tests.unit.timed import Steady
from tests.unit.world import LINE, copying


class Served(Fed):
    """A world whose jobs take `capacity` events a second; its load could be `able` as many."""

    def __init__(self, tmp_path, *, capacity, able=1e9, **more):
        super().__init__(tmp_path, **more)
        self.capacity, self.able, self.now = capacity, able, 0.0
        self.parts_made = []

    def load(self, harness, wanted, outlet):
        self.wanted = wanted
        self.parts_made.append(wanted.parts)
        return super().load(harness, wanted, outlet)

    def go(self, meanwhile):
        for look in range(int(4 * SECONDS)):
            self.now = look / 4
            meanwhile()
        rate = self.wanted.rate
        self.sent = Sending(len(MANY), rate, 1000.0, len(MANY) / rate, self.able, 0.0, 0.0)
        return super().go(lambda: None)

    def lag(self):
        """With what came since the last checkpoint."""
        rate = self.wanted.rate
        return max(rate - self.capacity, 0) * self.now + rate * (self.now % 0.5)


@pytest.fixture
def found(tmp_path, monkeypatch):
    """What is told of the one cell, and the world."""

    def found(**more):
        world = Served(tmp_path, **more)
        monkeypatch.setitem(KINDS, "kafka", world.kind())
        monkeypatch.setattr(sustainable, "time", SimpleNamespace(monotonic=lambda: world.now))
        monkeypatch.setattr(sustainable, "paced", lambda do, _: do)
        cell = make_cell(copying(), "sql", "streaming", "kafka", LINE)
        watch = Steady().watch
        world.clocks = watch.clocks
        made = Inputs.of({"events": MANY}), GIVEN, ""
        trials = Sustainable([Loaded(cell, 1000.0)], lambda *_: made, watch, world.load)
        records = [outcome.record for outcome in trials.measured(world, [])]
        return trials.told[0], records, world

    return found


def test_it_is_what_the_job_takes(found, capsys):
    """Each trial is a run, whose answer is right; more than one process feeds high rates."""
    told, records, world = found(capacity=123_000)

    assert "" == told.refusal
    assert 110_000 <= told.rate <= 123_000 * 1.02
    assert len(records) == len(told.steps)
    assert {1, 2} <= set(world.parts_made)
    report.tell([told])
    shown = capsys.readouterr().out
    assert f"{told.rate:,.0f}" in shown
    assert "at least" not in shown
    assert told.data()["steps"][0]["holds"]


def test_what_the_generator_cannot_make_is_no_limit_of_the_job(found, capsys):
    """The job takes that much at least."""
    told, _, _ = found(capacity=123_000, able=50_000)

    assert ("", 16_000) == (told.refusal, told.rate)
    report.tell([told])
    shown = capsys.readouterr().out
    assert "at least 16,000" in shown
    assert "generator-bound: events were made at 50,000/s" in shown


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ({"wrong": True}, "fail: copies: extra 1"),
        ({"restarts": True}, "its job was restarted"),
        ({"able": 10}, "generator-bound"),
        ({"capacity": 0}, "lag grew at each rate"),
    ],
)
def test_what_is_not_right_has_no_number(found, capsys, trouble, told):
    refused, _, _ = found(**{"capacity": 5000, **trouble})

    assert told in refused.refusal
    report.tell([refused])
    assert "copy-sql-streaming-kafka-9.0: no number: " in capsys.readouterr().out
