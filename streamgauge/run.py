"""One cell -> one verdict."""

from __future__ import annotations

import csv
import io
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple, cast

from streamgauge.bindings import Binding, Place
from streamgauge.cells import Cell
from streamgauge.clusters.rest import Rest
from streamgauge.errors import StreamgaugeError
from streamgauge.harness import Engine, Harness
from streamgauge.job import Job, build, pack
from streamgauge.records import Record
from streamgauge.runtimes import java
from streamgauge.scenario import Inputs
from streamgauge.values.comparison import Comparison, compare
from streamgauge.values.schema import Row
from streamgauge.waiting import DeadlineError, wait_for

# An unbounded input is fed in two parts, so that rows come while the job runs.
_CUT = 0.5
_HOLD_SECONDS = 0.1
_FEW = 10
_STOP_SECONDS = 30

# For small inputs. Flink's defaults let a slow stream wait for a second, and start the
# Python processes of a batch one after the other.
_PYTHON_SETTINGS = {
    "python.fn-execution.bundle.time": "20",
    "execution.batch-shuffle-mode": "ALL_EXCHANGES_PIPELINED",
    "jobmanager.scheduler": "Default",
}


class CellRun:
    """The run of one cell that is there, over given inputs."""

    def __init__(self, harness: Harness, cell: Cell, inputs: Inputs, record: Record) -> None:
        self._harness = harness
        self._cell = cell
        self._scenario = cell.scenario
        self._inputs = inputs
        self._record = record
        (self._sink,) = cell.scenario.sinks

    def outcome(self) -> Comparison:
        """Feed, run, compare. A StreamgaugeError where the job or a service fails."""
        engine = self._harness.engine(self._cell.line)
        self._record.python = engine.cluster.environment.python_version
        self._record.java = str(java.version(java.java()))
        services = self._harness.services(self._cell.kind.services)
        with self._phase("prepare"):
            name = self._harness.unique_name()
            place = Place(name, self._cell.mode, self._harness.space.data / name, services)
            binding = self._cell.kind.make(place)
            binding.create(self._scenario)
        try:
            run = self._run_bounded if binding.bounded else self._run_unbounded
            return run(engine, binding, place)
        finally:
            binding.drop(self._scenario)

    def _run_bounded(self, engine: Engine, binding: Binding, place: Place) -> Comparison:
        with self._phase("prepare"):
            binding.feed(self._scenario, self._inputs)
        with self._submitted(engine, binding, place) as id_, self._phase("job"):
            engine.cluster.rest.wait_finished(id_, self._harness.patience, engine.check)
        with self._phase("verify"):
            return self._compare(binding, self._inputs)

    def _run_unbounded(self, engine: Engine, binding: Binding, place: Place) -> Comparison:
        first = self._scenario.prefix(self._inputs, _CUT)
        rest = {name: rows[len(first[name]) :] for name, rows in self._inputs.items()}
        with self._phase("prepare"):
            binding.feed(self._scenario, first)
        with self._submitted(engine, binding, place) as id_:
            with self._phase("job"):
                seen = self._settle(engine, id_, binding, first)
                if seen.ok:
                    binding.feed(self._scenario, rest)
                    seen = self._settle(engine, id_, binding, self._inputs)
            with self._phase("verify"):
                return self._hold(engine.cluster.rest, id_, binding, place) if seen.ok else seen

    @contextmanager
    def _submitted(self, engine: Engine, binding: Binding, place: Place) -> Iterator[str]:
        """The running job's id; whatever comes, the job does not outlive the cell."""
        id_ = self._submit(engine, binding, place)
        try:
            yield id_
        finally:
            if engine.alive:
                engine.cluster.rest.cancel(id_, _STOP_SECONDS)

    def _submit(self, engine: Engine, binding: Binding, place: Place) -> str:
        with self._phase("submit"):
            job = cell_job(self._cell, binding, cluster_settings(engine))
            if self._cell.dialect != "sql":
                archive = self._harness.space.data / f"{place.name}.zip"
                pack(self._scenario, archive)
                job = replace(job, settings={**job.settings, "python.files": str(archive)})
            return engine.worker.submit(job)

    def _settle(self, engine: Engine, id_: str, binding: Binding, inputs: Inputs) -> Comparison:
        """Wait until the sink equals the oracle, or never can; what was seen last."""

        def probe() -> Comparison:
            engine.check()
            engine.cluster.rest.check_alive(id_)
            return self._compare(binding, inputs)

        return _last_seen(probe, lambda seen: seen.ok or bool(seen.invalid), self._harness.patience)

    def _hold(self, rest: Rest, id_: str, binding: Binding, place: Place) -> Comparison:
        """Equal must stay equal: for a while, and after the job has written all it had."""

        def probe() -> Comparison:
            return self._compare(binding, self._inputs)

        seen = _last_seen(probe, lambda seen: not seen.ok, _HOLD_SECONDS)
        if seen.ok:
            rest.stop(id_, place.folder / "savepoints", _STOP_SECONDS)
            seen = probe()
        return seen if seen.ok else replace(seen, note="equal at first, then ")

    def _compare(self, binding: Binding, inputs: Inputs) -> Comparison:
        changes = binding.read(self._sink)
        self._record.rows_out = len(changes)
        expected = self._scenario.expected(inputs)[self._sink.name]
        return compare(expected, changes, self._scenario.strictness, self._sink.key_indices)

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            spent = self._record.seconds.get(name, 0.0) + time.perf_counter() - begun
            self._record.seconds[name] = round(spent, 3)


