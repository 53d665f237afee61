"""Cells -> verdicts."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import partial
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from streamgauge import asked, by_clock, lacking, tuning
from streamgauge.abreast import abreast
from streamgauge.cells import Cell
from streamgauge.clusters.session import SLOTS
from streamgauge.divergence import judged
from streamgauge.errors import JobError, StreamgaugeError, UsageError, tidied
from streamgauge.feasible import refusal
from streamgauge.fed import Fed
from streamgauge.harness import Harness, blame, keep_printed
from streamgauge.lifecycle import PLAIN, SHAPED, Action, Lifecycle, Shape, Start, named
from streamgauge.perform import Performance
from streamgauge.records import GIVEN, Origin, Record, Recorder, described
from streamgauge.report.difference import text
from streamgauge.stage import Stage
from streamgauge.values.difference import Difference, differences
from streamgauge.values.inputs import Given, Inputs
from streamgauge.values.notation import few
from streamgauge.values.schema import Row
from streamgauge.values.tolerance import Tolerance

_log = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """A cell's record, the rows that each sink came to, and in full what is wrong in which.

    `tolerance` has how far numbers could be off, by sink and index of the column.
    """

    record: Record
    rows: Mapping[str, Sequence[Row]]
    differences: Sequence[Difference] = ()
    tolerance: Mapping[str, Tolerance] = MappingProxyType({})

    def keep(self, recorder: Recorder) -> None:
        """Write the record, and in full what differs beside it."""
        whole = (each.whole() for each in self.differences)
        recorder.append(self.record, text(self.record, whole))


@dataclass(frozen=True)
class Run:
    """A cell to be run over inputs, which come from somewhere, through a lifecycle.

    `broken` says why its scenario has no inputs, where it has none: the cell is unknown then.
    `number` is the how manyeth time this is of a cell that is run several times, `way` how
    its job is made to take its state over. `fed` has sources that other runs read too.
    """

    cell: Cell
    inputs: Inputs
    origin: Origin
    lifecycle: Lifecycle
    broken: str = ""
    number: int = 1
    way: str = ""
    fed: Fed | None = None

    @property
    def name(self) -> str:
        """The cell's id, with a number from the second time on."""
        return self.cell.id if self.number == 1 else f"{self.cell.id}-{self.number}"


def planned(
    cell: Cell,
    inputs: Inputs,
    origin: Origin,
    broken: str,
    lifecycle: str,
    shape: Shape = PLAIN,
    slots: int = SLOTS,
) -> Run:
    """A run through the lifecycle of this name; absent, with the reason, where that cannot be."""
    chosen = _named(lifecycle, cell, shape)
    reason = cell.absent or (None if broken else refusal(cell, inputs, chosen, slots))
    if reason is None and shape.cut is not None and cell.bounded:
        reason = "--cut: input that has an end comes whole"
    return Run(replace(cell, absent=reason), inputs, origin, chosen, broken)


def _named(lifecycle: str, cell: Cell, shape: Shape = PLAIN) -> Lifecycle:
    """Of this name, cut and looked at where the scenario says, unless the shape does."""
    if lifecycle in SHAPED:
        shape = cell.shaped(shape)
    return named(lifecycle, cell.form, shape)


def run_cell(
    harness: Harness,
    cell: Cell,
    given: Given,
    origin: Origin | None = None,
    lifecycle: Lifecycle | None = None,
) -> Outcome:
    """Run a cell over inputs and give its verdict; only Ctrl-C and the like get through.

    Without a lifecycle, once. A UsageError where the cell cannot go through it, or where
    the inputs do not fit its sources.
    """
    inputs = Inputs.of(given) if cell.absent else cell.scenario.checked(given)
    run = Run(cell, inputs, origin or _origin(inputs), lifecycle or _named("once", cell))
    reason = None if cell.absent else refusal(cell, run.inputs, run.lifecycle, harness.slots)
    if reason:
        raise UsageError(f"{cell.id}: {reason}")
    (outcome,) = run_cells(harness, [run])
    return outcome


def _origin(inputs: Inputs) -> Origin:
    return GIVEN if inputs.seed is None else Origin("generated", inputs.seed)


def run_cells(harness: Harness, runs: Sequence[Run]) -> Generator[Outcome, None, None]:
    """Run cells, each segment of their lifecycles over all of them; outcomes as they come.

    Cells on one engine run side by side, as many as the harness says. Not equal is `fail`;
    a job or a service that breaks is `unknown`, with its root cause.
    """
    left = [_Ongoing(harness, run) for run in runs]
    with tidied(lambda: _close(left)):
        for segment in range(max((len(run.lifecycle.segments) for run in runs), default=0)):
            for one, outcome in _gone(list(left), segment, harness):
                if outcome:
                    left.remove(one)
                    yield outcome


_Went: TypeAlias = "tuple[_Ongoing, Outcome | None]"


