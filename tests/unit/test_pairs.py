"""Two cells in turn: what makes a number, and what makes that there is none."""

from dataclasses import replace
from itertools import count
from unittest.mock import Mock

import pytest

from streamgauge.attachments import Raw
from streamgauge.bindings import KINDS
from streamgauge.cells import make_cell
from streamgauge.errors import JobError, StreamgaugeError, UsageError
from streamgauge.graph import Node
from streamgauge.measure.machine import Usage, clocks, usage
from streamgauge.measure.pairs import Limits, Pair
from streamgauge.measure.side import Side
from streamgauge.measure.slowed import Slowed
from streamgauge.planted import SECONDS, Slower
from streamgauge.records import GIVEN
from streamgauge.report import compare as report
from streamgauge.report.compare import sentence_of
from streamgauge.values.inputs import Inputs
from streamgauge.worker.client import Operator
from tests.unit.timed import Steady, Timed
from tests.unit.world import COPIED, LINE, ROWS, copying

FIRST, SECOND = "sql", "table"
LIMITS = Limits(40, 1000)


@pytest.fixture
def compared(tmp_path, monkeypatch):
    """What a comparison in a world comes to, and the world."""

    def compare(seconds, *, machine=None, events=4, limits=LIMITS, udf=None, **more):
        world = Timed(tmp_path, seconds=seconds, **more)
        monkeypatch.setitem(KINDS, "kafka", world.kind())
        pair = a_pair(udf, events=events, limits=limits, watch=(machine or Steady()).watch)
        records = [outcome.record for outcome in pair.compared(world, [])]
        return pair.told, records

    return compare


def a_pair(udf=None, **more):
    cell = make_cell(copying(), "sql", "batch", "kafka", LINE, udf)
    first = Side(FIRST, cell)
    second = Side(SECOND, cell, settings=(("second", "yes"),))
    return Pair((first, second), lambda _: (Inputs.of({"events": ROWS}), GIVEN, ""), **more)


def twice(number, second):
    return (2 if second else 1) * (1 + 0.001 * (number % 5))


def varying(number, _):
    return 1 + 0.03 * (number % 5)


def alike(number, second):
    return 1 + 0.001 * (number % 5)


def test_the_same_plan_and_no_difference(compared):
    told, records = compared(alike)

    assert "copy: table and sql compile to the same plan; building it takes " in sentence_of(told)
    assert sentence_of(told).endswith("would have been")
    assert ("", False, []) == (told.refusal, told.cut_short, told.plan)
    assert [*range(1, len(records) + 1)] == [record.number for record in records]


def test_rounds_go_on_until_the_interval_is_narrow(compared):
    """The first of each is tried, four warm up, and two dozen are the least."""
    told, records = compared(alike)

    assert 2 + 4 + 24 == len(records) == len(told.rounds)
    assert [0, 1, *[0, 1, 1, 0] * 7] == [each.side for each in told.rounds]
    assert [True] * 6 + [False] * 24 == [each.warm for each in told.rounds]
    assert "after which the interval was narrow enough" == told.ended


def test_numbers_of_anonymous_streams_are_no_difference(tmp_path, monkeypatch):
    """The planner counts them on from job to job."""
    world = Timed(tmp_path, seconds=alike)
    monkeypatch.setitem(KINDS, "kafka", world.kind())
    monkeypatch.setattr(world, "compile", lambda: "")
    numbers = count(6, 2)

    def graph():
        scan = f"[7]:TableSourceScan(table=[[*anonymous_datastream_source${next(numbers)}*]])"
        return [Node("", "Scan[7]", scan, "", (), state=None)]

    monkeypatch.setattr(world, "graph", graph)
    pair = a_pair(events=4, watch=Steady().watch)
    list(pair.compared(world, []))

    assert [] == pair.told.plan
    assert 10 == next(numbers)


def test_a_limit_of_rounds(compared):
    told, _ = compared(varying, limits=Limits(32, 1000))

    assert 32 == sum(not each.warm for each in told.rounds)
    assert "the limit of rounds" == told.ended


