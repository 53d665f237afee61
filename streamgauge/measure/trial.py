"""One run of a cell under load: fed at a rate while the job runs, and checked like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from streamgauge.attachments import Arrival, Followed, Open, Outlet
from streamgauge.attachments.place import EXACTLY_ONCE
from streamgauge.cells import Cell
from streamgauge.clusters.session import SLOTS
from streamgauge.feasible import refusal
from streamgauge.harness import Harness
from streamgauge.lifecycle import Feed, Lifecycle, once
from streamgauge.measure import load
from streamgauge.measure.load import Load, Sending, Wanted
from streamgauge.measure.machine import Usage
from streamgauge.measure.meter import Look
from streamgauge.measure.pairs import Watch, pids, refused
from streamgauge.measure.side import Made
from streamgauge.perform import Performance, perform
from streamgauge.run import Outcome, Run, run_cells
from streamgauge.stage import Stage
from streamgauge.values.inputs import Entry, Inputs
from streamgauge.waiting import paced

# To ask Flink whether the job runs takes CPU time of both.
_CHECK_SECONDS = 1.0


@dataclass(frozen=True)
class Loaded:
    """A cell under load: so many events a second, made by so many processes."""

    cell: Cell
    rate: float
    parallelism: int = 1
    parts: int = 1

    def refused(self, inputs: Inputs) -> str:
        """Why it cannot be run over these; "" where it can."""
        started = once(self.cell.form, parallelism=self.parallelism)
        return load.refused(self.cell) or refusal(self.cell, inputs, started, SLOTS) or ""


@dataclass(frozen=True)
class Under(Feed):
    """All that was not fed yet is sent by others, while the job runs."""

    by: Callable[[Performance], None]


@perform.register
def _under(action: Under, performance: Performance) -> None:
    action.by(performance)


Starts = Callable[[Harness, Wanted, Outlet], Load]


def started(harness: Harness, wanted: Wanted, outlet: Outlet) -> Load:
    """Processes of the harness's workspace."""
    return Load(harness.space, wanted, outlet, harness.unique_name())


@dataclass
class Trial:
    """What came of it: `refusal` says why nothing may be told of it.

    `arrivals` are those of each sink, `sending` what was sent. `meanwhile` is called now and then
    while that goes on.
    """

    loaded: Loaded
    made: Made
    watch: Watch = field(default_factory=Watch)
    meanwhile: Callable[[Stage], None] = lambda _: None
    starts: Starts = started
    refusal: str = ""
    sending: Sending | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    arrivals: dict[str, Sequence[Arrival]] = field(default_factory=dict)

    def run(self, harness: Harness) -> Outcome:
        """Run it."""
        inputs, origin, broken = self.made
        self._harness, self._loaded = harness, ""
        self._followed: Followed | None = None
        self._stack = ExitStack()
        since = self.watch.clocks()
        run = Run(self.loaded.cell, inputs, origin, self._lifecycle(), broken)
        with self._stack:
            (outcome,) = run_cells(harness, [run])
        jumped = self.watch.clocks().jumped(since)
        self.settings = outcome.record.settings
        self.refusal = refused(outcome.record) or jumped or self._loaded or self._bound()
        return outcome

    def _bound(self) -> str:
        assert self.sending is not None, "a run that passed has sent all"
        return self.sending.refusal

    def _lifecycle(self) -> Lifecycle:
        """The usual one, but that all comes by load."""
        cell, parallelism = self.loaded.cell, self.loaded.parallelism
        _, start, _, _, *settled = once(cell.form, parallelism=parallelism).actions
        actions = Look(self._prepare), start, Under(1, self._send), *settled, Look(self._collect)
        return Lifecycle("load", actions)

    def _prepare(self, performance: Performance) -> None:
        """Messages are made before the job starts."""
        stage, (source,) = performance.stage, self.loaded.cell.scenario.sources
        _, origin, _ = self.made
        wanted = Wanted(
            self.loaded.cell,
            origin.seed or 0,
            len(stage.inputs.entries),
            self.loaded.rate,
            self.loaded.parts,
        )
        feeder = stage.attached.sources[source.name].feeder
        assert isinstance(feeder, Open), "what has none is refused"
        self._load = self.starts(self._harness, wanted, feeder.outlet(source.name))
        # A job that breaks is fed no more, so that the next has the machine.
        self._stack.callback(self._load.stop)
        if self.loaded.cell.delivery == EXACTLY_ONCE:
            # What is in a transaction shows when that is committed, and no message says when.
            self._followed = feeder.follow(self._topics)
            self._stack.callback(self._followed.stop)

    def _send(self, performance: Performance) -> None:
        stage = performance.stage
        stage.wait_running()
        check = paced(stage.check_running, _CHECK_SECONDS)

        def meanwhile() -> None:
            check()
            self.meanwhile(stage)

        def feed(_: Sequence[Entry]) -> None:
            self.sending = self._load.go(meanwhile)

        before = self._usage()
        stage.feed(stage.inputs, feed)
        self._loaded = self._usage().loaded(before)
        stage.mark_times()

    def _collect(self, performance: Performance) -> None:
        sinks = self.loaded.cell.scenario.sinks
        attached = performance.stage.attached
        self.arrivals = {sink.name: attached.read(sink.name) for sink in sinks}
        if self._followed:
            self.arrivals.update({name: self._read(name, self._followed) for name in self._topics})

    def _read(self, name: str, followed: Followed) -> list[Arrival]:
        """What a sink got, when it came to who reads what is committed."""
        arrivals = self.arrivals[name]
        seen = followed.seen(name, len(arrivals))
        return [arrival._replace(at=at) for arrival, at in zip(arrivals, seen)]

    @property
    def _topics(self) -> list[str]:
        cell = self.loaded.cell
        return [sink.name for sink in cell.scenario.sinks if cell.kind.is_topic(sink)]

    def _usage(self) -> Usage:
        return self.watch.usage(pids(self._harness, self.loaded.cell.line))
