"""How many events a second a cell takes: rounds that are timed, and checked like any other.

All events are there before the job starts, and have an end: Flink says when it began to run and
when it came to its end. While it runs nobody looks at the answer, which is checked afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from streamgauge.errors import StreamgaugeError, tidied
from streamgauge.harness import Harness
from streamgauge.lifecycle import AwaitEnd, Feed, Lifecycle, Start, Verify
from streamgauge.measure.load import generator_bound, makes
from streamgauge.measure.machine import Clocks, Usage
from streamgauge.measure.meter import Look, Meter
from streamgauge.measure.pairs import MOST_EVENTS, SPANS, Watch, grown, pids, refused, seconds
from streamgauge.measure.side import SELDOM, Feeding, Made, Side, answered_once
from streamgauge.perform import Performance
from streamgauge.records import FIRST_ROW
from streamgauge.report.bench import Measured, Timed
from streamgauge.run import Outcome, run_cells

# A job of less is mostly its start.
_SHORT_SECONDS = 2.0


@dataclass
class Bench:
    """Cells to be measured one after the other, and what is known of them so far: `told`.

    `made` gives inputs of so many events a source for a cell; `events` fixes their number.
    """

    sides: Sequence[Side]
    made: Callable[[Side, int], Made]
    rounds: int = 5
    events: int | None = None
    watch: Watch = field(default_factory=Watch)
    told: list[Measured] = field(default_factory=list)

    def measured(self, harness: Harness, _: object) -> Generator[Outcome, None, None]:
        """Rounds as they come."""
        for side in map(answered_once, self.sides):
            cell = side.cell
            told = Measured(cell.id, cell.scenario.id, cell.scenario.version, cell.dialect)
            self.told.append(told)
            yield from _Cell(self, harness, side, told).measured()


class _Cell:
    """One of them."""

    def __init__(self, bench: Bench, harness: Harness, side: Side, told: Measured) -> None:
        self._bench, self._harness, self._side, self._told = bench, harness, side, told

    def measured(self) -> Generator[Outcome, None, None]:
        self._feeding = Feeding(self._harness)
        self._told.cut_short = True
        with tidied(self._feeding.close):
            yield from self._measured()
        self._told.cut_short = False

    def _measured(self) -> Generator[Outcome, None, None]:
        made = yield from self._warmed_up()
        before = self._usage()
        for _ in range(self._bench.rounds):
            if not self._told.refusal:
                yield from self._round(made, self._told.rounds)
        loaded = self._usage().loaded(before)
        self._told.refusal = self._told.refusal or self._bound() or loaded

    def _warmed_up(self) -> Generator[Outcome, None, Made]:
        """Rounds that do not count, over more and more events until the job takes a while."""
        events = self._bench.events or self._side.cell.scenario.rows
        while True:
            made = self._bench.made(self._side, events)
            self._told.warm.clear()
            # What runs first is slow for that alone.
            for _ in range(2):
                if not self._told.refusal:
                    yield from self._round(made, self._told.warm)
            if self._told.refusal:
                return made
            took = self._told.warm[-1].seconds["job"]
            if self._bench.events or took >= _SHORT_SECONDS or events >= MOST_EVENTS:
                return made
            events = grown(events)

    def _round(self, made: Made, into: list[Timed]) -> Generator[Outcome, None, None]:
        since: Clocks = self._bench.watch.clocks()
        try:
            run = self._feeding.run(0, self._side, made, 1)
        except StreamgaugeError as error:
            self._told.refusal = str(error)
            return
        with ExitStack() as stack:
            run = replace(run, lifecycle=self._lifecycle(stack))
            (outcome,) = run_cells(self._harness, [run])
        yield outcome
        record, told = outcome.record, self._told
        jumped = self._bench.watch.clocks().jumped(since)
        told.refusal = refused(record) or jumped
        if not told.refusal:
            told.events, told.settings = record.rows_in, record.settings
            first = {"row": ("running", FIRST_ROW)} if record.has(FIRST_ROW) else {}
            parts = {**SPANS, **first}
            into.append(Timed(seconds(record, parts), self._meter.used))

    def _bound(self) -> str:
        """Why the job's rate is that of what made its events; "" where it is not."""
        return generator_bound(makes(self._side.cell.scenario), self._told.rate)

    def _lifecycle(self, stack: ExitStack) -> Lifecycle:
        """Once, with a meter that is read while the job runs."""

        def begin(_: Performance) -> None:
            self._meter = Meter(self._parts())
            stack.callback(self._meter.stop)

        def submitted(_: Performance) -> None:
            self._meter.submitted()

        def end(_: Performance) -> None:
            stack.close()

        start = Start(self._side.parallelism, settings=self._side.settings)
        timed = Look(begin), start, Look(submitted), AwaitEnd(SELDOM), Look(end)
        return Lifecycle("once", (Feed(1), *timed, Verify()))

    def _parts(self) -> list[int]:
        return pids(self._harness, self._side.cell.line)

    def _usage(self) -> Usage:
        return self._bench.watch.usage(self._parts())