def test_too_few_rounds_have_no_number(compared):
    told, _ = compared(alike, limits=Limits(120, 30))

    assert not told.is_number
    assert sentence_of(told).endswith("no number: there were too few rounds that count")


def test_a_limit_of_time(compared):
    """The block is gone through to its end."""
    told, _ = compared(varying, limits=Limits(400, 50))

    assert "the limit of time" == told.ended


def test_one_with_another_plan_that_is_slower(compared):
    told, _ = compared(twice, plans=("Calc", "Sort"))

    assert "copy: table and sql have different plans" in sentence_of(told)
    assert "job time 2.00 [2.00, 2.00]: table is slower" in sentence_of(told)
    assert ["~ Calc: now Sort"] == told.plan


def test_with_the_same_plan_no_winner_is_named(compared):
    told, _ = compared(twice)

    assert "slower" == told.ratios["job"].found
    assert sentence_of(replace(told, alike=True)).endswith(
        "the plan is the same, so that is no property of either"
    )


def test_with_the_same_plan_run_another_way_it_is(compared):
    """Here by a setting."""
    told, _ = compared(twice)

    assert sentence_of(told).endswith("job time 2.00 [2.00, 2.00]: table is slower")


@pytest.mark.parametrize("wrong", [2, 9])
def test_a_wrong_answer_has_no_number(compared, wrong):
    """Whenever it comes; nothing is timed after it."""
    told, records = compared(alike, wrong=wrong)

    assert wrong == len(records)
    assert "copy: no number: copy-sql-batch-kafka-9.0.2: fail: copies: extra 1" in sentence_of(told)


def test_a_job_that_restarts_has_no_number(compared):
    told, _ = compared(alike, restarts=8)

    assert sentence_of(told).endswith("copy-sql-batch-kafka-9.0.2: its job was restarted")


def test_a_job_that_fails_has_no_number(compared):
    told, _ = compared(alike, trouble=(8, JobError("no")))

    assert sentence_of(told).endswith("no number: copy-sql-batch-kafka-9.0.2: unknown: no")


def test_a_thread_mode_that_falls_back_has_no_number(compared):
    chosen = [Operator("PythonScalarFunctionOperator", by_watermark=False, by_clock=False)]
    told, _ = compared(alike, udf="thread", operators=chosen)

    assert "unknown: functions were to run in mode thread" in sentence_of(told)
    assert sentence_of(told).endswith("but the planner chose PythonScalarFunctionOperator")


def test_a_clock_that_jumps_has_no_number(compared):
    """While a job is timed; at any other time it does no harm."""
    told, _ = compared(alike, machine=Steady(jumps=13))

    assert "copy: no number: the clock jumped by +3600.0 s" == sentence_of(told)


@pytest.mark.parametrize(
    ("machine", "reason"),
    [
        (Steady(stolen=0.05), "the machine's host took 5% of its CPU time"),
        (Steady(others=0.2), "other processes took 20% of the machine's CPU time"),
    ],
)
def test_a_loaded_machine_has_no_number(compared, machine, reason):
    told, _ = compared(alike, machine=machine)

    assert f"copy: no number: {reason}" == sentence_of(told)


class Bothered(Steady):
    """In every fourth round others take half of the machine, and jobs twice the time."""

    def __init__(self):
        super().__init__()
        self.asked, self.busy, self.last = 0, 0.0, 0

    def usage(self, _):
        passed, self.last = self.looks - self.last, self.looks
        self.asked += 1
        self.busy += 2 * passed * (0.9 if self.asked % 8 == 7 else 0.4)
        return Usage(2 * self.looks, self.busy, 0.0, 2 * self.looks * 0.4)


