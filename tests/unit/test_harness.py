"""A harness starts what is needed when it is needed, once."""

import os
from threading import Event
from types import SimpleNamespace

import pytest

from streamgauge import engine, versions
from streamgauge import harness as module
from streamgauge.bindings import KINDS
from streamgauge.errors import StreamgaugeError
from streamgauge.harness import Harness, keep_printed
from streamgauge.runtimes import runtime


class Engine:
    """Keeps what was done to it."""

    def __init__(self, line, *, timed):
        self.line, self.timed = line, timed
        self.alive = True
        self.stopped = self.closed = False

    def stop(self):
        self.stopped = True

    def close(self):
        self.closed = True


@pytest.fixture
def harness(tmp_path, monkeypatch):
    """Makes a harness of so many engines, whose engines are none."""
    monkeypatch.setattr(runtime, "install", lambda line, _: line)
    monkeypatch.setattr(engine, "start", lambda _, line, timed: Engine(line, timed=timed))
    space = SimpleNamespace(id="run_1", data=tmp_path, logs=tmp_path, zone="UTC")
    return lambda engines=1, **more: Harness(space, engines=engines, **more)


_SECONDS = 10
ONE, TWO, THREE = list(versions.lines().values())[:3]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("got key pw of topic\n", "got key *** of topic\n"), ("", None), (None, None)],
)
def test_what_a_program_printed_is_kept_without_passwords(tmp_path, text, kept):
    """If it has printed anything: else there is no file, and the record names none."""
    file = tmp_path / "a.printed"
    if text is not None:
        file.write_text(text)
    record = SimpleNamespace(printed=str(file))
    keep_printed(SimpleNamespace(masked=lambda told: told.replace("pw", "***")), record)

    assert ((kept and str(file)) or "") == record.printed
    assert kept == (file.read_text() if file.exists() else None)


def test_engine_of_a_line_is_started_once(harness):
    """Whoever asks for it again gets the same."""
    made = harness()

    assert made.engine(ONE) is made.engine(ONE)


@pytest.mark.parametrize("timed", [False, True])
def test_what_is_timed_is_alone_and_compiled_for_speed(harness, timed):
    """What is not starts sooner, and goes beside others."""
    made = harness(timed=timed)

    assert timed == made.engine(ONE).timed
    assert timed == (made.at_once == 1) or os.cpu_count() == 1


def test_one_engine_at_a_time_unless_told(harness):
    """Two clusters are one too many for a small machine."""
    made = harness()
    first, second = made.engine(ONE), made.engine(TWO)

    assert (True, False) == (first.stopped, second.stopped)


def test_several_engines_at_once(harness):
    """The one that was not used for longest goes first."""
    made = harness(engines=2)
    first, second = made.engine(ONE), made.engine(TWO)
    made.engine(ONE)
    third = made.engine(THREE)

    assert [False, True, False] == [first.stopped, second.stopped, third.stopped]


def test_engine_that_died_is_started_anew(harness):
    """What is left of it is ended."""
    made = harness()
    first = made.engine(ONE)
    first.alive = False

    assert first is not made.engine(ONE)
    assert first.stopped


def test_services_of_later_cells_wait_for_the_engine(harness, monkeypatch):
    """Only what the first cell needs starts beside it, so that its verdict comes soon."""
    up, started, told = Event(), Event(), []

    def start(_, line, timed):
        assert up.wait(_SECONDS)
        return Engine(line, timed=timed)

    def provided(self, name):
        told.append((name, up.is_set()))
        if name == "mysql":
            started.set()
        return name

    monkeypatch.setattr(engine, "start", start)
    monkeypatch.setattr(Harness, "_provided", provided)
    made = harness()
    made.prepare([cell("kafka"), cell("debezium")])
    made.service("kafka")
    up.set()

    assert started.wait(_SECONDS)
    assert [("kafka", False), ("mysql", True)] == told[:2]


def cell(binding):
    """As much of one as is needed to prepare it."""
    return SimpleNamespace(absent=None, kind=KINDS[binding], line=ONE)


def test_engines_are_closed_whatever_one_of_them_says(harness, monkeypatch):
    """The first error is told when all are closed."""

    def close(self):
        self.closed = True
        raise OSError("no")

    monkeypatch.setattr(Engine, "close", close)
    made = harness(engines=2)
    both = made.engine(ONE), made.engine(TWO)

    with pytest.raises(OSError, match="no"):
        made.close()
    assert [True, True] == [one.closed for one in both]


def test_names_are_not_given_twice(harness):
    """Of topics and databases, say."""
    made = harness()

    assert made.unique_name() != made.unique_name()


def test_a_cluster_of_somebody_s_own_may_be_up_again(tmp_path, monkeypatch, harness):
    """The next cell tries it, where ours that never came up is not tried twice."""
    answers = iter([StreamgaugeError("nobody there"), Engine("joined", timed=False)])

    def join(*_):
        if isinstance(answer := next(answers), Exception):
            raise answer
        return answer

    monkeypatch.setattr(module.remote, "join", join)
    monkeypatch.setattr(engine, "join", lambda _, __, joined, ___: joined)
    space = SimpleNamespace(id="run_1", data=tmp_path, logs=tmp_path, zone="UTC")
    made = Harness(space, cluster=SimpleNamespace(access=None, slots=2))

    with pytest.raises(StreamgaugeError, match="nobody there"):
        made.engine(ONE)
    assert "joined" == made.engine(ONE).line
