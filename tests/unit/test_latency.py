"""What makes a latency, and what makes that there is none."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from streamgauge.attachments import Arrival, Outlet
from streamgauge.attachments.place import AT_LEAST_ONCE, EXACTLY_ONCE
from streamgauge.bindings import KINDS
from streamgauge.cells import delivered, make_cell
from streamgauge.errors import JobError, ScenarioError
from streamgauge.measure import latency
from streamgauge.measure.effects import effects
from streamgauge.measure.latency import Latencies
from streamgauge.measure.load import Sending
from streamgauge.measure.trial import Loaded
from streamgauge.records import GIVEN
from streamgauge.report import latency as report
from streamgauge.report.latency import Latency, Spread
from streamgauge.services.endpoint import Endpoint
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Inputs
from streamgauge.worker.client import Operator
from tests.unit.timed import Steady
from tests.unit.world import LINE, NOON, ROWS, World, copying

# Of which the first two seconds warm up.
MANY = [row for row in ROWS for _ in range(100)]
RATE, WARM = 100.0, 2.0
COUNTED = len(MANY) - 200
SENT = Sending(len(MANY), RATE, begin=1000.0, seconds=4.0, able=9000.0, late=0.002, mean_late=0.0)

PROCESS_MODE = [Operator("PythonScalarFunctionOperator", by_watermark=False, by_clock=False)]


def led_to(inputs):
    return {"copies": list(enumerate(inputs["events"]))}


class Fed(World):
    """A world whose load is sent by nobody, and whose rows show `late` seconds after they are due.

    The rows of the warm-up take a second more; of the last ones, `unknown`, nobody knows when.
    """

    def __init__(
        self,
        tmp_path,
        *,
        sent=SENT,
        wrong=False,
        dies=False,
        restarts=False,
        unknown=0,
        operators=(),
    ):
        super().__init__(tmp_path, still=True, operators=operators)
        self.sent, self.wrong, self.dies, self.restarts = sent, wrong, dies, restarts
        self.parts, self.late, self.unknown = {}, 0.25, unknown

    @property
    def sources(self):
        return {"events": self}

    @property
    def feeder(self):
        return self

    def outlet(self, source):
        return Outlet(Endpoint("127.0.0.1", 1, "", ""), source, 1)

    def lag(self):
        return 0

    def follow(self, sinks):
        """Two seconds after the broker has appended them."""
        assert ["copies"] == sinks
        self.done.append("follow")
        return SimpleNamespace(
            seen=lambda _, count: [self.at(n) + 2 for n in range(count)],
            stop=lambda: self.done.append("follow no more"),
        )

    def load(self, _, wanted, outlet):
        self.done.append(f"make {wanted.rows} for {outlet.topic}")
        return SimpleNamespace(go=self.go, stop=lambda: self.done.append("load no more"))

    def go(self, meanwhile):
        meanwhile()
        self.clocks()
        self.done.append("load")
        return self.sent

    def wait_running(self, job, seconds):
        self.done.append(f"{job} runs")

    def check_alive(self, job):
        if self.dies:
            raise JobError("out of memory")

    def times(self, job):
        return {**super().times(job), **({"restarting": 99.5} if self.restarts else {})}

    def read(self, sink):
        if "load" not in self.done:
            return []
        rows = [*MANY, (NOON, 99)] if self.wrong else MANY
        return [Arrival(Change("+I", row), self.at(n)) for n, row in enumerate(rows)]

    def at(self, index):
        if index >= len(MANY) - self.unknown:
            return None
        return self.sent.due(index) + self.late + (index < WARM * RATE)


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """What is told of the one cell, its records, and the world."""

    def measured(*, machine=None, warm=WARM, delivery=AT_LEAST_ONCE, udf=None, **more):
        world = Fed(tmp_path, **more)
        monkeypatch.setitem(KINDS, "kafka", world.kind())
        cell = make_cell(copying(effects=led_to), "sql", "streaming", "kafka", LINE, udf)
        cell = delivered(cell, delivery)
        made = Inputs.of({"events": MANY}), GIVEN, ""
        watch = (machine or Steady()).watch
        world.clocks = watch.clocks
        cells = [Loaded(cell, RATE)]
        found = Latencies(cells, lambda *_: made, None, watch, world.load, warm)
        records = [outcome.record for outcome in found.measured(world, [])]
        return found.told[0], records, world

    return measured


def test_it_is_from_when_an_entry_was_due_until_it_shows(measured):
    """Those of the warm-up left out; messages are made before the job, and sent when it runs."""
    told, (record,), world = measured()

    spread = told.spreads["copies"]
    assert "" == told.refusal
    assert (COUNTED, 0) == (spread.count, spread.negative)
    assert [0.25] * 3 == pytest.approx([spread.least, spread.most, spread.percentiles["p50"]], 2e-3)
    assert (RATE, 0.002) == (told.load["rate"], told.load["late"])
    begun = [each for each in world.done if each in {"load", "job 1 runs"} or "submit" in each]
    assert ["submit at 1", "job 1 runs", "load"] == begun
    assert world.done.index(f"make {len(MANY)} for events") < world.done.index("submit at 1")
    assert "load" == record.lifecycle


def test_what_changed_nothing_is_counted_apart(measured):
    """Of a row that was there already MySQL's binlog has nothing."""
    told, _, _ = measured(unknown=5)

    assert (5, COUNTED - 5) == (told.unseen, told.spreads["copies"].count)


