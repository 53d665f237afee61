"""A world for lifecycles: harness, engine, cluster, worker and attachments in one."""

from contextlib import nullcontext
from copy import copy
from datetime import datetime, timedelta
from itertools import chain, count, repeat
from pathlib import Path
from types import SimpleNamespace

from streamgauge.attachments import Arrival
from streamgauge.bindings import KINDS
from streamgauge.cells import make_cell
from streamgauge.lifecycle import once
from streamgauge.records import GIVEN
from streamgauge.run import Run, run_cells
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Inputs
from streamgauge.values.schema import Schema
from streamgauge.versions import Line

LINE = Line("9.0", "9.0.2", ">=3.9", (), {}, absent={})
NOON = datetime.fromisoformat("2024-02-29 12:00:00")
ROWS = [(NOON + timedelta(seconds=seconds), seconds) for seconds in range(4)]
COPIED = [Change("+I", row) for row in ROWS]
TOO_MANY = [*COPIED, Change("+I", (NOON, 99))]
GHOST = f"extra 1: {(NOON, 99)}"
_QUERY = Path(__file__).with_name("copying")


def copying(key=(), due=None, **more):
    """A scenario whose sink gets the rows of its source."""
    schema = Schema.of(at="TIMESTAMP(3)", n="BIGINT")
    return Scenario(
        id="copy",
        version=1,
        question="Are they equal?",
        sources=(Source("events", schema, generate=lambda *_: [], time=more.pop("time", None)),),
        sinks=(Sink("copies", schema, key=key, due=due),),
        bindings=("kafka",),
        rows=1,
        folder=_QUERY,
        oracle=lambda inputs: {"copies": inputs["events"]},
        **more,
    )


class World:
    """Keeps what was done to it.

    `contents` are those of the sink each time it is read, the last one from then on;
    `whole` says likewise whether the job has read all its input. `at_stop` is written
    when the job is stopped, `unseen` can be seen a while after. `still`: the number of changes
    never is another one.
    """

    bounded = False
    url = "http://127.0.0.1:8081"
    tuning = "conformance"
    at_once = 1
    slots = 3
    lost = ""
    submits = nullcontext()

    def __init__(
        self,
        tmp_path,
        *contents,
        at_stop=(),
        operators=(),
        whole=(True,),
        patience=10,
        still=False,
        unseen=(),
    ):
        self.contents = chain(contents, repeat(contents[-1])) if contents else repeat([])
        self.at_stop = at_stop
        self.operators = operators
        self.whole = chain(whole, repeat(whole[-1]))
        self.patience = patience
        self.still = still
        self.attached = {"execution.checkpointing.interval": "500 ms"}
        self.written = []
        self.asked = 0
        self.waited = count()
        self.done = []
        self.jobs = []
        self.rest = self.worker = self.cluster = self.runtime = self
        self.alive = True
        self.unseen = list(unseen)
        self.python, self.java = "3.11.7", "17"
        self.space = SimpleNamespace(id="run_1", data=tmp_path, logs=tmp_path, stays={}, zone="UTC")

    def run(self, monkeypatch, lifecycle=None, rows=ROWS, mode="streaming", **more):
        """The outcome of a cell in this world."""
        monkeypatch.setitem(KINDS, "kafka", self.kind())
        cell = make_cell(copying(**more), "sql", mode, "kafka", LINE)
        run = Run(cell, Inputs.of({"events": rows}), GIVEN, lifecycle or once(cell.form))
        (outcome,) = run_cells(self, [run])
        return outcome

    def engine(self, line):
        self.line = line
        return self

    def refusal(self, *_):
        return None

    @property
    def about(self):
        return ("session", self.line.flink, self.python, self.java)

    def services(self, _):
        return {}

    def ended(self, _):
        return self.lost

    def provider(self, _):
        return "shared"

    def masked(self, text):
        return text

    def unique_name(self):
        return "run_1"

    @property
    def settings(self):
        """Of an attachment a mapping, of a cluster a function that gives one."""
        return _Settings(self.attached)

    def kind(self):
        """Kafka's, that attaches all tables to this world."""
        kind = copy(KINDS["kafka"])
        object.__setattr__(kind, "attach", lambda *_: self)
        return kind

    def ddl(self):
        return ["CREATE events", "CREATE copies", "CREATE copies too"]

    def target(self, sink):
        return f"`there`.`{sink}`"

    def create(self):
        self.done.append("create")

    def drop(self):
        self.done.append("drop")

    def feed(self, records, *, in_turns=False):
        self.done.append(f"feed {len(records)}")

    def progress(self, job):
        return job, next(self.whole)

    def consumed(self, read):
        job, whole = read
        self.done.append(f"{job} has read {'all' if whole else 'a part'}")
        return whole

    def over(self, sources):
        assert self.sources == sources
        return self

    @property
    def sources(self):
        return {"events": self}

    @property
    def sinks(self):
        return {"copies": self}

    def count(self):
        """Another one each time that somebody asks twice before he looks."""
        self.asked += 1
        return 0 if self.still else self.asked // 2

    def read(self, sink):
        return [Arrival(change) for change in (*next(self.contents), *self.written)]

    def committed(self):
        """Another look sees one change more of what a job has committed at its end."""
        if not self.unseen:
            return True
        self.written.append(self.unseen.pop(0))
        return False

    def raw(self):
        """Nothing of it is known again."""

    def waits(self, job):
        """A second more each time."""
        return {(job, 0): next(self.waited)}

    def build(self, job, *, look, plan=None):
        self.built = job
        return self.operators

    def explain(self, job):
        return "a plan"

    def execute(self):
        self.jobs.append(self.built)
        self.done.append(f"submit at {self.built.settings['parallelism.default']}")
        return f"job {len(self.jobs)}"

    def check(self):
        pass

    def check_alive(self, job):
        pass

    def savepoints(self, name):
        return f"file:/savepoints/{name}"

    def discard(self, name, made):
        pass

    def wait_read(self, job, tables, seconds):
        if tables:
            self.done.append(f"{job} has read {', '.join(tables)}")

    def stop(self, job, savepoints, seconds, *, drain=False, native=False):
        self.done.append(f"{'drain' if drain else 'stop'} {job}{' natively' if native else ''}")
        self.waited = seconds
        self.written.extend(self.at_stop)
        return f"{savepoints}/of {job}"

    def checkpoint(self, job, seconds):
        self.done.append(f"checkpoint {job}")

    def wait_finished(self, job, seconds, meanwhile, every):
        self.done.append(f"{job} ends")

    def times(self, job):
        return {"accepted": 100.0, "running": 100.2, "finished": 101.5}

    def cancel(self, job, seconds):
        self.done.append(f"cancel {job}")


class _Settings(dict):
    def __call__(self, *_):
        return self
