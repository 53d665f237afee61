"""What one has to write for a new action, a new attachment, a new provider: this, and no more."""

from dataclasses import dataclass
from types import SimpleNamespace

from streamgauge.attachments import Arrival
from streamgauge.attachments.ddl import create_table
from streamgauge.bindings import Kind, Place
from streamgauge.cells import make_cell
from streamgauge.feasible import refusal
from streamgauge.harness import Harness
from streamgauge.lifecycle import Action, Feed, Lifecycle, Start, Verify, once
from streamgauge.perform import perform
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Inputs
from tests.unit.world import COPIED, LINE, ROWS, World, copying

INPUTS = Inputs.of({"events": ROWS})


@dataclass(frozen=True)
class Nap(Action):
    """Let the job alone for a while, and look that nothing has changed."""

    needs = "no end"
    seconds: float


@perform.register
def _nap(action: Nap, performance):
    performance.stage.check_running()
    return performance.verifier.hold(action.seconds)


def test_new_action(tmp_path, monkeypatch):
    """It stands in a lifecycle, and is done where it stands."""
    plain = once("plain").actions
    nap = Lifecycle("nap", (*plain[:5], Nap(0), *plain[5:]))
    record = World(tmp_path, COPIED[:2], COPIED).run(monkeypatch, lifecycle=nap).record

    assert ("pass", "nap") == (record.verdict, record.lifecycle)


def test_new_action_is_refused_where_it_cannot_be_done():
    """By what it says that it needs."""
    nap = Lifecycle("nap", (Feed(1), Start(), Nap(0), Verify()))
    bounded = make_cell(copying(), "sql", "batch", "kafka", LINE)

    assert "nap: Nap cannot be done over input that has an end" == refusal(bounded, INPUTS, nap, 3)


class Shelf:
    """A table in memory; as a source it takes its records itself."""

    bounded = True
    settings = {}  # noqa: RUF012 - as short as can be
    tells = frozenset()

    def __init__(self, table):
        self.table = table
        self.feeder = self
        self.rows = []

    def ddl(self):
        return [create_table(self.table.name, self.table.schema, (), {"connector": "shelf"})]

    def target(self):
        return f"`{self.table.name}`"

    def create(self):
        self.rows.clear()

    def feed(self, entries):
        self.rows += [Change("+I", entry.record) for entry in entries]

    def consumed(self, _):
        return True

    def read(self):
        return [Arrival(change) for change in self.rows]

    def count(self):
        return len(self.rows)

    def drop(self):
        self.rows.clear()


def test_new_attachment(tmp_path):
    """With a rule of a line it is a binding."""
    shelves = Kind(lambda _, source: Shelf(source), lambda _, sink: Shelf(sink), bounded=True)
    scenario = copying()
    place = Place("run_1", "batch", tmp_path, {})
    attached = shelves.attach(place, scenario.sources, scenario.sinks)
    attached.create()
    attached.feed(INPUTS.entries)
    attached.sinks["copies"].feed(INPUTS.entries)

    assert ["events", "copies"] == [ddl.split()[2] for ddl in attached.ddl()]
    assert COPIED == [arrival.change for arrival in attached.read("copies")]
    assert attached.consumed({})
    attached.drop()
    assert [] == attached.read("copies")


class Mine:
    """A Kafka that was there before."""

    name = "mine"

    def service(self, name):
        at = Endpoint("kafka.example", 9092, "me", "secret")
        return Service(name, at, ask=lambda _: True) if name == "kafka" else None


def test_new_provider(tmp_path):
    """It is asked before ours are."""
    space = SimpleNamespace(id="run_1", data=tmp_path, logs=tmp_path, zone="UTC")
    harness = Harness(space, providers=[Mine()])

    assert "kafka.example:9092" == str(harness.services(["kafka"])["kafka"])
    assert ("mine", "") == (harness.provider(["kafka"]), harness.provider([]))
