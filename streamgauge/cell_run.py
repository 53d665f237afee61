"""The run of one cell: feed, submit, wait, compare."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import cast

from streamgauge import settings
from streamgauge.attachments import Arrival
from streamgauge.bindings import Attached, Place
from streamgauge.cells import Cell
from streamgauge.errors import StreamgaugeError, tidied
from streamgauge.harness import Harness
from streamgauge.job import Job, build, pack
from streamgauge.lifecycle import Lifecycle
from streamgauge.records import Record
from streamgauge.runtimes import java
from streamgauge.scenario import Expected
from streamgauge.values import event_time
from streamgauge.values.changelog import Change
from streamgauge.values.comparison import Answer, compare
from streamgauge.values.inputs import Inputs
from streamgauge.waiting import POLL_SECONDS, DeadlineError, wait_for

_HOLD_SECONDS = 0.1
_STOP_SECONDS = 60
_TRICKLE_SECONDS = 0.1

# The operator that the planner has to choose for each way to run a scalar function.
_OPERATORS = {
    "process": "PythonScalarFunctionOperator",
    "thread": "EmbeddedPythonScalarFunctionOperator",
    "pandas": "ArrowPythonScalarFunctionOperator",
}


class CellRun:
    """The run of one cell that is there, over given inputs."""

    def __init__(
        self, harness: Harness, cell: Cell, inputs: Inputs, record: Record, lifecycle: Lifecycle
    ) -> None:
        self._harness = harness
        self._cell = cell
        self._scenario = cell.scenario
        self._inputs = inputs
        self._record = record
        self._lifecycle = lifecycle
        self._answers: dict[int, Expected] = {}
        self._fed: list[Inputs] = []

    def outcome(self) -> Answer:
        """Feed, run, compare. A StreamgaugeError where the job or a service fails.

        A UsageError, before anything starts, where the right answer cannot be known.
        """
        self._refuse_undecidable()
        self._engine = self._harness.engine(self._cell.line)
        self._record.python = self._engine.cluster.environment.python_version
        self._record.java = str(java.version(java.java()))
        with self._phase("prepare"):
            self._place = self._make_place()
            self._binding = self._cell.kind.attach(
                self._place, self._scenario.sources, self._scenario.sinks
            )
        with tidied(self._binding.drop):
            with self._phase("prepare"):
                self._binding.create()
            return self._run_bounded() if self._binding.bounded else self._run_unbounded()

    def _refuse_undecidable(self) -> None:
        if self._cell.mode == "batch":
            return
        life = self._lifecycle
        cut = life.cut if life.restored else 0.0
        parts = (self._inputs.until(cut), self._inputs.after(cut))
        partitions = life.partitions + life.idle
        event_time.refuse_undecidable(self._scenario.sources, parts, partitions)

    def _make_place(self) -> Place:
        services = self._harness.services(self._cell.kind.services)
        name = self._harness.unique_name()
        folder = self._harness.space.data / name
        life = self._lifecycle
        return Place(name, self._cell.mode, folder, services, life.partitions, life.idle)

    def _run_bounded(self) -> Answer:
        self._feed(self._inputs)
        with self._submitted(self._lifecycle.parallelism) as id_, self._phase("job"):
            self._engine.cluster.rest.wait_finished(id_, self._harness.patience, self._engine.check)
        with self._phase("verify"):
            return self._compare(self._inputs)

    def _run_unbounded(self) -> Answer:
        """In two parts, so that rows come while the job runs."""
        first = self._inputs.until(self._lifecycle.cut)
        rest = self._inputs.after(self._lifecycle.cut)
        self._feed(first)
        with self._submitted(self._lifecycle.parallelism) as id_:
            # A partition without rows holds all of them back at first.
            seen = self._arrive(id_, first, [] if self._lifecycle.idle else self._fed)
            if not seen.ok:
                return seen
            if self._lifecycle.restored is None:
                return self._finish(id_, rest)
            savepoint = self._stop(id_)
        # A restored source tells event time by what it reads from then on.
        self._fed.clear()
        with self._submitted(self._lifecycle.restored, savepoint) as id_:
            return self._finish(id_, rest)

    def _finish(self, id_: str, rest: Inputs) -> Answer:
        """Feed the rest, and stop when all is there.

        A source that goes idle loses the end of event time (github.com/apache/flink/pull/29037):
        there what is due before is all.
        """
        self._feed(self._trickle(id_, rest) if self._lifecycle.idle else rest)
        seen = self._arrive(id_, self._inputs, self._fed)
        if self._lifecycle.idle or not seen.ok:
            return seen
        with self._phase("verify"):
            return self._drained(id_) if self._scenario.timed else self._held(id_)

    def _feed(self, inputs: Inputs) -> None:
        with self._phase("feed"):
            self._binding.feed(inputs.entries)
        self._fed.append(inputs)

    def _trickle(self, id_: str, rest: Inputs) -> Inputs:
        """Feed row by row until a partition without rows holds nothing back; the rows left.

        Were its source idle as a whole in between, Flink could lose rows for good (seen in
        1.20.5 with click_top10's self-join; github.com/apache/flink/pull/29239 is the like).
        """
        so_far = self._so_far(self._fed)
        left = {name: iter(rows) for name, rows in rest.items()}

        def look() -> Answer:
            self._feed(Inputs.of({name: list(islice(rows, 1)) for name, rows in left.items()}))
            return so_far()

        self._settle(id_, look, interval=_TRICKLE_SECONDS)
        return Inputs.of({name: list(rows) for name, rows in left.items()})

    @contextmanager
    def _submitted(self, parallelism: int, savepoint: str | None = None) -> Iterator[str]:
        """The running job's id; whatever comes, the job does not outlive the cell."""
        id_ = self._submit(parallelism, savepoint)
        with tidied(lambda: self._cancel(id_)):
            yield id_

    def _cancel(self, id_: str) -> None:
        if self._engine.alive:
            self._engine.cluster.rest.cancel(id_, _STOP_SECONDS)

    def _submit(self, parallelism: int, savepoint: str | None) -> str:
        with self._phase("submit"):
            late, idle = self._has_late(), self._lifecycle.idle > 0
            start = settings.of_start(self._engine, parallelism, savepoint, late=late, idle=idle)
            job = cell_job(self._cell, self._binding, start)
            if job.module or job.functions:
                archive = self._harness.space.data / f"{self._place.name}.zip"
                pack(self._scenario, archive)
                job = replace(job, settings={**job.settings, "python.files": str(archive)})
            self._record.settings = dict(job.settings)
            id_, operators = self._engine.worker.submit(job)
            self._check_udf(operators)
            return id_

    def _has_late(self) -> bool:
        sources = self._scenario.sources if self._cell.mode == "streaming" else ()
        return any(event_time.late(source, self._inputs[source.name]) for source in sources)

    def _check_udf(self, operators: Sequence[str]) -> None:
        """Flink takes another way without a word where it cannot take the one it was told."""
        wanted = _OPERATORS[self._cell.udf] if self._cell.udf else None
        if wanted and set(operators) != {wanted}:
            raise StreamgaugeError(
                f"functions were to run in mode {self._cell.udf}, that is in {wanted},"
                f" but the planner chose {', '.join(operators) or 'no Python operator'}"
            )

    def _arrive(self, id_: str, inputs: Inputs, parts: Sequence[Inputs]) -> Answer:
        """Wait until the job has dealt with `inputs`, all that was fed so far.

        An answer that waits for event time need not be whole by then, but what is due
        after `parts` has to be there, and nothing that does not belong there.
        """
        with self._phase("job"):
            if not self._scenario.timed:
                return self._settle(id_, lambda: self._compare(inputs))
            self._wait_consumed(id_)
            seen = self._settle(id_, self._so_far(parts))
            return replace(seen, note="while the job runs, ")

    def _so_far(self, parts: Sequence[Inputs]) -> Callable[[], Answer]:
        """Looks at what is wrong after `parts`, while more may come."""
        tables = self._scenario.sources, self._scenario.sinks
        due = event_time.due(*tables, parts, self._lifecycle.partitions)
        return lambda: self._compare(self._inputs).so_far(due)

    def _wait_consumed(self, id_: str) -> None:
        def probe() -> bool:
            self._check_running(id_)
            return self._binding.consumed(self._engine.cluster.rest.read_from_kafka(id_))

        complaint = "the job has not read all its input"
        wait_for(probe, bool, self._harness.patience, lambda _: complaint)

    def _check_running(self, id_: str) -> None:
        self._engine.check()
        self._engine.cluster.rest.check_alive(id_)

    def _settle(
        self, id_: str, look: Callable[[], Answer], interval: float = POLL_SECONDS
    ) -> Answer:
        """Wait until what is seen is right, or never can be; what was seen last."""

        def probe() -> Answer:
            self._check_running(id_)
            return look()

        patience = self._harness.patience
        return _last_seen(probe, lambda seen: seen.ok or seen.hopeless, patience, interval)

    def _held(self, id_: str) -> Answer:
        """Equal must stay equal: for a while, and after the job has written all it had."""

        def probe() -> Answer:
            return self._compare(self._inputs)

        seen = _last_seen(probe, lambda seen: not seen.ok, _HOLD_SECONDS)
        if seen.ok:
            self._stop(id_)
            seen = probe()
        return seen if seen.ok else replace(seen, note="equal at first, then ")

    def _drained(self, id_: str) -> Answer:
        """The whole answer, when event time has come to its end."""
        self._stop(id_, drain=True)
        return self._compare(self._inputs)

    def _stop(self, id_: str, *, drain: bool = False) -> str:
        """Stop the job; the savepoint's path."""
        savepoints = self._place.folder / "savepoints"
        return self._engine.cluster.rest.stop(id_, savepoints, _STOP_SECONDS, drain=drain)

    def _compare(self, inputs: Inputs) -> Answer:
        expected = self._expected(inputs)
        changes = {s.name: _changes(self._binding.read(s.name)) for s in self._scenario.sinks}
        self._record.rows_out = sum(map(len, changes.values()))
        return Answer(
            {
                sink.name: compare(expected[sink.name], changes[sink.name], sink.key_indices)
                for sink in self._scenario.sinks
            }
        )

    def _expected(self, inputs: Inputs) -> Expected:
        """The oracle's answer; it is asked once for the part, and once for the whole."""
        size = len(inputs.entries)
        if size not in self._answers:
            self._answers[size] = self._scenario.expected(inputs, self._cell.mode)
        return self._answers[size]

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        self._record.mark(name)
        try:
            yield
        finally:
            spent = self._record.seconds.get(name, 0.0) + time.perf_counter() - begun
            self._record.seconds[name] = round(spent, 3)


def cell_job(cell: Cell, attached: Attached, start: Mapping[str, str]) -> Job:
    """The job of a cell whose tables are `attached`, with the settings of its start."""
    told = {**attached.settings, **settings.of_cell(cell), **start}
    return build(cell, tuple(attached.ddl()), attached.target, told)


def _changes(arrivals: Sequence[Arrival]) -> list[Change]:
    return [arrival.change for arrival in arrivals]


def _last_seen(
    probe: Callable[[], Answer],
    done: Callable[[Answer], bool],
    seconds: float,
    interval: float = POLL_SECONDS,
) -> Answer:
    try:
        return wait_for(probe, done, seconds, str, interval)
    except DeadlineError as late:
        return cast("Answer", late.seen)