def _gone(left: Sequence[_Ongoing], segment: int, harness: Harness) -> Iterator[_Went]:
    """Each with what its segment came to; none goes beside one on another engine."""
    for (_, tasks), group in groupby(left, lambda one: one.needs(segment)):
        together = list(group)
        if (fitting := min(harness.at_once, harness.slots // tasks, len(together))) > 1:
            yield from _abreast(together, segment, fitting)
        else:
            yield from ((one, one.go(segment)) for one in together)


def _abreast(group: Sequence[_Ongoing], segment: int, at_once: int) -> Iterator[_Went]:
    """The same, several at once; where that is cut short, no job is waited for.

    Where their engine died nobody knows of which: each that was on it begins again, alone.
    """
    lost = []
    go = partial(_Ongoing.go, segment=segment)
    for one, outcome in abreast(group, go, at_once, lambda: _close(group)):
        if segment == 0 and one.stage.lost:
            lost.append(one)
        else:
            yield one, outcome
    for one in lost:
        one.begin()
        yield one, one.go(segment)


def _close(left: Sequence[_Ongoing]) -> None:
    with ExitStack() as stack:
        for one in left:
            stack.callback(one.stage.close)


class _Ongoing:
    """A cell on its way through its lifecycle."""

    def __init__(self, harness: Harness, run: Run) -> None:
        self._run = run
        self._harness = harness
        self.begin()

    def begin(self) -> None:
        """From nothing."""
        harness, run = self._harness, self._run
        self._record = new_record(harness, run)
        self.stage = Stage(harness, run.cell, run.inputs, self._record, run.lifecycle, run.fed)
        self._performance = Performance(self.stage)
        self._goes_on = False

    def needs(self, segment: int) -> tuple[str, int]:
        """The line of the engine that a segment is on, and how many slots it takes there."""
        actions = self._run.lifecycle.segments[segment]
        starts = [action for action in actions if isinstance(action, Start)]
        on = next((start.on for start in starts if start.on), self._run.cell.line.name)
        return on, self._run.lifecycle.parallelism

    def go(self, segment: int) -> Outcome | None:
        """Do a segment; the outcome when that was the last, or the cell is absent or broken."""
        record, segments = self._record, self._run.lifecycle.segments
        if record.verdict == "absent" or self._run.broken:
            return Outcome(record, {})
        _log.info("%s", self._run.name)
        try:
            return self._go(segments[segment], last=segment == len(segments) - 1)
        except JobError as error:
            self._broke(lacking.explained(self._run.cell, self.stage.explained(error)))
            record.by_job = True
        except StreamgaugeError as error:
            self._broke(str(error))
        except Exception as error:
            trace = self._harness.space.logs / f"{self._run.name}.trace"
            trace.write_text(self._harness.masked(traceback.format_exc()))
            self._broke(f"{type(error).__name__}: {error}")
        return self._told(Outcome(record, {}))

    def _broke(self, why: str) -> None:
        """What failed may quote the options of a table."""
        self._record.verdict, self._record.reason = "unknown", self._harness.masked(why)

    def _go(self, actions: Sequence[Action], *, last: bool) -> Outcome | None:
        """Closed when done, which may break it too."""
        self._goes_on = False
        with tidied(self._close):
            if not self.stage.is_open:
                # What is wrong with an oracle, SQL or a program is told before anything is made.
                self.stage.expected(self.stage.inputs)
                asked.check(self._run.cell)
                tuning.of_cell(self._run.cell)
                lacking.check(self._run.cell)
                self._record.clock = by_clock.places(self._run.cell)
                if reason := self._harness.refusal(self._run.cell, self._run.lifecycle):
                    self._record.verdict, self._record.reason = "absent", reason
                    return Outcome(self._record, {})
                self.stage.open()
            self._performance.go(actions)
            self._goes_on = not last and self._performance.ok
        return None if self._goes_on else self._told(self._judged())

    def _close(self) -> None:
        if not self._goes_on:
            self.stage.close()

    def _judged(self) -> Outcome:
        seen, record = self._performance.seen, self._record
        assert seen is not None, "a lifecycle without a Verify is refused"
        record.verdict, record.reason = ("pass", seen.caveat) if seen.ok else ("fail", str(seen))
        rows = {name: sink.rows for name, sink in seen.sinks.items()}
        wrong = differences(seen, {s.name: s.schema.names for s in self._run.cell.scenario.sinks})
        record.differences = [difference.first() for difference in wrong]
        record.brief = seen.counts if wrong else ""
        record.result = few(*rows.values())
        return Outcome(record, rows, wrong, {n: sink.tolerance for n, sink in seen.sinks.items()})

    def _told(self, outcome: Outcome) -> Outcome:
        record, today = outcome.record, datetime.now(timezone.utc).date()
        blame(self._harness, record, self._run.cell.kind.services)
        keep_printed(self._harness, record)
        record.found = record.verdict
        found = judged(record, self._run.cell.scenario.divergences, today)
        record.brief = found.reason.replace(record.reason, record.brief) if record.brief else ""
        record.verdict, record.reason, record.divergence = found
        return outcome


def new_record(harness: Harness, run: Run) -> Record:
    """What is known of a cell before it runs: until then it is unknown, or absent."""
    cell, inputs = run.cell, run.inputs
    return Record(
        scenario=cell.scenario.id,
        version=cell.scenario.version,
        dialect=cell.dialect,
        mode=cell.mode,
        binding=cell.binding,
        flink=cell.line.flink,
        verdict="absent" if cell.absent else "unknown",
        reason=cell.absent or run.broken,
        run=harness.space.id,
        line=cell.line.name,
        udf=cell.udf or "",
        corner=cell.corner,
        parallelism=run.lifecycle.parallelism,
        cut=run.lifecycle.cut,
        delivery=cell.delivery,
        number=run.number,
        lifecycle=run.lifecycle.name,
        way=run.way,
        seed=run.origin.seed,
        inputs=described(inputs, run.origin),
        tables=dict(cell.scenario.own_bindings),
        tolerance={s.name: dict(s.tolerance) for s in cell.scenario.sinks if s.tolerance},
        rows_in=len(inputs.entries),
        log=str(harness.space.logs),
    )
