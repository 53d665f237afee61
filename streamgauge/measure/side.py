"""One of two that are compared: a cell, how its job is started, and what Flink plans for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from streamgauge import plans, show
from streamgauge.cells import Cell
from streamgauge.clusters.session import SLOTS
from streamgauge.errors import JobError, UsageError
from streamgauge.feasible import refusal
from streamgauge.fed import Fed
from streamgauge.harness import Harness
from streamgauge.lifecycle import AwaitEnd, Feed, Lifecycle, Start, Verify
from streamgauge.records import Origin
from streamgauge.run import Run
from streamgauge.scenario import UDF_DIALECTS, Expected
from streamgauge.values.inputs import Inputs
from streamgauge.worker.client import Worker

# A job that is timed tells its end itself: to ask for it takes the time of both.
SELDOM = 0.1
# The planner's, of an operator and of a stream that is read as a table.
_NUMBER = re.compile(r"\[\d+\]:|(?<=\$)\d+(?=\*)")

# Inputs, where they come from, and what kept them from being made, if anything did.
Made = tuple[Inputs, Origin, str]


@dataclass(frozen=True)
class Side:
    """One of the two: a cell, and how its job is started; `label` is what tells it apart."""

    label: str
    cell: Cell
    parallelism: int = 1
    settings: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.cell.absent:
            raise UsageError(f"{self.cell.id}: {self.cell.absent}")
        if not self.cell.bounded:
            raise UsageError(f"{self.cell.id}: its input has no end, so that no job could be timed")
        if reason := self.refused(Inputs(tuple(s.name for s in self.cell.scenario.sources), ())):
            raise UsageError(f"{self.cell.id}: {reason}")

    def refused(self, inputs: Inputs) -> str:
        """Why it cannot be run over these; "" where it can."""
        return refusal(self.cell, inputs, self._lifecycle, SLOTS) or ""

    def run(self, made: Made, number: int, fed: Fed | None = None) -> Run:
        """A round of it."""
        inputs, origin, broken = made
        return Run(self.cell, inputs, origin, self._lifecycle, broken, number, fed=fed)

    def fed(self, harness: Harness, inputs: Inputs) -> Fed:
        """Its sources, for all rounds over these."""
        return Fed(harness, self.cell, inputs, self._lifecycle)

    @property
    def way(self) -> tuple[object, ...]:
        """How it is run, however it is asked."""
        cell = self.cell
        axes = cell.mode, cell.binding, cell.line.name, cell.udf
        return (*axes, self.parallelism, self.settings)

    @property
    def _lifecycle(self) -> Lifecycle:
        start = Start(self.parallelism, settings=self.settings)
        return Lifecycle("once", (Feed(1), start, AwaitEnd(SELDOM), Verify()))


class Feeding:
    """What sides read: fed once for all rounds over the same events, until it is closed."""

    def __init__(self, harness: Harness) -> None:
        self._harness = harness
        self._fed: dict[int, Fed] = {}

    def run(self, number: int, side: Side, made: Made, times: int) -> Run:
        """A round of the side of this number."""
        # What has no inputs is told so when it is run.
        return side.run(made, times, None if made[2] else self._of(number, side, made[0]))

    def _of(self, number: int, side: Side, inputs: Inputs) -> Fed:
        """Others than before for other events."""
        if number in self._fed and self._fed[number].inputs is not inputs:
            self._fed.pop(number).drop()
        if number not in self._fed:
            self._fed[number] = side.fed(self._harness, inputs)
            self._fed[number].feed()
        return self._fed[number]

    def close(self) -> None:
        """Remove them all."""
        while self._fed:
            self._fed.popitem()[1].drop()


def answered_once(side: Side) -> Side:
    """The same, whose oracle works out but once what it says of the same number of entries."""
    scenario = side.cell.scenario
    oracle, answers = scenario.oracle, dict[int, Expected]()
    if oracle is None:
        return side

    def answered(inputs: Inputs) -> Expected:
        size = len(inputs.entries)
        if size not in answers:
            answers[size] = oracle(inputs)
        return answers[size]

    return replace(side, cell=replace(side.cell, scenario=replace(scenario, oracle=answered)))


def planned(side: Side, worker: Worker) -> tuple[str, str]:
    """Its plan, compiled where it can be, and its operators; built anew: Flink forgets a job."""
    job = show.example(side.cell)
    told = {**job.settings, **dict(side.settings)}
    worker.build(replace(job, settings=told), look=False)
    tables = side.cell.dialect in UDF_DIALECTS
    return (_compiled(worker) if tables else ""), _operators(worker)


def _compiled(worker: Worker) -> str:
    """Not every job has a plan that can be compiled, such as a batch on older lines."""
    try:
        return worker.compile()
    except JobError:
        return ""


def _operators(worker: Worker) -> str:
    """What the planner says of each operator, a line each, without its number."""
    return "\n".join(_NUMBER.sub("", node.description) for node in worker.graph())


def differing(first: tuple[str, str], second: tuple[str, str]) -> list[str]:
    """By the compiled plans where both have one, else by their operators."""
    compiled = all(plan for plan, _ in (first, second))
    plan, other = first[not compiled], second[not compiled]
    return [] if plans.are_alike(plan, other) else plans.changes(plan, other)
