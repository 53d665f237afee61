"""What a machine did beside what was measured on it: whether its figures are to be believed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

import psutil

# Wall clock and monotonic clock of a round go apart by less, unless somebody sets the clock.
JUMP_SECONDS = 0.05
# Shares of the CPU time of all cores: more than that is felt in what is measured.
STOLEN, OTHERS = 0.03, 0.1


class Clocks(NamedTuple):
    """The wall clock, which somebody may set, and one that never jumps; seconds."""

    wall: float
    steady: float

    def jumped(self, since: Clocks) -> str:
        """Why what was timed since then has no time; "" where it has."""
        jump = (self.wall - since.wall) - (self.steady - since.steady)
        return f"the clock jumped by {jump:+.1f} s" if abs(jump) > JUMP_SECONDS else ""


def clocks() -> Clocks:
    """Both, now."""
    return Clocks(time.time(), time.monotonic())


class Usage(NamedTuple):
    """CPU seconds of all cores up to now: there were, in use, stolen by a host, used by us."""

    all: float
    busy: float
    stolen: float
    ours: float

    def loaded(self, since: Usage) -> str:
        """Why the machine was too loaded since then to measure; "" where it was not."""
        there = max(self.all - since.all, 1e-9)
        stolen = (self.stolen - since.stolen) / there
        others = ((self.busy - since.busy) - (self.ours - since.ours)) / there
        if stolen > STOLEN:
            return f"the machine's host took {stolen:.0%} of its CPU time"
        if others > OTHERS:
            return f"other processes took {others:.0%} of the machine's CPU time"
        return ""


Look = Callable[[Iterable[int]], Usage]


def usage(pids: Iterable[int]) -> Usage:
    """Up to now; ours is what this process, those of `pids` and all below them used."""
    times = psutil.cpu_times()
    stolen = getattr(times, "steal", 0.0)
    idle = times.idle + getattr(times, "iowait", 0.0)
    # What guests use is in `user` too.
    there = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    return Usage(there, there - idle - stolen, stolen, _used({os.getpid(), *pids}))


def _used(pids: Iterable[int]) -> float:
    """By these processes, by those below them, and by those below that have ended."""
    found: dict[int, float] = {}
    for _, process in below(pids):
        # One that ends meanwhile does not take those along that come after it.
        with suppress(psutil.Error):
            found[process.pid] = sum(process.cpu_times()[:4])
    return sum(found.values())


def below(pids: Iterable[int]) -> Iterator[tuple[psutil.Process, psutil.Process]]:
    """Each of these that there is, and each process below it, with the one that is on top."""
    for pid in pids:
        with suppress(psutil.Error):
            top = psutil.Process(pid)
            yield from ((top, process) for process in (top, *top.children(recursive=True)))
