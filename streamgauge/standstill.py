"""Whether a job has come to a standstill, so that what it has not told by now it never will."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping

from streamgauge.stage import Stage

# How often the cluster is asked.
_EVERY_SECONDS = 1.0
# How long every task has to wait for input. Flink adds up its waits at their ends and every 5 s
# only: what it adds just after a look may have come before it, and is less than that.
_WAITED_SECONDS = 5.0
# Who has patience for more than a minute knows of a job that takes its time.
_OF_PATIENCE = 1 / 12

# Settings that let a job hold back what it has, in milliseconds where they have no unit; with
# what they are where they are not set.
_DELAYS: Mapping[str, str] = {
    "table.exec.mini-batch.allow-latency": "0",
    "table.exec.source.idle-timeout": "0",
    "execution.checkpointing.interval": "0",
}
# Of a job that may have Python in it.
_OF_PYTHON: Mapping[str, str] = {"python.fn-execution.bundle.time": "1000"}
# A result may go through two operators with a delay of their own, such as a map and what counts.
_IN_A_ROW = 2
_UNITS = {"": 0.001, "ms": 0.001, "s": 1.0, "sec": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0}


class Standstill:
    """Asked again and again, says when a job has come to one.

    It has read all that was fed, its sinks get nothing, and each of its tasks has waited for
    input. One in which a Python function is at work does not wait, however long that takes.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._mark: object = None
        self._asked = self._since = time.monotonic()
        self._waits: Mapping[tuple[str, int], float] | None = None

    def __call__(self) -> bool:
        """Whether it has, as far as was seen up to now."""
        now = time.monotonic()
        if now < self._asked + _EVERY_SECONDS:
            return False
        self._asked = now
        mark = self._stage.count(), len(self._stage.fed.entries)
        if mark != self._mark or not self._stage.consumed():
            self._mark, self._since, self._waits = mark, now, None
            return False
        return now >= self._since + _EVERY_SECONDS + self._delay and self._all_wait()

    def _all_wait(self) -> bool:
        """Whether each task has waited since it was looked at first."""
        waits = self._stage.waits()
        if self._waits is None:
            self._waits = waits
        least = max(_WAITED_SECONDS, self._stage.patience * _OF_PATIENCE) + self._delay
        return all(now - self._waits.get(task, 0) >= least for task, now in waits.items())

    @property
    def _delay(self) -> float:
        """How many seconds the job may hold back what it has."""
        cell, told = self._stage.cell, self._stage.settings
        held = {**_DELAYS, **({} if cell.dialect == "sql" and not cell.udf else _OF_PYTHON)}
        delays = [seconds(told.get(name, usual)) for name, usual in held.items()]
        idle = [s.idle.total_seconds() for s in cell.scenario.sources if s.idle]
        return _IN_A_ROW * (sum(delays) + max(idle, default=0))


def seconds(duration: str) -> float:
    """Of a duration as Flink's settings have it; without an end where it cannot be read."""
    found = re.fullmatch(r"(\d+) *([a-z]*)", duration.strip())
    if found is None or found[2] not in _UNITS:
        return math.inf
    return int(found[1]) * _UNITS[found[2]]
