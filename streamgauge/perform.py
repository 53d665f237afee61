"""Lifecycles over stages: segments outside, cells inside.

So one change of engine serves all cells. A new action is a class in a lifecycle, and a
function registered here that does it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import singledispatch
from itertools import islice

from streamgauge.lifecycle import (
    Action,
    AwaitCheckpoint,
    AwaitEnd,
    Cancel,
    Feed,
    Hold,
    Start,
    Stop,
    Trickle,
    Verify,
)
from streamgauge.stage import Stage
from streamgauge.values.comparison import Answer
from streamgauge.values.inputs import Inputs
from streamgauge.verify import Verifier

_TRICKLE_SECONDS = 0.1


class Performance:
    """One cell on its way: its stage, who looks at it, and what was seen last."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.verifier = Verifier(stage)
        self.seen: Answer | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing wrong was seen so far."""
        return self.seen is None or self.seen.ok

    def go(self, actions: Sequence[Action]) -> None:
        """Do actions in order, up to the first answer that is wrong."""
        for action in actions:
            if self.ok:
                self.seen = perform(action, self) or self.seen


@singledispatch
def perform(action: Action, performance: Performance) -> Answer | None:
    """Do an action; what was seen, if it looks at the answer."""
    raise NotImplementedError(f"nobody knows how to do {action}")


@perform.register
def _feed(action: Feed, performance: Performance) -> None:
    stage = performance.stage
    stage.feed(stage.inputs.until(action.share))


@perform.register
def _start(action: Start, performance: Performance) -> None:
    performance.stage.start(action)


@perform.register
def _stop(action: Stop, performance: Performance) -> None:
    with performance.stage.phase("verify"):
        performance.stage.stop(drain=action.drain, native=action.native)


@perform.register
def _cancel(_: Cancel, performance: Performance) -> None:
    with performance.stage.phase("verify"):
        performance.stage.cancel()


@perform.register
def _await_end(action: AwaitEnd, performance: Performance) -> None:
    with performance.stage.phase("job"):
        performance.stage.wait_finished(action.every)


@perform.register
def _await_checkpoint(_: AwaitCheckpoint, performance: Performance) -> None:
    with performance.stage.phase("job"):
        performance.stage.checkpoint()


@perform.register
def _verify(action: Verify, performance: Performance) -> Answer:
    return performance.verifier.verify(action.what)


@perform.register
def _hold(action: Hold, performance: Performance) -> Answer:
    return performance.verifier.hold(action.seconds)


@perform.register
def _trickle(_: Trickle, performance: Performance) -> None:
    """Feed a record, look, and again.

    Were its source idle as a whole in between, Flink could lose rows for good (seen in
    1.20.5 with click_top10's self-join; github.com/apache/flink/pull/29239 is the like).
    """
    stage = performance.stage
    look = performance.verifier.look_due()
    upto = _growing(stage)

    def feed_and_look() -> Answer:
        for inputs in islice(upto, 1):
            stage.feed(inputs)
        return look()

    with stage.phase("job"):
        performance.verifier.settle(feed_and_look, _TRICKLE_SECONDS)


def _growing(stage: Stage) -> Iterator[Inputs]:
    """What was fed, and a record more each time."""
    for stop in range(len(stage.fed.entries), len(stage.inputs.entries)):
        yield stage.inputs.part(0, stop + 1)