def test_rounds_in_which_others_took_the_machine_are_left_out(compared):
    """With what they are held against; what is left is as good as if they had not been."""
    told, _ = compared(
        lambda number, _: 2 if number % 4 == 3 else 1,
        machine=Bothered(),
        limits=Limits(64, 1000),
    )
    busy = [each for each in told.counted if each.loaded]

    assert len(told.counted) / 4 == len(busy)
    assert (1.0, 12) == (told.ratios["job"].value, told.ratios["job"].pairs)
    assert f"{len(busy)} left out since others took the machine" in report._how(told)


def test_a_noisy_machine_has_no_number(compared):
    """The same job takes half as long again each second time."""
    told, _ = compared(lambda n, _: 1.5 if n % 7 < 3 else 1)

    assert "no number: the machine is too noisy: the same job against itself" in sentence_of(told)


def test_events_grow_until_a_job_takes_a_while(compared):
    """The first of all are slow anyway."""
    told, _ = compared(lambda n, _: 9 if n < 3 else 0.1 * n, events=None)

    # Twice 1, then 4, 16, 64 and 256 events, when the eleventh job takes more than a second.
    assert 12 == sum(each.warm for each in told.rounds) - 4
    assert 256 == told.events


def test_a_slow_down_is_planted_when_both_have_warmed_up(tmp_path, monkeypatch):
    """Into the second: for each event its share of what the last round took."""
    world = Timed(tmp_path, seconds=lambda _, second: 2.2 if second else 2.0)
    monkeypatch.setitem(KINDS, "kafka", world.kind())
    slower = Slower("loop", "query.sql", "SELECT", f"/* {SECONDS} */ SELECT")
    pair = a_pair(events=4, watch=Steady().watch, slowed=Slowed(slower, 0.1))
    rounds = list(pair.compared(world, []))

    assert 2 + 4 + 4 + 24 == len(rounds)
    asked = [job.queries[0].text for job in world.jobs]
    assert ["/* 0.050000000 */" in text for text in asked] == [
        number >= 6 and each.side == 1 for number, each in enumerate(pair.told.rounds)
    ]
    assert "job time 1.10 [1.10, 1.10]: with loop is slower" in sentence_of(pair.told)
    assert sentence_of(pair.told).endswith(
        "50000.0 microseconds an event were planted, 10 % of the job"
    )


def test_events_are_fed_once_a_side(tmp_path, monkeypatch):
    """All rounds read the same ones, and what was made for them goes in the end."""
    world = Timed(tmp_path, seconds=alike)
    monkeypatch.setitem(KINDS, "kafka", world.kind())
    rounds = list(a_pair(events=4, watch=Steady().watch).compared(world, []))

    assert 2 == world.done.count(f"feed {len(ROWS)}")
    assert len(rounds) + 2 == world.done.count("create") == world.done.count("drop")


class Again(Timed):
    """Its sinks have `bytes_of(number)` after the job of this number."""

    bytes_of = staticmethod(lambda _: b"right")

    def raw(self):
        return Raw(self.bytes_of(len(self.jobs)), len(COPIED), 100.5)

    def read(self, sink):
        self.done.append("read")
        return super().read(sink)


def test_what_was_right_before_is_known_again(tmp_path, monkeypatch):
    """Each side's answer is looked at once, where every byte of it stays the same."""
    world = Again(tmp_path, seconds=alike)
    monkeypatch.setitem(KINDS, "kafka", world.kind())
    rounds = list(a_pair(events=4, watch=Steady().watch).compared(world, []))

    assert 2 == world.done.count("read")
    assert {"pass"} == {outcome.record.verdict for outcome in rounds}
    assert {len(COPIED)} == {outcome.record.rows_out for outcome in rounds}
    assert {100.5} == {outcome.record.at("first row") for outcome in rounds[2:]}


def test_what_is_wrong_is_never_known(tmp_path, monkeypatch):
    """Bytes that nobody has seen yet are looked at, and what was wrong is no answer."""
    world = Again(tmp_path, seconds=alike, wrong=9)
    world.bytes_of = lambda number: b"wrong" if number == 9 else b"right"
    monkeypatch.setitem(KINDS, "kafka", world.kind())
    pair = a_pair(events=4, watch=Steady().watch)

    assert 9 == len(list(pair.compared(world, [])))
    assert "fail: copies: extra 1" in pair.told.refusal


