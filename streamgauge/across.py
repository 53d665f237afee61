"""What Flink's planner made of a job each time that it was started, on whatever line."""

from __future__ import annotations

import re
from dataclasses import replace

from streamgauge import plans
from streamgauge.attachments import KEYED
from streamgauge.errors import JobError
from streamgauge.graph import Node, named, unmapped
from streamgauge.job import Job
from streamgauge.worker.client import Worker

_SAID = re.compile(r"Cannot map .*? new program[^.]*\.")


class Across:
    """The graphs of a job's starts, and its compiled plans where it is of `tables`."""

    def __init__(self, *, tables: bool) -> None:
        self._tables = tables
        self._graphs: list[list[Node]] = []
        self._plans: list[str] = []

    def look(self, worker: Worker) -> None:
        """At the job that the worker built last."""
        self._graphs.append(worker.graph())
        if self._tables:
            self._plans.append(_compiled(worker))

    def explained(self, refusal: str) -> str:
        """What Flink refuses, with the operators that it names but by their ids told by name."""
        ids = unmapped(refusal)
        if not ids or not self._graphs[1:]:
            return refusal
        # Without the savepoint's path, and what an option of another command line would do.
        said = _SAID.search(refusal)
        return f"{said[0] if said else refusal}\n{named(ids, *self._graphs[-2:])}"

    def changes(self) -> list[str]:
        """How the newest plan differs from the first, a line each."""
        if not self._plans[1:] or "" in self._plans:
            return []
        return plans.changes(self._plans[0], self._plans[-1])


def _compiled(worker: Worker) -> str:
    """Not every job has a plan that can be compiled; those are compared by their graphs alone."""
    try:
        return worker.compile()
    except JobError:
        return ""


def spared(worker: Worker, job: Job) -> str:
    """What Flink says to the job where it goes by its own default, not by what `KEYED` tells it.

    Nothing where it plans the job all the same, or where the scenario has a word on that itself.
    """
    told = {key: value for key, value in KEYED.items() if job.settings.get(key) == value}
    own = {key: value for key, value in job.settings.items() if key not in told}
    try:
        if told:
            worker.explain(replace(job, settings=own))
    except JobError as error:
        names = " and ".join(f"{key}: {value}" for key, value in told.items())
        return f"{error}\n(unless it is told {names}, as it was here)"
    return ""
