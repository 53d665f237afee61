"""What has to hold when: equal, so far, due, held. Policy, no mechanics."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import cast

from streamgauge.lifecycle import Check
from streamgauge.scenario import Expected
from streamgauge.stage import Stage
from streamgauge.standstill import Standstill
from streamgauge.values.changelog import Change
from streamgauge.values.comparison import Answer
from streamgauge.values.inputs import Inputs
from streamgauge.waiting import POLL_SECONDS, DeadlineError, paced, wait_for

Look = Callable[[], Answer]

# A wrong answer is told when the job has read all and nothing has come for a while: else a fault
# would show other numbers in each run. Not for ever, for a job may write on without an end.
_QUIET_SECONDS = 0.5
_GROWN_SECONDS = 5.0
# What a job has committed before its end can be seen a moment after it.
_COMMIT_SECONDS = 10.0
# To ask Flink whether the job runs takes longer than to ask whether anything has come.
_CHECK_SECONDS = 0.1


class _Sparing:
    """Looks only when something has come, and no more has since it was asked last.

    To fold a large changelog takes a while: that is not done for each change of it.
    """

    def __init__(self, stage: Stage, look: Look) -> None:
        self._stage = stage
        self._look = look
        self._asked = self._looked = stage.count()
        self._seen = look()

    def __call__(self) -> Answer:
        before, self._asked = self._asked, self._stage.count()
        if self._looked != self._asked == before:
            self._looked, self._seen = self._asked, self._look()
        return self._seen


class Verifier:
    """Looks at a stage; remembers whether its whole answer has been right."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._check_running = paced(stage.check_running, _CHECK_SECONDS)
        self._was_equal = False

    def verify(self, what: Check) -> Answer:
        """Wait until the answer to all that was fed is right, or never can be.

        Of a job that has ended it is right at once, or not at all.
        """
        seen = self._ended() if not self._stage.running else self._settled(what)
        return replace(seen, note=self._note(what) + seen.note)

    def hold(self, seconds: float) -> Answer:
        """What was equal, looked at for as long."""
        with self._stage.phase("verify"):
            seen = self._last_seen(self._equal, lambda seen: not seen.ok, seconds)
        return replace(seen, note=self._note("equal"))

    def look_due(self) -> Look:
        """What is wrong so far, what is due now included."""
        stage, due = self._stage, self._stage.due()
        return lambda: compared(stage, stage.inputs).so_far(due)

    def settle(self, look: Look, interval: float = POLL_SECONDS) -> Answer:
        """Wait until what is seen is right, or never can be; what was seen last.

        What no row to come could make right is told at once, all else when no row comes.
        """
        stands = Standstill(self._stage)

        def probe() -> Answer:
            self._check_running()
            return look()

        done = lambda seen: seen.ok or seen.hopeless or stands()  # noqa: E731
        return self._last_seen(probe, done, self._stage.patience, interval)

    def _ended(self) -> Answer:
        """What never comes to be committed is missing then."""
        with self._stage.phase("verify"):
            with suppress(DeadlineError):
                wait_for(self._stage.committed, bool, _COMMIT_SECONDS, str)
            return self._stage.known(self._equal)

    def _settled(self, what: Check) -> Answer:
        with self._stage.phase("job"):
            if self._unknown_yet(what):
                self._await_consumed()
                return Answer({})
            look = self._look(what)
            seen = self.settle(_Sparing(self._stage, look))
            if not seen.ok:
                seen = self._grown(look)
        self._was_equal |= what == "equal" and seen.ok and self._stage.all_fed
        return seen

    def _unknown_yet(self, what: Check) -> bool:
        """Whether the answer is by hand, which is that to all rows: until then they are read."""
        return what == "equal" and not self._stage.all_fed and self._stage.cell.scenario.answered

    def _look(self, what: Check) -> Look:
        """An answer that waits for event time is looked at when all is read."""
        if what == "equal":
            return self._equal
        self._await_consumed()
        if what == "due":
            return self.look_due()
        return lambda: compared(self._stage, self._stage.inputs).so_far()

    def _await_consumed(self) -> None:
        def probe() -> bool:
            self._check_running()
            return self._stage.consumed()

        complaint = "the job has not read all its input"
        wait_for(probe, bool, self._stage.patience, lambda _: complaint)

    def _equal(self) -> Answer:
        return compared(self._stage, self._stage.fed)

    def _grown(self, look: Look) -> Answer:
        """The answer when nothing has come for a while."""
        since = [time.monotonic()]
        counts = [self._stage.count()]

        def probe() -> float:
            self._check_running()
            counts.append(self._stage.count())
            if counts[-1] != counts[-2]:
                since.append(time.monotonic())
            return time.monotonic() - since[-1]

        with suppress(DeadlineError):
            wait_for(probe, lambda quiet: quiet >= _QUIET_SECONDS, _GROWN_SECONDS, str)
        return look()

    def _note(self, what: Check) -> str:
        """When it was: at the cut, while the job ran, or after it had been right."""
        if self._was_equal:
            return "equal at first, then "
        stage = self._stage
        cut = "" if stage.all_fed else f"at the cut, {_share(stage)} fed, "
        return cut + ("" if what == "equal" else "while the job runs, ")

    @staticmethod
    def _last_seen(
        probe: Look, done: Callable[[Answer], bool], seconds: float, interval: float = POLL_SECONDS
    ) -> Answer:
        try:
            return wait_for(probe, done, seconds, str, interval)
        except DeadlineError as late:
            return cast("Answer", late.seen)


def compared(stage: Stage, inputs: Inputs) -> Answer:
    """What every sink has got, compared with the nearest of the right answers to the inputs."""
    expected = stage.expected(inputs)
    with _uncollected():
        changes = stage.look()
        first, *others = (_compared(stage, each, changes) for each in expected)
        return min(first, *others, key=_distance) if others else first


@contextmanager
def _uncollected() -> Iterator[None]:
    """No look for cycles: there are none in changes, and it takes a third of reading many."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _compared(stage: Stage, expected: Expected, changes: Mapping[str, Sequence[Change]]) -> Answer:
    return Answer(
        {
            sink.name: sink.compared(expected[sink.name], changes[sink.name])
            for sink in stage.cell.scenario.sinks
        }
    )


def _distance(seen: Answer) -> tuple[bool, int]:
    return seen.hopeless, sum(len(sink.missing) + len(sink.extra) for sink in seen.sinks.values())


def _share(stage: Stage) -> str:
    return f"{len(stage.fed.entries)} of {len(stage.inputs.entries)} records"
