"""What makes a rate of events, and what makes that there is none."""

import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.attachments import Arrival
from streamgauge.bindings import KINDS
from streamgauge.cells import make_cell
from streamgauge.errors import JobError
from streamgauge.measure.meter import Meter
from streamgauge.measure.side import SELDOM, Side
from streamgauge.measure.throughput import Bench
from streamgauge.records import GIVEN
from streamgauge.report import bench as report
from streamgauge.report.bench import Measured, Timed, Used
from streamgauge.values.inputs import Inputs
from streamgauge.waiting import wait_for
from tests.unit.timed import Steady
from tests.unit.world import COPIED, LINE, ROWS, TOO_MANY, World, copying


class Busy(World):
    """A world whose jobs take half a second for each thousand events they were asked for.

    The answer of job `wrong` has a row too many; job `dies` has died, `restarts` was restarted.
    """

    def __init__(self, tmp_path, *, wrong=0, dies=0, restarts=0):
        super().__init__(tmp_path)
        self.wrong, self.dies, self.restarts = wrong, dies, restarts
        self.parts, self.asked_for = {}, []

    def made(self, _, events):
        self.asked_for.append(events)
        return Inputs.of({"events": ROWS}), GIVEN, ""

    def times(self, job):
        took = {"accepted": 99.0, "running": 100.0, "finished": 100 + self.asked_for[-1] / 2000}
        return {**took, **({"restarting": 99.5} if len(self.jobs) == self.restarts else {})}

    def execute(self):
        job = super().execute()
        if len(self.jobs) == self.dies:
            raise JobError("out of memory")
        return job

    def read(self, sink):
        changes = TOO_MANY if len(self.jobs) == self.wrong else COPIED
        return [Arrival(change, 100 + at / 4) for at, change in enumerate(changes, 1)]

    def wait_finished(self, job, seconds, meanwhile, every):
        self.every = every


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """What is told of the one cell, the records of its rounds, and the world."""

    def measured(*, machine=None, events=None, makes=math.inf, **more):
        monkeypatch.setattr("streamgauge.measure.throughput.makes", lambda _: makes)
        world = Busy(tmp_path, **more)
        monkeypatch.setitem(KINDS, "kafka", world.kind())
        scenario = replace(copying(), rows=1000)
        cell = make_cell(scenario, "sql", "batch", "kafka", LINE)
        watch = (machine or Steady()).watch
        bench = Bench([Side("", cell)], world.made, 3, events, watch)
        records = [outcome.record for outcome in bench.measured(world, [])]
        return bench.told[0], records, world

    return measured


def test_rounds_are_long_enough_before_they_count(measured):
    """What warms up is over more and more events, until a job takes two seconds."""
    told, records, world = measured()

    assert [1000, 4000] == world.asked_for
    assert (2 * 2 + 3, 3) == (len(records), len(told.rounds))
    assert 2 == len(told.warm)
    assert {"build", "submit", "start", "row", "job"} == told.rounds[0].seconds.keys()
    assert [1.0, 0.25, 2.0] == [told.rounds[0].seconds[part] for part in ("start", "row", "job")]
    assert SELDOM == world.every
    assert [len(ROWS) / 2] * 3 == told.rates


def test_a_given_number_of_events_is_kept_to(measured):
    _, records, world = measured(events=10)

    assert [10] == world.asked_for
    assert 2 + 3 == len(records)


@pytest.mark.parametrize(("rounds", "number"), [(1, False), (2, False), (3, True)])
def test_what_ends_early_is_cut_short(tmp_path, monkeypatch, capsys, rounds, number):
    """As by Ctrl-C: what was measured so far is told as what it is, and what was made goes."""
    monkeypatch.setattr("streamgauge.measure.throughput.makes", lambda _: math.inf)
    world = Busy(tmp_path)
    monkeypatch.setitem(KINDS, "kafka", world.kind())
    cell = make_cell(copying(), "sql", "batch", "kafka", LINE)
    bench = Bench([Side("", cell)], world.made, 3, 10, Steady().watch)
    outcomes = bench.measured(world, [])
    for _ in range(rounds + 1):
        next(outcomes)
    outcomes.close()
    (told,) = bench.told
    report.tell([told])

    assert number == ("rate" in told.data())
    assert told.data()["cut_short"]
    shown = capsys.readouterr().out
    assert f"cut short after {len(told.rounds)} rounds that count" in shown
    assert world.done.count("create") == world.done.count("drop")


