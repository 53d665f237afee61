"""What a job uses while it runs: CPU seconds and memory, of JVMs, Python workers, harness apart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

from streamgauge.lifecycle import Action
from streamgauge.measure.machine import below
from streamgauge.perform import Performance, perform
from streamgauge.report.bench import Used

# Often enough for what a job keeps, and nothing beside it.
_SAMPLE_SECONDS = 0.25
# How long to pause for each second that a look at all processes took.
_IDLE_SHARE = 60


@dataclass(frozen=True)
class Look(Action):
    """Somebody looks at how things stand; nothing is done to the job."""

    at: Callable[[Performance], None]


@perform.register
def _look(action: Look, performance: Performance) -> None:
    action.at(performance)


class Meter:
    """Reads what processes of Flink, those that they started, and this one use, until stopped."""

    def __init__(self, tops: Sequence[int]) -> None:
        self.used = Used({}, {}, 0)
        self._tops = tops
        self._peak = resident(tops)
        self._before = cpu(tops)
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        self.submitted()

    def submitted(self) -> None:
        """The job's clock runs from now on: what the harness takes is its share of a core."""
        self._since = time.monotonic(), time.process_time()

    def stop(self) -> None:
        """What was used is in `used`."""
        begun, before = self._since
        share = (time.process_time() - before) / max(time.monotonic() - begun, 1e-9)
        self._done.set()
        self._watcher.join()
        now = cpu(self._tops)
        spent = {kind: round(now[kind] - self._before[kind], 3) for kind in now}
        self.used = Used(spent, {kind: peak >> 20 for kind, peak in self._peak.items()}, share)

    def _watch(self) -> None:
        pause = _SAMPLE_SECONDS
        while not self._done.wait(pause):
            begun = time.thread_time()
            for kind, there in resident(self._tops).items():
                self._peak[kind] = max(self._peak[kind], there)
            pause = max(_SAMPLE_SECONDS, _IDLE_SHARE * (time.thread_time() - begun))


def cpu(tops: Iterable[int]) -> dict[str, float]:
    """CPU seconds up to now.

    Python workers are below a JVM; those that have ended are counted by what started them.
    """
    found = {"jvm": 0.0, "python": 0.0, "harness": sum(psutil.Process().cpu_times()[:2])}
    for kind, process in _members(tops):
        with suppress(psutil.Error):
            own, ended = process.cpu_times()[:2], process.cpu_times()[2:4]
            found[kind] += sum(own)
            found["python"] += sum(ended)
    return found


def resident(tops: Iterable[int]) -> dict[str, int]:
    """Bytes of memory now."""
    found = {"jvm": 0, "python": 0, "harness": psutil.Process().memory_info().rss}
    for kind, process in _members(tops):
        with suppress(psutil.Error):
            found[kind] += process.memory_info().rss
    return found


def _members(tops: Iterable[int]) -> Iterator[tuple[str, psutil.Process]]:
    """The JVMs among processes and those below them, and the Python workers below those."""
    for top, process in below(tops):
        with suppress(psutil.Error):
            kind = "jvm" if process.name() == "java" else "python"
            # A part of a cluster is held by a process that only waits.
            if kind == "jvm" or process != top:
                yield kind, process
