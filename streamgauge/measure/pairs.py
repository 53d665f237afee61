"""Two cells in turn on the harness: each round is a run that is timed, and checked like any other.

All events are there before the job starts, and have an end, so that a job ends by itself: when,
Flink says. While it runs, the harness asks for its state and nothing else; the answer is
checked afterwards. What is wrong with a round makes that there is no number.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from streamgauge.errors import StreamgaugeError, tidied
from streamgauge.harness import Harness
from streamgauge.measure import machine, statistics
from streamgauge.measure.machine import Clocks, Usage
from streamgauge.measure.meter import Look, cpu
from streamgauge.measure.side import Feeding, Made, Side, answered_once, differing, planned
from streamgauge.measure.slowed import Slowed
from streamgauge.perform import Performance
from streamgauge.records import Record
from streamgauge.report.compare import PARTS, Compared, Interval, Round
from streamgauge.run import Outcome, Run, run_cells
from streamgauge.versions import Line

# Of fewer rounds that count there is no number.
LEAST = 2 * statistics.LEAST_PAIRS
# A job of less is mostly its start; one of more leaves too few rounds in the time there is.
_SHORT_SECONDS, _LONG_SECONDS = 1.0, 4.0
_GROWTH, MOST_EVENTS = 4, 1_000_000
# From which mark to which: on the client, until all tasks run, and from then on.
SPANS = {
    "build": ("build", "built"),
    "submit": ("built", "submitted"),
    "start": ("accepted", "running"),
    "job": ("running", "finished"),
}
# What marks cannot tell apart.
_LEAST_SECONDS = 0.0001


class Limits(NamedTuple):
    """Where a comparison ends that is not sure before: rounds that count, seconds in all."""

    rounds: int = 400
    seconds: float = 300


_LIMITS = Limits()


@dataclass
class Watch:
    """Who tells what time it is, and what the machine does."""

    clocks: Callable[[], Clocks] = machine.clocks
    usage: Callable[[Iterable[int]], Usage] = machine.usage


@dataclass
class Pair:
    """Two sides, and what is known of them so far: `told`, however the comparison ends.

    `made` gives inputs of so many events a source; `events` fixes their number. `whole` goes on
    to a limit, however much is known. `slowed` is planted into the second when it has warmed up.
    """

    sides: tuple[Side, Side]
    made: Callable[[int], Made]
    events: int | None = None
    limits: Limits = _LIMITS
    watch: Watch = field(default_factory=Watch)
    whole: bool = False
    slowed: Slowed | None = None

    def __post_init__(self) -> None:
        first, second = self.sides
        scenario = first.cell.scenario
        cells = (first.cell.id, second.cell.id)
        labels, alike = (first.label, second.label), first.way == second.way
        self.told = Compared(scenario.id, scenario.version, labels, cells, alike, cut_short=True)

    def compared(self, harness: Harness, _: object) -> Generator[Outcome, None, None]:
        """Rounds as they come, until enough is known; what they come to is in `told`."""
        self._harness = harness
        self._begun = self.watch.clocks()
        first, second = self.sides
        self.sides = answered_once(first), answered_once(second)
        self._feeding = Feeding(harness)
        with tidied(self._feeding.close):
            made = yield from self._tried()
            if not self.told.refusal:
                self.told.plan = self._differing()
                yield from self._warmed_up(made)
            if not self.told.refusal:
                yield from self._timed(made)
        self.told.cut_short = False

    def _tried(self) -> Generator[Outcome, None, Made]:
        """Each side once, over more and more events until it takes a while; their plans."""
        events, cold = self.events or self.sides[0].cell.scenario.rows, True
        while True:
            made = self.made(events)
            self.told.events = events
            self.told.settings.clear()
            times = []
            for side in (0, 1):
                found = yield from self._round(side, made, warm=True)
                if found is None:
                    return made
                times.append(found["job"])
            if self.events or not (cold or _is_short(times)) or events >= MOST_EVENTS:
                return made
            # What is slow as it is the first of all tells nothing of how many events it takes.
            events = events if cold else grown(events)
            cold = False

    def _warmed_up(self, made: Made) -> Generator[Outcome, None, None]:
        """A block, and another where one of the two is not what it was any more."""
        yield from self._block(made, warm=True)
        if self.slowed and not self.told.refusal:
            self._slow_down(self.slowed)
            yield from self._block(made, warm=True)

    def _slow_down(self, slowed: Slowed) -> None:
        first, second = self.sides
        job = self.told.rounds[-1].seconds["job"]
        seconds = slowed.share * job / self.told.events
        folder = self._harness.space.data / self._harness.unique_name()
        self.sides = first, slowed.side(second, folder, seconds)
        self.told.labels = first.label, self.sides[1].label
        self.told.planted = seconds if slowed.is_known else None
        self.told.alike = False
        self.told.plan = self._differing()

    def _timed(self, made: Made) -> Generator[Outcome, None, None]:
        """Blocks until enough is known, or it is cut short."""
        pids = self._pids()
        usage, begun = self.watch.usage(pids), self.watch.clocks()
        try:
            while not (self.told.refusal or self.told.ended):
                yield from self._block(made, warm=False)
                rounds = self._conclude()
                self.told.pace = (self.watch.clocks().steady - begun.steady) / max(rounds, 1)
                self.told.ended = self._ended(rounds)
        finally:
            loaded = self.watch.usage(pids).loaded(usage)
            self.told.refusal = self.told.refusal or self._mostly(loaded) or self._noisy()
            if self.told.refusal:
                self.told.ratios.clear()

    def _block(self, made: Made, *, warm: bool) -> Generator[Outcome, None, None]:
        """A B B A, or up to the first that has no time."""
        for side in statistics.BLOCK:
            if not self.told.refusal:
                yield from self._round(side, made, warm=warm)

    def _round(
        self, side: int, made: Made, *, warm: bool
    ) -> Generator[Outcome, None, Mapping[str, float] | None]:
        """A run of one side: its seconds by part; None, and the refusal, where it has none."""
        self.told.refusal = self.sides[side].refused(made[0])
        if self.told.refusal:
            return None
        try:
            run = self._feeding.run(side, self.sides[side], made, len(self.told.rounds) + 1)
        except StreamgaugeError as error:
            self.told.refusal = str(error)
            return None
        before, since = self.watch.usage(pids := self._pids()), self.watch.clocks()
        looks: list[Mapping[str, float]] = []
        (outcome,) = run_cells(self._harness, [metered(run, lambda _: looks.append(cpu(pids)))])
        jumped = self.watch.clocks().jumped(since)
        loaded = self.watch.usage(pids).loaded(before)
        yield outcome
        self.told.refusal = refused(outcome.record) or jumped
        if self.told.refusal:
            return None
        if len(self.told.settings) <= side:
            self.told.settings.append(outcome.record.settings)
        found = {**seconds(outcome.record, SPANS), "cpu": spent(*looks)}
        self.told.rounds.append(Round(side, warm, found, loaded))
        return found

    def _differing(self) -> list[str]:
        """How the second's plan differs."""
        workers = [self._harness.engine(side.cell.line).worker for side in self.sides]
        first, second = (planned(each, worker) for each, worker in zip(self.sides, workers))
        return differing(first, second)

    def _pids(self) -> list[int]:
        """Of the clusters: one that was up before is none of our children's."""
        lines = {side.cell.line.name: side.cell.line for side in self.sides}
        return [pid for line in lines.values() for pid in pids(self._harness, line)]

    def _conclude(self) -> int:
        """What the rounds come to that count, where they are enough; how many they are."""
        jobs = self.told.times("job")
        if statistics.pairs(jobs) >= statistics.LEAST_PAIRS:
            for part in PARTS:
                self.told.ratios[part] = interval(statistics.ratio(self.told.times(part)))
            self._job, self._itself = statistics.ratio(jobs), statistics.against_itself(jobs)
            self.told.itself = interval(self._itself)
        return len(jobs)

    def _mostly(self, loaded: str) -> str:
        """Why nothing can be told, where the machine was too busy in most pairs."""
        times = self.told.times("job")
        return loaded if statistics.pairs(times) < len(times) / 4 else ""

    def _noisy(self) -> str:
        """Why nothing can be told, where jobs held against themselves are not the same."""
        if not self.told.ratios or self._itself.is_quiet(beside=self._job):
            return ""
        return f"the machine is too noisy: the same job against itself takes {self.told.itself}"

    def _ended(self, rounds: int) -> str:
        """Why no more is to be known; "" to go on."""
        if self.told.ratios and self._job.is_narrow and not self.whole:
            return "after which the interval was narrow enough"
        if rounds + len(statistics.BLOCK) > self.limits.rounds:
            return "the limit of rounds"
        since = self.watch.clocks().steady - self._begun.steady
        return "the limit of time" if since > self.limits.seconds else ""