@pytest.mark.parametrize("wrong", [False, True])
def test_what_is_committed_shows_when_a_reader_gets_it(measured, wrong):
    """A transaction's messages are appended before; he reads from the job's start to its end."""
    told, _, world = measured(delivery=EXACTLY_ONCE, wrong=wrong)

    assert EXACTLY_ONCE == told.delivery
    assert wrong or 2.25 == pytest.approx(told.spreads["copies"].least)
    begun, ended = map(world.done.index, ("follow", "follow no more"))
    assert begun < world.done.index("submit at 1") < world.done.index("load") < ended


def test_a_job_that_dies_is_fed_no_more(measured):
    """The next one would share the machine with what is sent to it."""
    _, _, world = measured(dies=True)

    assert "load no more" in world.done


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ({"wrong": True}, "fail: copies: extra 1"),
        ({"dies": True}, "unknown: out of memory"),
        ({"udf": "thread", "operators": PROCESS_MODE}, "functions were to run in mode thread"),
        ({"restarts": True}, "its job was restarted"),
        ({"sent": SENT._replace(able=150)}, "generator-bound: events were made at 150/s"),
        ({"machine": Steady(jumps=2)}, "the clock jumped by +3600.0 s"),
        ({"machine": Steady(stolen=0.1)}, "the machine's host took 10% of its CPU time"),
        ({"machine": Steady(others=0.2)}, "other processes took 20% of the machine's CPU time"),
        ({"warm": 1000.0}, "too few events"),
    ],
)
def test_what_is_not_right_has_no_number(measured, capsys, trouble, told):
    """And the reason is told."""
    found, _, _ = measured(**trouble)

    assert told in found.refusal
    report.tell([found])
    shown = capsys.readouterr().out
    assert f"{found.cell}: no number: " in shown
    assert "p50" not in shown


def test_effects_are_held_against_the_oracle():
    """One that is left out, and one that is another's, are told."""
    inputs = Inputs.of({"events": ROWS})
    whole = copying(effects=led_to)

    assert list(enumerate(ROWS)) == effects(whole, inputs)["copies"]
    for wrong in (ROWS[1:], [*ROWS[1:], (NOON, 99)]):
        scenario = replace(whole, effects=lambda _, rows=wrong: {"copies": list(enumerate(rows))})
        with pytest.raises(ScenarioError, match="effects: sink copies: they do not come to"):
            effects(scenario, inputs)


def test_effects_of_a_key_come_to_its_last_row():
    rows = [(NOON, 1), (NOON, 2)]
    scenario = copying(key=("at",), effects=led_to)
    scenario = replace(scenario, oracle=lambda inputs: {"copies": inputs["events"][-1:]})

    assert list(enumerate(rows)) == effects(scenario, Inputs.of({"events": rows}))["copies"]


def test_a_scenario_says_what_an_entry_leads_to():
    """Or it tells by event time."""
    assert "oracle.py has no effects(inputs)" in latency.refused(copying())
    assert "" == latency.refused(copying(effects=led_to))
    assert "" == latency.refused(copying(time="at", due="at"))


def test_what_is_told(capsys):
    """In milliseconds, with what was negative."""
    spread = Spread(10_000, 3, -0.0012, 1.2345, {"p50": 0.0123, "p90": 0.1, "p99": 0.15})
    told = Latency("words-sql", "words", 1, "sql", "at-least-once", 1000.0)
    told.load, told.spreads = {"rate": 999.6, "late": 0.004}, {"counts": spread}
    report.tell([told])
    (row,) = (line for line in capsys.readouterr().out.splitlines() if "words-sql" in line)

    for text in ("10000", "12.3", "100", "150", "1230", "3 (-1.2)", "1,000, 4"):
        assert text in row
    assert 0.15 == told.data()["spreads"]["counts"]["percentiles"]["p99"]
