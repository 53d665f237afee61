"""A job stands still when it has read all, its sinks get nothing and its tasks wait."""

import math
from datetime import timedelta
from types import SimpleNamespace

import pytest

from streamgauge.standstill import Standstill, seconds


class Stage:
    """A stage by a clock of its own, on which each look takes half a second."""

    def __init__(self, monkeypatch, dialect="sql", patience=60, **settings):
        self.cell = SimpleNamespace(dialect=dialect, udf=None, scenario=SimpleNamespace(sources=[]))
        self.fed = SimpleNamespace(entries=[(), ()])
        self.patience = patience
        self.settings = {name.replace("__", "."): value for name, value in settings.items()}
        self.now = 0.0
        self.read = True
        self.changes = 2
        self.waited = lambda: {("map", 0): self.now, ("count", 1): self.now}
        monkeypatch.setattr("time.monotonic", lambda: self.now)

    def count(self):
        return self.changes

    def consumed(self):
        return self.read

    def waits(self):
        return self.waited()

    def still_after(self, most=1000.0, each=lambda _: None):
        """The second in which the job was first told to stand still, within so many from now."""
        stands, end = Standstill(self), self.now + most
        while self.now < end:
            each(self.now)
            if stands():
                return self.now
            self.now += 0.5
        return math.inf


@pytest.fixture
def stage(monkeypatch):
    return lambda *told, **settings: Stage(monkeypatch, *told, **settings)


def test_job_that_waits_stands_still(stage):
    """Long before a patience of 60 s is at its end."""
    assert 7 == stage().still_after()


@pytest.mark.parametrize(
    ("dialect", "settings", "after"),
    [
        ("sql", {"execution__checkpointing__interval": "500 ms"}, 9),
        ("sql", {"table__exec__source__idle-timeout": "3 s"}, 19),
        ("process", {"python__fn-execution__bundle__time": "20"}, 9),
        ("process", {}, 11),
        ("table", {}, 11),
        ("process", {"python__fn-execution__bundle__time": "PT1S"}, math.inf),
    ],
)
def test_what_may_be_held_back_is_waited_for(stage, dialect, settings, after):
    """Bundles of Python, checkpoints, idle sources: as long as the job's settings say."""
    assert after == stage(dialect, **settings).still_after()


def test_a_source_that_may_be_idle_is_waited_for(stage):
    """As for the setting of all: two operators in a row may hold a result back as long."""
    made = stage()
    made.cell.scenario.sources = [SimpleNamespace(idle=timedelta(seconds=3))]

    assert 19 == made.still_after()


def test_who_has_more_patience_waits_longer(stage):
    """For a job whose timers take their time."""
    assert 52 == stage("sql", 600).still_after()


def test_input_that_is_not_read_is_waited_for(stage):
    """All of it is read at second 30."""
    made = stage()

    def read(now):
        made.read = now >= 30

    assert 35 <= made.still_after(each=read) <= 36


def test_each_change_begins_the_wait_anew(stage):
    """As does each record that is fed; the last comes at second 20."""
    made = stage()

    def come(now):
        made.changes = min(int(now), 20)

    assert 26 == made.still_after(each=come)
    made.fed.entries.append(())
    assert 26 + 7 == made.still_after()


def test_task_at_work_is_waited_for(stage):
    """Its neighbours wait meanwhile: a function takes 40 s before its first row."""
    made = stage("process")
    made.waited = lambda: {("source", 0): made.now, ("map", 0): max(made.now - 40, 0.7)}

    assert 40 + 7 <= made.still_after() <= 40 + 10


def test_wait_that_came_before_is_no_wait(stage):
    """Flink adds it up late: a task at work seems to have waited for what it did before."""
    made = stage()
    made.waited = lambda: {("map", 0): 100 if made.now < 4 else 104.9}

    assert math.inf == made.still_after()


def test_tasks_that_have_not_begun_do_not_wait(stage):
    """They tell 0, however long."""
    made = stage()
    made.waited = lambda: {("map", 0): 0}

    assert math.inf == made.still_after()


@pytest.mark.parametrize(
    ("text", "told"),
    [("20", 0.02), ("500 ms", 0.5), ("3 s", 3), ("1min", 60), ("2 h", 7200), ("soon", math.inf)],
)
def test_durations_are_those_of_settings(text, told):
    """Without a unit they are milliseconds; what cannot be read has no end."""
    assert told == seconds(text)