def test_events_that_cannot_be_fed_have_no_number(tmp_path, monkeypatch):
    """Nothing is run, and what was made for them goes."""
    world = Timed(tmp_path, seconds=alike)
    monkeypatch.setitem(KINDS, "kafka", world.kind())
    monkeypatch.setattr(world, "feed", Mock(side_effect=StreamgaugeError("Kafka: no answer")))
    pair = a_pair(events=4, watch=Steady().watch)

    assert [] == list(pair.compared(world, []))
    assert "copy: no number: Kafka: no answer" == sentence_of(pair.told)
    assert ["create", "drop"] == world.done


def test_what_ends_early_is_cut_short(tmp_path, monkeypatch):
    """As by Ctrl-C: what was measured is there, and told as what it is."""
    world = Timed(tmp_path, seconds=twice, plans=("Calc", "Sort"))
    monkeypatch.setitem(KINDS, "kafka", world.kind())
    pair = a_pair(events=4, watch=Steady().watch, whole=True)
    outcomes = pair.compared(world, [])
    for _ in range(2 + 4 + 24 + 1):
        next(outcomes)
    outcomes.close()

    assert pair.told.cut_short
    assert 24 == sum(not each.warm for each in pair.told.rounds)
    assert sentence_of(pair.told).endswith("table is slower; cut short")


def test_what_ends_early_on_a_loaded_machine_has_no_number(tmp_path, monkeypatch):
    world = Timed(tmp_path, seconds=twice)
    monkeypatch.setitem(KINDS, "kafka", world.kind())
    pair = a_pair(events=4, watch=Steady(others=0.5).watch, whole=True)
    outcomes = pair.compared(world, [])
    for _ in range(2 + 4 + 24 + 1):
        next(outcomes)
    outcomes.close()

    assert {} == pair.told.ratios
    assert sentence_of(pair.told).startswith("copy: no number: other processes took")


def test_before_the_first_block_there_is_no_number(tmp_path, monkeypatch):
    world = Timed(tmp_path, seconds=twice)
    monkeypatch.setitem(KINDS, "kafka", world.kind())
    pair = a_pair(events=4, watch=Steady().watch)
    outcomes = pair.compared(world, [])
    next(outcomes)
    outcomes.close()

    assert sentence_of(pair.told).endswith("too few rounds that count; cut short")


@pytest.mark.parametrize(
    ("mode", "more", "reason"),
    [
        ("streaming", {}, "its input has no end, so that no job could be timed"),
        ("batch", {"absent": {"sql": "not there"}}, "not there"),
    ],
)
def test_refused_before_anything_starts(mode, more, reason):
    cell = make_cell(copying(**more), "sql", mode, "kafka", LINE)

    with pytest.raises(UsageError, match=f"{cell.id}: {reason}"):
        Side("sql", cell)


def test_this_machine():
    """What it tells of itself goes on, and this process has a part in it."""
    begun, clock = usage([]), clocks()
    sum(range(3_000_000))
    then = usage([])

    assert "" == clocks().jumped(clock)
    assert then.ours > begun.ours
    assert then.all >= then.busy >= begun.busy
    assert then.ours - begun.ours <= then.all - begun.all + 0.1


def test_jobs_are_told_apart_by_their_settings(compared):
    told, records = compared(twice, plans=("Calc", "Sort"))

    assert [False, True] == ["second" in settings for settings in told.settings]
    assert records[0].settings == told.settings[0]


def test_data(compared):
    told, _ = compared(twice, plans=("Calc", "Sort"))
    data = told.data()

    assert sentence_of(told) == data["sentence"]
    assert {"build", "submit", "start", "job", "cpu"} == set(data["ratios"])
    assert replace(told).data() == data
