"""How long it takes until what comes in shows: cells under a load that does not wait for them.

From when an entry was due until the broker had the row that it leads to, or the target's own
binlog had its commit. Of what is told by event time, how old the newest record was.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from streamgauge.harness import Harness
from streamgauge.measure.effects import effects
from streamgauge.measure.freshness import Timeline, fresh
from streamgauge.measure.histogram import Histogram
from streamgauge.measure.load import Sending
from streamgauge.measure.pairs import Watch
from streamgauge.measure.side import Made
from streamgauge.measure.trial import Loaded, Starts, Trial, started
from streamgauge.measure.visible import shown
from streamgauge.report.latency import Latency
from streamgauge.run import Outcome
from streamgauge.scenario import Scenario, Sink
from streamgauge.values.inputs import only_rows

# Until then the JVM has compiled what it runs.
WARM_SECONDS = 10.0
COUNTED_SECONDS = 20.0


def refused(scenario: Scenario) -> str:
    """Why it has no latency; "" where it has one."""
    if scenario.effects is None and not any(sink.due for sink in scenario.sinks):
        return "nothing says which row an entry leads to: oracle.py has no effects(inputs)"
    return ""


@dataclass
class Latencies:
    """Cells to be measured one after the other, and what is known of them so far: `told`.

    `made` gives inputs of so many events; `events` is their number, by default of as many seconds
    as it takes.
    """

    cells: Sequence[Loaded]
    made: Callable[[Loaded, int], Made]
    events: int | None = None
    watch: Watch = field(default_factory=Watch)
    starts: Starts = started
    warm: float = WARM_SECONDS
    told: list[Latency] = field(default_factory=list)

    def measured(self, harness: Harness, _: object) -> Generator[Outcome, None, None]:
        """Runs as they come."""
        for loaded in self.cells:
            cell, scenario = loaded.cell, loaded.cell.scenario
            told = Latency(
                cell.id, scenario.id, scenario.version, cell.dialect, cell.delivery, loaded.rate
            )
            self.told.append(told)
            events = self.events or int(loaded.rate * (self.warm + COUNTED_SECONDS))
            made = self.made(loaded, events)
            told.refusal = loaded.refused(made[0])
            if not told.refusal:
                yield self._measured(harness, loaded, told, made)

    def _measured(self, harness: Harness, loaded: Loaded, told: Latency, made: Made) -> Outcome:
        trial = Trial(loaded, made, self.watch, starts=self.starts)
        outcome = trial.run(harness)
        told.settings, told.refusal = trial.settings, trial.refusal
        if not told.refusal:
            self._tell(trial, told)
        return outcome

    def _tell(self, trial: Trial, told: Latency) -> None:
        sending = trial.sending
        assert sending is not None, "what is not refused was sent"
        told.load = {name: getattr(sending, name) for name in ("rate", "able", "late", "mean_late")}
        first = int(self.warm * sending.wanted)
        told.entries = max(sending.events - first, 0)
        found = _by_entry(trial, sending, first, told)
        due = (sink for sink in trial.loaded.cell.scenario.sinks if sink.due)
        timed = (_by_event_time(trial, sending, first, sink) for sink in due)
        told.seconds = {what: seconds for what, seconds in chain(found, *timed) if seconds}
        told.spreads = {what: Histogram(each).spread() for what, each in told.seconds.items()}
        if not told.spreads:
            told.refusal = "too few events: none came after the warm-up"


def _by_entry(
    trial: Trial, sending: Sending, first: int, told: Latency
) -> Iterator[tuple[str, Sequence[float]]]:
    """Of each sink of which that is known, what came of the entries from `first` on."""
    scenario, (inputs, _, _) = trial.loaded.cell.scenario, trial.made
    for name, led_to in effects(scenario, inputs).items():
        (sink,) = (sink for sink in scenario.sinks if sink.name == name)
        counted = [index for index, _ in led_to if index >= first]
        seen = shown(led_to, trial.arrivals[name], sink.key_indices)
        since = [seen[index] - sending.due(index) for index in counted if index in seen]
        told.unseen += len(counted) - len(since) if since else 0
        yield name, since


def _by_event_time(
    trial: Trial, sending: Sending, first: int, sink: Sink
) -> Iterator[tuple[str, Sequence[float]]]:
    (source,), (inputs, _, _) = trial.loaded.cell.scenario.sources, trial.made
    line = Timeline(source, only_rows(source.name, inputs[source.name]), sending.due)
    seen = fresh(sink, line, trial.arrivals[sink.name], sending.due(first))
    for what, found in seen._asdict().items():
        yield f"{sink.name}: {what}", found