@pytest.mark.parametrize("number", [1, 2, 4, 6])
@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ("wrong", "fail: copies: extra 1"),
        ("dies", "unknown: out of memory"),
        ("restarts", "its job was restarted"),
    ],
)
def test_what_is_not_right_has_no_number(measured, capsys, trouble, told, number):
    """In warm-up as in a round that counts; nothing is timed after it."""
    found, records, _ = measured(**{trouble: number})

    assert number == len(records)
    report.tell([found])
    assert f"no number: copy-sql-batch-kafka-9.0.2: {told}" in capsys.readouterr().out.replace(
        "copy-sql-batch-kafka-9.0: ", "", 1
    )


def test_a_generator_that_is_too_slow_has_no_number(measured):
    """It makes four events a second, of which the job takes eight."""
    found, _, _ = measured(events=1000, makes=4.0)

    assert "generator-bound: events were made at 4/s, and taken at 8/s" in found.refusal


@pytest.mark.parametrize(
    ("machine", "told"),
    [
        (Steady(jumps=4), "the clock jumped by +3600.0 s"),
        (Steady(stolen=0.1), "the machine's host took 10% of its CPU time"),
        (Steady(others=0.2), "other processes took 20% of the machine's CPU time"),
    ],
)
def test_a_machine_that_cannot_measure_has_no_number(measured, machine, told):
    found, _, _ = measured(machine=machine)

    assert told == found.refusal


def test_what_python_workers_use_is_apart(tmp_path):
    """While they run, and when they have ended: by what has started them."""
    burn = "import time\nwhile time.process_time() < 0.3: pass\nprint(flush=True)\n"
    stay = f"{burn}input()"
    code = (
        "import subprocess\n"
        f"subprocess.run([{sys.executable!r}, '-c', {burn!r}], stdout=subprocess.DEVNULL)\n"
        f"subprocess.run([{sys.executable!r}, '-c', {stay!r}])\n"
    )
    java = tmp_path / "java"
    java.symlink_to(Path(sys.executable).resolve())
    pipe = subprocess.PIPE
    with subprocess.Popen([java, "-c", "input()\n" + code], stdin=pipe, stdout=pipe) as top:
        meter = Meter([top.pid])
        top.stdin.write(b"\n")
        top.stdin.flush()
        top.stdout.readline()
        wait_for(lambda: meter._peak["python"], bool, 10, str)
        meter.stop()
        top.communicate(b"\n")

    # Of two that took 0.3 s each, in ticks of 0.01 s.
    assert meter.used.cpu["python"] > 0.5
    assert meter.used.cpu["jvm"] < 0.3
    assert all(meter.used.memory.values())
    assert meter.used.share > 0


def test_rates_are_told_against_sql(capsys):
    """Of the same scenario."""
    report.tell([rate("words", "sql", 2.0), rate("words", "table", 4.0), rate("other", "table", 1)])
    rows = capsys.readouterr().out

    assert "words-sql" in rows
    for cell, ratio in (("words-sql", "1.00"), ("words-table", "0.50")):
        (line,) = (line for line in rows.splitlines() if cell in line)
        assert ratio in line.split()
        assert "0.50 0.60" in line
        assert "9.00" in line
        assert "1.50 0.50 0.01 (4%)" in line
    assert rate("words", "table", 4.0).data()["rate"] == 250.0


def rate(scenario, dialect, seconds):
    used = Used({"jvm": 1.5, "python": 0.5, "harness": 0.01}, {"jvm": 900, "python": 80}, 0.04)
    times = {"build": 0.1, "submit": 0.2, "start": 0.3, "job": seconds}
    cold = Timed({**times, "job": 9}, used)
    found = Measured(f"{scenario}-{dialect}", scenario, 1, dialect, 1000, warm=[cold])
    for row in (0.5, 0.7, 0.6):
        found.rounds.append(Timed({**times, "row": row}, used))
    return found