class Outcome(NamedTuple):
    """A cell's record, and the rows its sink came to."""

    record: Record
    rows: Sequence[Row]


def run_cell(harness: Harness, cell: Cell, inputs: Inputs, seed: int | None = None) -> Outcome:
    """Run a cell over `inputs` and give its verdict; only Ctrl-C and the like get through.

    Not equal is `fail`; a job or a service that breaks is `unknown`, with its root cause.
    """
    record = _new_record(cell, inputs, seed)
    rows: Sequence[Row] = ()
    try:
        if cell.absent is None:
            seen = CellRun(harness, cell, inputs, record).outcome()
            record.verdict, record.reason = ("pass", "") if seen.ok else ("fail", str(seen))
            record.result, rows = _few(seen.rows), seen.rows
    except StreamgaugeError as error:
        record.reason = str(error)
    except Exception as error:
        (harness.space.logs / f"{cell.id}.trace").write_text(traceback.format_exc())
        record.reason = f"{type(error).__name__}: {error}"
    return Outcome(record, rows)


def cell_job(cell: Cell, binding: Binding, settings: Mapping[str, str]) -> Job:
    """The job of a cell whose tables attach by `binding`."""
    scenario = cell.scenario
    tables = [binding.source_ddl(source) for source in scenario.sources]
    tables += [binding.sink_ddl(sink) for sink in scenario.sinks]
    own = {
        **binding.settings,
        **(_PYTHON_SETTINGS if cell.dialect in ("datastream", "process") else {}),
        **settings,
    }
    return build(cell.id, scenario, cell.dialect, cell.mode, tuple(tables), own)


def cluster_settings(engine: Engine) -> dict[str, str]:
    """What sends a job to the engine's cluster, in its interpreter."""
    python = str(engine.cluster.environment.python)
    return {
        "execution.target": "remote",
        "execution.attached": "false",
        "rest.address": "127.0.0.1",
        "rest.port": engine.cluster.rest.url.rpartition(":")[2],
        "python.executable": python,
        "python.client.executable": python,
    }


def _new_record(cell: Cell, inputs: Inputs, seed: int | None) -> Record:
    return Record(
        scenario=cell.scenario.id,
        version=cell.scenario.version,
        dialect=cell.dialect,
        mode=cell.mode,
        binding=cell.binding,
        flink=cell.line.flink,
        verdict="absent" if cell.absent else "unknown",
        reason=cell.absent or "",
        seed=seed,
        rows_in=sum(len(records) for records in inputs.values()),
    )


def _few(rows: Sequence[Row]) -> list[str]:
    """The rows as sorted CSV lines, if they are few enough to read."""
    if len(rows) > _FEW:
        return []
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return sorted(text.getvalue().split("\n")[:-1])


def _last_seen(
    probe: Callable[[], Comparison], done: Callable[[Comparison], bool], seconds: float
) -> Comparison:
    try:
        return wait_for(probe, done, seconds, str)
    except DeadlineError as late:
        return cast("Comparison", late.seen)
