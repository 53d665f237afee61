"""The harness' end of the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from streamgauge import sql
from streamgauge.errors import JobError
from streamgauge.graph import Node
from streamgauge.job import Job
from streamgauge.traces import root_cause
from streamgauge.worker.gateway import Way

# Builds a job; `show` prints it too.
PROGRAM = Path(__file__).with_name("program.py")


@dataclass(frozen=True)
class Operator:
    """An operator that runs Python: the name of its class, and what its results wait for.

    That is the watermark, the clock, both or neither, as far as can be told.
    """

    name: str
    by_watermark: bool
    by_clock: bool


class Worker:
    """A process in a line's own interpreter that builds jobs and submits them.

    `untold` is what jobs are told and no record is: how to get to a cluster.
    """

    def __init__(self, way: Way, untold: Mapping[str, str] = MappingProxyType({})) -> None:
        self.way = way
        self._untold = untold

    @property
    def alive(self) -> bool:
        """Whether it still takes jobs."""
        return self.way.alive

    def build(self, job: Job, *, look: bool, plan: str | None = None) -> list[Operator]:
        """Build the job; the operators that run Python in it, where they are to be looked at.

        With a compiled plan its question is not asked again. To look takes as long as Flink's
        planning. A JobError with the root cause where Flink or the dialect refuses it.
        """
        try:
            told = self._ask("build", job=self._whole(job), look=look, plan=plan)
        except JobError as error:
            raise JobError(sql.told(str(error), (*job.definitions, *job.queries))) from None
        return [Operator(*operator) for operator in told]

    def execute(self) -> str:
        """Submit the job that was built last; its id."""
        return str(self._ask("execute"))

    def graph(self) -> list[Node]:
        """The operators of the job that was built last, each after its inputs."""
        return [
            Node(key, name, description, uid or "", tuple(inputs), state, chained)
            for key, name, description, uid, inputs, chained, state in self._ask("graph")
        ]

    def compile(self) -> str:
        """The plan of the job that was built last, compiled, as JSON; of SQL and tables alone.

        A JobError with Flink's reason where there is something in it that has no such plan.
        """
        return str(self._ask("compile"))

    def explain(self, job: Job) -> str:
        """Flink's plan for the job."""
        return str(self._ask("explain", job=job.message()))

    def answer(self, job: Job) -> str:
        """The first value of what the job's only query gives, which the cluster is asked for.

        A JobError with the root cause where Flink refuses or fails it.
        """
        return str(self._ask("answer", job=self._whole(job)))

    def close(self) -> None:
        """Give the way to it up, which ends a worker of our own."""
        self.way.close()

    def _whole(self, job: Job) -> dict[str, Any]:
        message = job.message()
        return {**message, "settings": {**message["settings"], **self._untold}}

    def _ask(self, do: str, **more: Any) -> Any:
        answer = self.way.ask({"do": do, **more})
        if "error" in answer:
            raise JobError(root_cause(answer["error"]))
        return answer["ok"]
