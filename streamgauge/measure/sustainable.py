"""The highest rate of events that cells take for as long as one likes: trials under load."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace

from streamgauge.attachments import Open
from streamgauge.harness import Harness
from streamgauge.measure import lag
from streamgauge.measure.lag import Sample, Tried
from streamgauge.measure.load import GENERATOR_BOUND
from streamgauge.measure.pairs import Watch
from streamgauge.measure.side import Made
from streamgauge.measure.trial import Loaded, Starts, Trial, started
from streamgauge.report.sustainable import Step, Sustained
from streamgauge.run import Outcome
from streamgauge.stage import Stage
from streamgauge.waiting import paced

START, MOST = 1000.0, 1_000_000.0
# How long a load is, and from when on its lag counts.
SECONDS, WARM_SECONDS = 16.0, 4.0
_LOOK_SECONDS = 0.25
# One process sends as many a second with ease.
_EACH = 100_000


@dataclass
class Sustainable:
    """Cells to be measured one after the other, and what is known of them so far: `told`.

    `made` gives inputs of so many events.
    """

    cells: Sequence[Loaded]
    made: Callable[[Loaded, int], Made]
    watch: Watch = field(default_factory=Watch)
    starts: Starts = started
    told: list[Sustained] = field(default_factory=list)

    def measured(self, harness: Harness, _: object) -> Generator[Outcome, None, None]:
        """Trials as they come."""
        for loaded in self.cells:
            cell, scenario = loaded.cell, loaded.cell.scenario
            told = Sustained(cell.id, scenario.id, scenario.version, cell.dialect)
            self.told.append(told)
            yield from self._searched(harness, loaded, told)

    def _searched(
        self, harness: Harness, loaded: Loaded, told: Sustained
    ) -> Generator[Outcome, None, None]:
        found: list[Tried] = []
        while rate := lag.following(found, loaded.rate, MOST):
            samples: list[Sample] = []
            trial = self._trial(loaded, rate, samples)
            yield trial.run(harness)
            told.settings = trial.settings
            if trial.refusal.startswith(GENERATOR_BOUND):
                # Not the job's limit, but that of what feeds it.
                told.beyond = trial.refusal
                break
            if trial.refusal:
                told.refusal = trial.refusal
                return
            first = samples[0][0] + WARM_SECONDS
            found.append(Tried(rate, lag.slope([each for each in samples if each[0] >= first])))
            told.steps.append(Step(rate, found[-1].holds, *found[-1].slope))
        _conclude(found, told)

    def _trial(self, loaded: Loaded, rate: float, samples: list[Sample]) -> Trial:
        # In order, where it matters when an event was.
        timed = loaded.cell.scenario.timed
        loaded = replace(loaded, rate=rate, parts=1 if timed else math.ceil(rate / _EACH))
        made = self.made(loaded, int(rate * SECONDS))
        return Trial(loaded, made, self.watch, _looking(loaded, samples), self.starts)


def _conclude(found: Sequence[Tried], told: Sustained) -> None:
    held = lag.held(found)
    if held is None:
        told.refusal = told.beyond or "lag grew at each rate that was tried"
    else:
        told.rate, told.is_limit = held.rate, lag.grew(found) is not None


def _looking(loaded: Loaded, samples: list[Sample]) -> Callable[[Stage], None]:
    """Looks at lag now and then while the load goes on."""
    (source,) = loaded.cell.scenario.sources
    looks: dict[str, Callable[[], None]] = {}

    def meanwhile(stage: Stage) -> None:
        feeder = stage.attached.sources[source.name].feeder
        assert isinstance(feeder, Open), "what has none is refused"

        def look() -> None:
            samples.append((time.monotonic(), feeder.lag()))

        looks.setdefault("look", paced(look, _LOOK_SECONDS))()

    return meanwhile
