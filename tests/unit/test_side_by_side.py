"""Cells side by side on one engine: each as if it were alone, and never on two engines at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from itertools import count

import pytest

from streamgauge.abreast import abreast, made_once
from streamgauge.bindings import KINDS
from streamgauge.cells import make_cell
from streamgauge.errors import JobError, StreamgaugeError
from streamgauge.lifecycle import once, parallel
from streamgauge.records import GIVEN
from streamgauge.run import Run, run_cells
from streamgauge.stage import Stage
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Inputs
from tests.unit.world import LINE, NOON, ROWS, World, copying

OTHER = replace(LINE, name="9.1")
RIGHT = [Change("+I", row) for row in ROWS]
SECONDS = 10


class Meeting(World):
    """Jobs wait in it a while for another one; `most` is how many ever were there at once."""

    at_once = 2

    def __init__(self, tmp_path, *contents, seconds=0.1):
        super().__init__(tmp_path, *contents)
        self.seconds = seconds
        self.changed = threading.Condition()
        self.here, self.most, self.closed = [], 0, []
        self.lines = []

    def engine(self, line):
        self.lines.append(line.name)
        return super().engine(line)

    def wait_finished(self, job, seconds, meanwhile, every):
        with self.changed:
            self.here.append(job)
            self.most = max(self.most, len(self.here))
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.most > 1, self.seconds)
            self.here.remove(job)

    def cancel(self, job, seconds):
        self.closed.append(job)


@pytest.fixture
def runs(monkeypatch):
    """So many batch runs of a world, on lines."""

    def runs(world, *lines, lifecycle=None):
        monkeypatch.setitem(KINDS, "kafka", world.kind())
        cells = [make_cell(copying(), "sql", "batch", "kafka", line) for line in lines]
        return [
            Run(cell, Inputs.of({"events": ROWS}), GIVEN, lifecycle or once(cell.form))
            for cell in cells
        ]

    return runs


def test_cells_meet_on_one_engine(tmp_path, runs):
    """Two are there at the same time."""
    world = Meeting(tmp_path, RIGHT, seconds=SECONDS)
    outcomes = list(run_cells(world, runs(world, *[LINE] * 4)))

    assert ["pass"] * 4 == [outcome.record.verdict for outcome in outcomes]
    assert 2 == world.most


def test_cells_of_two_engines_do_not(tmp_path, runs):
    """To go to the other one may end the first."""
    world = Meeting(tmp_path, RIGHT)
    outcomes = list(run_cells(world, runs(world, LINE, OTHER, LINE)))

    assert ["pass"] * 3 == [outcome.record.verdict for outcome in outcomes]
    assert 1 == world.most


def test_who_needs_several_slots_is_alone(tmp_path, runs):
    """There are not enough for two of them."""
    world = Meeting(tmp_path, RIGHT)
    outcomes = list(run_cells(world, runs(world, LINE, LINE, lifecycle=parallel("bounded"))))

    assert ["pass"] * 2 == [outcome.record.verdict for outcome in outcomes]
    assert 1 == world.most


def test_cells_of_several_tasks_meet_where_there_are_slots_enough(tmp_path, runs):
    """Two of two tasks each have four."""
    world = Meeting(tmp_path, RIGHT, seconds=SECONDS)
    world.slots = 4
    outcomes = list(run_cells(world, runs(world, LINE, LINE, lifecycle=parallel("bounded"))))

    assert ["pass"] * 2 == [outcome.record.verdict for outcome in outcomes]
    assert 2 == world.most


def test_all_on_an_engine_that_died_begin_again_alone(tmp_path, runs):
    """Whose fault that was is not known; who breaks it again is unknown."""

    class Dying(Meeting):
        """Dies of two jobs at once, and with them."""

        died = False

        def wait_finished(self, job, seconds, meanwhile, every):
            super().wait_finished(job, seconds, meanwhile, every)
            if not self.died:
                self.alive = False
                raise JobError("the TaskManager is gone")

        def engine(self, line):
            if not self.alive:
                self.alive, self.died = True, True
                self.seconds = 0
            return super().engine(line)

    world = Dying(tmp_path, RIGHT, seconds=SECONDS)
    outcomes = list(run_cells(world, runs(world, LINE, LINE)))

    assert ["pass"] * 2 == [outcome.record.verdict for outcome in outcomes]


def test_who_was_alone_on_an_engine_that_died_is_unknown(tmp_path, runs):
    """Nobody else can have broken it."""

    class Dying(Meeting):
        def wait_finished(self, job, seconds, meanwhile, every):
            self.alive = False
            raise JobError("the TaskManager is gone")

    world = Dying(tmp_path, RIGHT)
    (outcome,) = run_cells(world, runs(world, LINE))

    assert ("unknown", 1) == (outcome.record.verdict, len(world.jobs))


def test_wrong_answers_stay_with_their_cells(tmp_path, runs):
    """Each is compared with its own inputs."""
    world = Meeting(tmp_path, RIGHT)
    right, wrong = runs(world, LINE, LINE)
    wrong = replace(wrong, inputs=Inputs.of({"events": [*ROWS, (NOON, 9)]}), number=2)
    told = {o.record.number: o.record.verdict for o in run_cells(world, [right, wrong])}

    assert {1: "pass", 2: "fail"} == told


def test_jobs_are_ended_when_nobody_wants_more(tmp_path, runs):
    """Those that still run are not waited for, and what was to come does not begin."""

    class Endless(Meeting):
        """But for the first job."""

        def wait_finished(self, job, seconds, meanwhile, every):
            with self.changed:
                ended = self.changed.wait_for(lambda: job == "job 1" or job in self.closed, SECONDS)
            if job in self.closed:
                raise JobError("canceled")
            assert ended

        def cancel(self, job, seconds):
            with self.changed:
                super().cancel(job, seconds)
                self.changed.notify_all()

    world = Endless(tmp_path, RIGHT)
    outcomes = run_cells(world, runs(world, *[LINE] * 9))
    next(outcomes)
    outcomes.close()

    assert 3 >= len(world.jobs)
    assert {f"job {number + 1}" for number in range(len(world.jobs))} == set(world.closed)


def test_what_is_made_while_a_run_ends_goes_too(tmp_path, runs, monkeypatch):
    """It is not there yet when the cells are closed: the first at its end, and then both."""
    closed = threading.Semaphore(0)

    class Slow(Meeting):
        """Its second place takes until then."""

        places = count(1)

        def create(self):
            if next(self.places) == 2:
                assert all(closed.acquire(timeout=SECONDS) for _ in range(3))
            super().create()

    def close(stage, close=Stage.close):
        close(stage)
        closed.release()

    monkeypatch.setattr(Stage, "close", close)
    world = Slow(tmp_path, RIGHT)
    outcomes = run_cells(world, runs(world, LINE, LINE))
    next(outcomes)
    outcomes.close()

    assert 2 == world.done.count("create") == world.done.count("drop")
    assert "drop" == [each for each in world.done if each in {"create", "drop"}][-1]


def test_what_ending_complains_of_does_not_hide_why():
    """A service that breaks as it is tidied up is not why a run ends."""

    def cut():
        raise StreamgaugeError("no answer")

    results = abreast([1, 2], abs, 1, cut)
    next(results)

    with pytest.raises(KeyboardInterrupt):
        results.throw(KeyboardInterrupt)


def test_what_is_made_once_is_for_all_who_ask_at_once():
    """The second waits for the first's: one that nobody keeps would be destroyed in use."""
    inside = threading.Barrier(2)

    @made_once
    def make(name):
        with suppress(threading.BrokenBarrierError):
            inside.wait(0.1)
        return object()

    with ThreadPoolExecutor(2) as pool:
        assert 1 == len(set(pool.map(make, ["kafka", "kafka"])))