def interval(ratio: statistics.Ratio) -> Interval:
    """A ratio as it is told."""
    return Interval(ratio.value, ratio.low, ratio.high, ratio.pairs, ratio.found, ratio.smallest)


def refused(record: Record) -> str:
    """Why a round has no time; "" where it has."""
    if record.verdict != "pass":
        return f"{record.cell}: {record.verdict}: {record.reason.partition(chr(10))[0]}"
    if record.has("restarting"):
        return f"{record.cell}: its job was restarted"
    return ""


def pids(harness: Harness, line: Line) -> list[int]:
    """Of the line's cluster."""
    return [part.pid for part in harness.engine(line).cluster.parts.values()]


def metered(run: Run, look: Callable[[Performance], None]) -> Run:
    """With a look before its job starts, and one after its end."""
    feed, start, end, verify = run.lifecycle.actions
    actions = feed, Look(look), start, end, Look(look), verify
    return replace(run, lifecycle=replace(run.lifecycle, actions=actions))


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """CPU seconds of the JVMs and of Python workers."""
    return max(sum(after[kind] - before[kind] for kind in ("jvm", "python")), _LEAST_SECONDS)


def grown(events: int) -> int:
    """How many are tried where a job over so many takes too little time."""
    return min(events * _GROWTH, MOST_EVENTS)


def seconds(record: Record, spans: Mapping[str, tuple[str, str]]) -> dict[str, float]:
    """What each part took, from one mark of the record to another."""
    taken = {part: record.at(end) - record.at(begin) for part, (begin, end) in spans.items()}
    return {part: max(took, _LEAST_SECONDS) for part, took in taken.items()}


def _is_short(times: Iterable[float]) -> bool:
    times = list(times)
    return min(times) < _SHORT_SECONDS and max(times) < _LONG_SECONDS
