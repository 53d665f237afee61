"""What a lifecycle acts on: one cell's attachments, engine and job. Mechanics, no policy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial

from streamgauge import tuning, versions
from streamgauge.across import Across, spared
from streamgauge.answers import Answers
from streamgauge.cells import Cell
from streamgauge.engine import Engine
from streamgauge.errors import JobError, StreamgaugeError
from streamgauge.fed import Fed, place
from streamgauge.harness import Harness
from streamgauge.job import Job, cell_job, changed, sent
from streamgauge.lifecycle import Lifecycle, Start
from streamgauge.records import Record
from streamgauge.scenario import UDF_DIALECTS, Expected
from streamgauge.tuning import Begin
from streamgauge.values import event_time
from streamgauge.values.changelog import Change
from streamgauge.values.comparison import Answer
from streamgauge.values.event_time import Due
from streamgauge.values.inputs import Entry, Inputs
from streamgauge.versions import Line
from streamgauge.worker.client import Operator

_STOP_SECONDS = 60


class Stage:
    """One cell's place, with all inputs at hand. What it made goes when it is closed.

    Sources that are `fed` already are used as they are, and stay. What takes time is added up in
    the record's `seconds`, by phase.
    """

    def __init__(
        self,
        harness: Harness,
        cell: Cell,
        inputs: Inputs,
        record: Record,
        lifecycle: Lifecycle,
        fed: Fed | None = None,
    ) -> None:
        self.cell = cell
        self.inputs = inputs.first(cell.ahead)
        self.patience = harness.patience
        self.fed = self.inputs.part(0, 0)
        self.is_open = self.running = self._closed = False
        self._harness = harness
        self._kept = fed
        self._record = record
        self._lifecycle = lifecycle
        self._since_start: list[Inputs] = []
        self._answers = Answers(cell, record)
        self._savepoint: str | None = None
        self._plan: str | None = None
        self._across = Across(tables=cell.dialect in UDF_DIALECTS and not record.way)
        self._job = ""
        self._stack = ExitStack()

    def close(self) -> None:
        """End the job and remove all that was made; whoever is at work on it does not go on."""
        self._closed = True
        self._stack.close()

    def open(self) -> None:
        """Make what the tables attach to, on services and an engine that are up."""
        self.is_open = True
        with self.phase("prepare"):
            self._harness.engine(self.cell.line)
            self._place = place(self._harness, self.cell, self._lifecycle)
            self._record.provider = self._harness.provider(self.cell.kind.services)
            sources = () if self._kept else self.cell.scenario.sources
            self.attached = self.cell.kind.attach(self._place, sources, self.cell.scenario.sinks)
            with ExitStack() as made:
                made.callback(self.attached.drop)
                self.attached.create()
                # Only then: whoever closes this meanwhile would drop what is not there yet.
                self._stack.enter_context(made.pop_all())
        if self._kept:
            self.attached = self.attached.over(self._kept.sources)
            self.fed = self._kept.inputs
            self._since_start.append(self.fed)
        elif self.inputs.ahead:
            self.feed(self.inputs.until(0), self.attached.fill)

    @property
    def lost(self) -> bool:
        """Whether the engine that the job was given to has died."""
        return bool(self._record.path) and not self._engine.alive

    @property
    def all_fed(self) -> bool:
        """Whether nothing is left to be fed."""
        return len(self.fed.entries) == len(self.inputs.entries)

    def feed(self, upto: Inputs, by: Callable[[Sequence[Entry]], object] | None = None) -> None:
        """Feed what is in `upto`, a prefix of the inputs, and was not fed yet; or let it be fed."""
        part = upto.part(len(self.fed.entries), len(upto.entries))
        with self.phase("feed"):
            feed = by or partial(self.attached.feed, in_turns=self.running)
            feed(part.entries)
            self._record.mark("fed")
        self._since_start.append(part)
        self.fed = upto

    def start(self, how: Start) -> None:
        """Submit the job, from the savepoint of the last stop if there was one."""
        with self.phase("submit"):
            self._go_to(versions.line(how.on) if how.on else self.cell.line)
            self._asked = changed(self.cell, how.job, self._place.folder) if how.job else self.cell
            begin = Begin(
                how.parallelism,
                late=self.cell.finds_late(self.inputs),
                idle=self._lifecycle.idle > 0,
                savepoint=self._savepoint,
                settings=dict(how.settings),
            )
            if self._savepoint:
                # A restored source tells event time by what it reads from then on.
                self._since_start.clear()
            with self._engine.submits:
                self._job = self._submitted(begin, how)
            self._record.mark("submitted")
            self._stack.callback(self._cancel, self._engine, self._job)
            self.running = True

    def _submitted(self, begin: Begin, how: Start) -> str:
        """The id of a job that is built and submitted: nobody else builds meanwhile."""
        if self._lifecycle.compiles and self._plan is None:
            self._build(begin)
            self._plan = self._engine.worker.compile()
        plan = self._plan if how.plan else None
        # Before the build: what is asked last is what is submitted.
        refusal = self._spared(begin)
        operators = self._build(begin, plan)
        if not begin.late and tuning.needs_row_by_row(self.cell, operators):
            operators = self._build(replace(begin, late=True), plan)
        tuning.check_udf(self.cell, [operator.name for operator in operators])
        if self._lifecycle.segments[1:]:
            self._across.look(self._engine.worker)
            self._record.plan = self._across.changes()
        if refusal:
            self._record.spared[self._record.line] = refusal
        return self._engine.worker.execute()

    def _spared(self, begin: Begin) -> str:
        """What the job's settings keep from it on a line that it is carried to, planned anew."""
        if not (self._lifecycle.segments[1:] and self._savepoint) or self._record.way:
            return ""
        return spared(self._engine.worker, self._make_job(begin))

    def explained(self, error: JobError) -> str:
        """What Flink says of the job, in words where it says it in ids of operators."""
        return self._across.explained(str(error))

    def _go_to(self, line: Line) -> None:
        """The record tells the lines in order, and the runtime of the last."""
        self._engine = self._harness.engine(line)
        self._record.go_to(line.name, *self._engine.about)

    def _build(self, begin: Begin, plan: str | None = None) -> list[Operator]:
        job = self._make_job(begin)
        self._record.settings, self._record.zone = dict(job.settings), self._place.zone
        look = tuning.goes_by_operators(self.cell)
        self._record.mark("build")
        operators = self._engine.worker.build(job, look=look, plan=plan)
        self._record.mark("built")
        return operators

    def _make_job(self, begin: Begin) -> Job:
        told = tuning.merged(
            self._asked,
            begin,
            cluster=self._engine.settings(self.cell, self._place.name),
            attached=self.attached.settings,
            tuning=self._harness.tuning,
            zone=self._place.zone,
        )
        space, name = self._harness.space, self._place.name
        job = sent(
            cell_job(self._asked, self.attached, told), self._asked, space.data / f"{name}.zip"
        )
        self._record.printed = str(space.logs / f"{self.cell.id}-{name}.printed")
        return job.printing(self._record.printed)

    @staticmethod
    def _cancel(engine: Engine, job: str) -> None:
        if engine.alive:
            engine.cluster.rest.cancel(job, _STOP_SECONDS)

    def stop(self, *, drain: bool, native: bool) -> None:
        """Stop the job with a savepoint, from which the next start goes on."""
        cluster, name = self._engine.cluster, self._place.name
        made: list[str] = []
        self._stack.callback(cluster.discard, name, made)
        seconds = max(_STOP_SECONDS, self.patience)
        cluster.rest.wait_read(self._job, self.cell.ahead, seconds)
        self._savepoint = cluster.rest.stop(
            self._job, cluster.savepoints(name), seconds, drain=drain, native=native
        )
        made.append(self._savepoint)
        self.running = False

    def cancel(self) -> None:
        """End the job; the next start goes on from the last savepoint, as if it had not been."""
        self._cancel(self._engine, self._job)
        self.running = False

    def checkpoint(self) -> None:
        """Take a checkpoint of the job, and wait for it."""
        self._engine.cluster.rest.checkpoint(self._job, self.patience)

    def wait_finished(self, every: float) -> None:
        """Wait until the job has ended well, asking every so many seconds at most."""
        cluster = self._engine.cluster
        cluster.rest.wait_finished(self._job, self.patience, cluster.check, every)
        self.running = False
        self.mark_times()

    def committed(self) -> bool:
        """Whether all that the job, which has ended, has committed can be seen."""
        return self.attached.committed()

    def mark_times(self) -> None:
        """What Flink knows of when the job was in which state."""
        for name, at in self._engine.cluster.rest.times(self._job).items():
            self._record.mark(name, at)

    def wait_running(self) -> None:
        """Wait until every task of the job runs."""
        self._engine.cluster.rest.wait_running(self._job, self.patience)

    def check_running(self) -> None:
        """A StreamgaugeError where the job has ended or the cluster is broken."""
        self._engine.cluster.check()
        self._engine.cluster.rest.check_alive(self._job)

    def consumed(self) -> bool:
        """Whether the job has read all that was fed."""
        return self.attached.consumed(self._engine.cluster.rest.progress(self._job))

    def waits(self) -> Mapping[tuple[str, int], float]:
        """How many seconds each of the job's tasks has waited for input so far."""
        return self._engine.cluster.rest.waits(self._job)

    @property
    def settings(self) -> Mapping[str, str]:
        """What the job was told."""
        return self._record.settings

    def count(self) -> int:
        """A number that grows with the changes that the sinks get; quickly."""
        return sum(sink.count() for sink in self.attached.sinks.values())

    def look(self) -> Mapping[str, Sequence[Change]]:
        """What each sink has got so far, by name."""
        arrived = {sink.name: self.attached.read(sink.name) for sink in self.cell.scenario.sinks}
        self._record.mark_first(each.at for there in arrived.values() for each in there)
        changes = {name: [each.change for each in there] for name, there in arrived.items()}
        self._record.rows_out = sum(map(len, changes.values()))
        return changes

    def known(self, look: Callable[[], Answer]) -> Answer:
        """What `look` sees; not looked for where runs over the same sources had the same."""
        return self._kept.known(self.attached, self._record, look) if self._kept else look()

    def expected(self, inputs: Inputs) -> Sequence[Expected]:
        """The answers to inputs, a prefix of all, that are right; asked for once for each."""
        return self._answers.to(inputs)

    def due(self) -> Due:
        """What has to be there after all that was fed since the last start, while more may come."""
        scenario = self.cell.scenario
        parts, partitions = self._since_start, self._lifecycle.parallelism
        return event_time.due(scenario.sources, scenario.sinks, parts, partitions)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add what the body takes to the record's seconds of this phase."""
        self._check_open()
        begun = time.perf_counter()
        self._record.mark(name)
        try:
            yield
        finally:
            spent = self._record.seconds.get(name, 0.0) + time.perf_counter() - begun
            self._record.seconds[name] = round(spent, 3)
        self._check_open()

    def _check_open(self) -> None:
        if self._closed:
            raise StreamgaugeError("the run has ended")
