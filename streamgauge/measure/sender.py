"""A process of its own that sends a slice of a source's messages, each when it is due.

    python -m streamgauge.measure.sender FOLDER

An open loop: what is late is sent at once, and carries the time at which it was due all the same.
In the folder lies the plan. The messages are made before `ready` is written there; then `begin`
tells when the first of all is due, and `sent` in the end what became of it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from streamgauge import discovery
from streamgauge.attachments.broker import MOST, Batch, produce_all
from streamgauge.files import write_secret
from streamgauge.services.endpoint import Endpoint
from streamgauge.slices import encoded
from streamgauge.waiting import wait_for

PLAN, READY, BEGIN, SENT = "plan", "ready", "begin", "sent"
# Whoever starts several of them waits until the slowest is ready.
_BEGIN_SECONDS = 600
# So that what is sent in time is, though the system wakes us a little late.
_SHORTLY = 0.0002


class Slice(NamedTuple):
    """The records start..stop-1 that a seed gives a source of the scenario in a folder."""

    folder: str
    source: str
    seed: int
    start: int
    stop: int


class Pace(NamedTuple):
    """The first message is due so many seconds after the begin, and each next one `step` later."""

    first: float
    step: float

    @classmethod
    def of_part(cls, part: int, parts: int, rate: float) -> Pace:
        """Of so many parts, from 0, that come to a rate: entries come due in turn with others'."""
        return cls(part / rate, parts / rate)

    def due(self, begin: float, index: int) -> float:
        """When a message is due, in unix seconds."""
        return begin + self.first + index * self.step

    def upto(self, begin: float, now: float) -> int:
        """How many messages are due by now."""
        return max(int((now - begin - self.first) / self.step) + 1, 0)


class Course(NamedTuple):
    """To which partition of which topic messages go, and at which pace."""

    topic: str
    partition: int
    pace: Pace


class Sent(NamedTuple):
    """How many, from when to when (unix seconds), the busy seconds of these, and how late.

    `late` is the most that a message was handed to Kafka's client after it was due, `mean_late`
    what a message was late on average; seconds.
    """

    events: int
    begin: float
    end: float
    busy: float
    late: float
    mean_late: float


@dataclass(frozen=True)
class Plan:
    """Which slice takes which course; `options` is the address's."""

    slice: Slice
    course: Course
    host: str
    port: int
    user: str
    password: str
    options: dict[str, str]

    @property
    def address(self) -> Endpoint:
        """The broker's."""
        return Endpoint(self.host, self.port, self.user, self.password, self.options)

    def write(self, folder: Path) -> None:
        """Where the process finds it, and nobody else reads the password."""
        write_secret(folder / PLAN, json.dumps(asdict(self)))

    @classmethod
    def read(cls, folder: Path) -> Plan:
        """As it was written."""
        told: dict[str, Any] = json.loads((folder / PLAN).read_text())
        topic, partition, pace = told["course"]
        course = Course(topic, partition, Pace(*pace))
        return cls(**{**told, "slice": Slice(*told["slice"]), "course": course})


class Clock:
    """Unix seconds that do not jump, from now on."""

    def __init__(self) -> None:
        self._ahead = time.time() - time.monotonic()

    def __call__(self) -> float:
        """Now."""
        return time.monotonic() + self._ahead


class Loop:
    """Batches as they come due, and what is to be told of them."""

    def __init__(self, course: Course, values: Sequence[bytes], begin: float) -> None:
        self._course, self._values, self._begin = course, values, begin
        self._clock = Clock()
        self._busy = self._late = self._all_late = 0.0

    def batches(self) -> Iterator[Batch]:
        """What is due; between two of them it waits until something is."""
        done = 0
        while done < len(self._values):
            now = self._clock()
            upto = min(self._course.pace.upto(self._begin, now), done + MOST, len(self._values))
            if upto <= done:
                time.sleep(max(self._due(done) - now, _SHORTLY))
                continue
            yield self._batch(done, upto)
            self._handed_over(done, upto, now)
            done = upto

    def sent(self) -> Sent:
        """When all is sent."""
        count = len(self._values)
        mean = self._all_late / max(count, 1)
        return Sent(count, self._due(0), self._clock(), self._busy, self._late, mean)

    def _due(self, index: int) -> float:
        return self._course.pace.due(self._begin, index)

    def _batch(self, done: int, upto: int) -> Batch:
        times = [round(self._due(index) * 1000) for index in range(done, upto)]
        return Batch(self._course.topic, self._course.partition, self._values[done:upto], times)

    def _handed_over(self, done: int, upto: int, now: float) -> None:
        self._busy += self._clock() - now
        self._late = max(self._late, now - self._due(done))
        self._all_late += (upto - done) * (now - (self._due(done) + self._due(upto - 1)) / 2)


def send(folder: Path) -> None:
    """Send what the plan in the folder says, when `begin` has been written there."""
    plan = Plan.read(folder)
    values = _values(plan.slice)
    write_secret(folder / READY, "")
    begin = folder / BEGIN
    wait_for(begin.exists, bool, _BEGIN_SECONDS, lambda _: "nobody told when to begin")
    loop = Loop(plan.course, values, float(begin.read_text()))
    produce_all(plan.address, loop.batches())
    write_secret(folder / SENT, json.dumps(loop.sent()))


def _values(wanted: Slice) -> list[bytes]:
    scenario = discovery.load(Path(wanted.folder))
    (source,) = (source for source in scenario.sources if source.name == wanted.source)
    rows = range(wanted.start, wanted.stop)
    blocks = encoded(scenario, source, wanted.seed, rows)
    return [value for block in blocks for value in block]


if __name__ == "__main__":
    send(Path(sys.argv[1]))
