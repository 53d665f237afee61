"""A job's load: processes that send its input at a rate, whatever the job makes of it."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from streamgauge.attachments import Outlet
from streamgauge.cells import Cell
from streamgauge.files import write_secret
from streamgauge.measure.sender import BEGIN, READY, SENT, Course, Pace, Plan, Sent, Slice
from streamgauge.processes import Process
from streamgauge.scenario import Scenario
from streamgauge.slices import BLOCK, encoded, slices
from streamgauge.waiting import wait_for
from streamgauge.workspace import Workspace

GENERATOR_BOUND = "generator-bound"
# Events of each source that are made to see how long that takes.
_TRIED = 20_000
# A generator that is not so many times as fast as the job measures itself.
_TIMES = 2
# To start Python and to make the messages.
_READY_SECONDS = 300
# All of them see the begin before it has come.
_AHEAD_SECONDS = 0.3
# The last messages are acknowledged.
_MORE_SECONDS = 60
_LOOK_SECONDS = 0.1


def refused(cell: Cell) -> str:
    """Why its input cannot be sent by processes of their own; "" where it can."""
    sources = cell.scenario.sources
    if len(sources) != 1 or sources[0].key or "kafka" not in cell.kind.services:
        return "only a single topic of rows is fed at a rate"
    return ""


def generator_bound(generator: float, job: float) -> str:
    """Why events a second that a job took are none of its own; "" where they are."""
    if generator >= _TIMES * job:
        return ""
    return (
        f"{GENERATOR_BOUND}: events were made at {generator:,.0f}/s, and taken at {job:,.0f}/s:"
        f" less than {_TIMES} times as fast"
    )


def makes(scenario: Scenario) -> float:
    """How many events a second one process makes ready to be sent; endless, where it makes none."""
    made, seconds = 0, 1e-6
    for source in scenario.sources:
        parts = encoded(scenario, source, 0, range(BLOCK + _TRIED))
        # Speed is no matter of what is drawn once, such as names, or of how the first is checked.
        next(parts, None)
        begun = time.perf_counter()
        made += sum(map(len, parts))
        seconds += time.perf_counter() - begun
    return made / seconds if made else math.inf


class Sending(NamedTuple):
    """What all processes together sent: how many, at which rate they were to, and how it went.

    `begin`: when the first was due, unix seconds; `seconds` until the last was taken by the
    broker; `able`: events a second that they could have sent; `late`, `mean_late`: seconds.
    """

    events: int
    wanted: float
    begin: float
    seconds: float
    able: float
    late: float
    mean_late: float

    @property
    def rate(self) -> float:
        """Events a second that it came to."""
        return self.events / self.seconds

    def due(self, index: int) -> float:
        """When the entry of this index was due, in unix seconds."""
        return self.begin + index / self.wanted

    @property
    def refusal(self) -> str:
        """Why what was measured over it tells of the generator; "" where it does not."""
        return generator_bound(self.able, self.wanted)


@dataclass(frozen=True)
class Wanted:
    """Which records of the scenario's only source are sent, and how many a second of them."""

    cell: Cell
    seed: int
    rows: int
    rate: float
    parts: int = 1

    def plans(self, outlet: Outlet) -> list[Plan]:
        """One a process: each has a slice, of which entries come due in turn with the others'."""
        scenario, address = self.cell.scenario, outlet.address
        (source,) = scenario.sources
        login = address.user, address.password, dict(address.options)
        return [
            Plan(
                Slice(str(scenario.folder), source.name, self.seed, rows.start, rows.stop),
                Course(
                    outlet.topic,
                    part % outlet.partitions,
                    Pace.of_part(part, self.parts, self.rate),
                ),
                address.host,
                address.port,
                *login,
            )
            for part, rows in enumerate(slices(self.rows, self.parts))
        ]


class Load:
    """The processes: they are ready when this is made, and end with the run at the latest."""

    def __init__(self, space: Workspace, wanted: Wanted, outlet: Outlet, name: str) -> None:
        self._wanted = wanted
        self._folders: list[Path] = []
        self._processes: list[Process] = []
        for part, plan in enumerate(wanted.plans(outlet), 1):
            folder = space.data / f"{name}-load-{part}"
            folder.mkdir()
            plan.write(folder)
            self._folders.append(folder)
            self._processes.append(_started(folder, space))
        for process, folder in zip(self._processes, self._folders):
            process.wait_until((folder / READY).exists, _READY_SECONDS)

    def go(self, meanwhile: Callable[[], None] = lambda: None) -> Sending:
        """Let them send, to the end of their slices; `meanwhile` is called now and then."""
        begin = time.time() + _AHEAD_SECONDS
        for folder in self._folders:
            write_secret(folder / BEGIN, repr(begin))
        rows, rate = self._wanted.rows, self._wanted.rate

        def left() -> Sequence[Process]:
            meanwhile()
            return [process for process in self._processes if process.alive]

        # Each was to be done by then: one that is not is so late that nothing can be told.
        seconds = 2 * rows / rate + _MORE_SECONDS
        wait_for(left, lambda left: not left, seconds, lambda _: "load is late", _LOOK_SECONDS)
        for process in self._processes:
            process.wait(_MORE_SECONDS)
        told = [Sent(*json.loads((folder / SENT).read_text())) for folder in self._folders]
        return self._together(begin, told)

    def stop(self) -> None:
        """End those that still run."""
        for process in self._processes:
            process.stop()

    def _together(self, begin: float, told: Sequence[Sent]) -> Sending:
        count = sum(each.events for each in told)
        return Sending(
            count,
            self._wanted.rate,
            begin,
            max(each.end for each in told) - begin,
            sum(each.events / max(each.busy, 1e-6) for each in told),
            max(each.late for each in told),
            sum(each.events * each.mean_late for each in told) / max(count, 1),
        )


def _started(folder: Path, space: Workspace) -> Process:
    command = [sys.executable, "-m", "streamgauge.measure.sender", str(folder)]
    return Process(folder.name, command, space)
