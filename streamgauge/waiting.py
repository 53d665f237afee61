"""Wait for a condition with a deadline: the only place that polls."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from streamgauge.errors import StreamgaugeError

T = TypeVar("T")
POLL_SECONDS = 0.02
# How long to pause for each second that a look took. Not nine: the threads of a client, and the
# last look, after which there is no pause, come on top.
_IDLE_SHARE = 12


def paced(do: Callable[[], None], seconds: float) -> Callable[[], None]:
    """`do`, at most once in so many seconds: called sooner, nothing is done."""
    done = -math.inf

    def now_and_then() -> None:
        nonlocal done
        if time.monotonic() >= done + seconds:
            do()
            done = time.monotonic()

    return now_and_then


class DeadlineError(StreamgaugeError):
    """A condition did not come true in time; `seen` is what there was instead."""

    def __init__(self, message: str, seen: object) -> None:
        super().__init__(message)
        self.seen = seen


def wait_for(
    probe: Callable[[], T],
    done: Callable[[T], bool],
    seconds: float,
    describe: Callable[[T], str],
    interval: float = POLL_SECONDS,
) -> T:
    """Call `probe` until `done` holds for what it gives, and return that.

    Takes a tenth of a core at most, from whoever is waited for too. Raises a
    DeadlineError after `seconds`, with `describe` of what was last seen.
    """
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    begun = time.thread_time()
    while not done(seen := probe()):
        if time.monotonic() > deadline:
            raise DeadlineError(f"{describe(seen)} (after {seconds:g} s)", seen)
        pause.wait(max(interval, _IDLE_SHARE * (time.thread_time() - begun)))
        begun = time.thread_time()
    return seen
