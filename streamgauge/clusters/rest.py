"""Flink's REST interface: state, results and errors of jobs, the same for every cluster."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

from streamgauge.clusters.client import ANSWER_SECONDS, Client
from streamgauge.errors import JobError, StreamgaugeError
from streamgauge.traces import root_cause
from streamgauge.waiting import POLL_SECONDS, wait_for

# The last offset that a Kafka source has read, of a topic's partition.
_OFFSET = re.compile(r"KafkaSourceReader\.topic\.(.+)\.partition\.(\d+)\.currentOffset$")
# How many records a table's source has given.
_EMITTED = re.compile(r"Source__(\w+)\[\d+\]\.numRecordsOut$")
# The tables that a vertex reads, by its name.
_READS = re.compile(r"Source: (\w+)\[\d+\]")
_TOLD_SECONDS = 10
_ENDED = ("FINISHED", "CANCELED", "FAILED")
# States that a job comes to, as we call that.
_TIMES = {
    "INITIALIZING": "accepted",
    "RESTARTING": "restarting",
    "FINISHED": "finished",
}


class Rest(Client):
    """A cluster's REST interface at `http://HOST:PORT`."""

    def slots(self, seconds: float = ANSWER_SECONDS) -> int:
        """Free task slots; 0 as long as the cluster does not answer within so many seconds."""
        try:
            return int(self.ask("GET", "/overview", timeout=seconds)["slots-available"])
        except StreamgaugeError:
            return 0

    def running(self) -> list[str]:
        """The jobs that have not ended."""
        jobs = self.get("/jobs")["jobs"]
        return [str(job["id"]) for job in jobs if job["status"] not in _ENDED]

    def named(self) -> dict[str, str]:
        """The names of the jobs that have not ended, by id."""
        jobs = self.get("/jobs/overview")["jobs"]
        return {str(job["jid"]): str(job["name"]) for job in jobs if job["state"] not in _ENDED}

    def status(self, job: str) -> str:
        """The job's state, uncached, as `/jobs/ID` is not."""
        return str(self.get(f"/jobs/{job}/status")["status"])

    def wait_finished(
        self,
        job: str,
        seconds: float,
        meanwhile: Callable[[], None] = lambda: None,
        every: float = POLL_SECONDS,
    ) -> None:
        """Wait until the job is done; a JobError where it fails. `meanwhile` may raise."""

        def probe() -> str:
            meanwhile()
            return self.status(job)

        def told(state: str) -> str:
            return f"job is {state}"

        state = wait_for(probe, _ENDED.__contains__, seconds, told, every)
        if state != "FINISHED":
            raise JobError(self.root_cause(job) or f"job is {state}")

    def times(self, job: str) -> dict[str, float]:
        """When the job was accepted, ran, restarted and finished, in unix seconds, in that order.

        It runs when the last of its tasks does: Flink calls a job RUNNING before it has any. In a
        batch that is the last of those that begin together, before any has ended. To the
        millisecond, by the JobManager's clock; what it never did is left out.
        """
        told = self.get(f"/jobs/{job}")
        times = told["timestamps"]
        found = {name: times[state] / 1000 for state, name in _TIMES.items() if times[state]}
        tasks = list(self._tasks(job, told["vertices"]))
        ended = min((task["FINISHED"] for task in tasks if task["FINISHED"]), default=math.inf)
        if running := max((t["RUNNING"] for t in tasks if t["RUNNING"] <= ended), default=0):
            found["running"] = running / 1000
        return dict(sorted(found.items(), key=lambda each: each[1]))

    def _tasks(
        self, job: str, vertices: Iterable[Mapping[str, Any]]
    ) -> Iterator[Mapping[str, int]]:
        """When each task came to each state, 0 where it never did."""
        for vertex in vertices:
            tasks = self.get(f"/jobs/{job}/vertices/{vertex['id']}/subtasktimes")["subtasks"]
            yield from (task["timestamps"] for task in tasks)

    def check_alive(self, job: str) -> None:
        """A JobError where the job has ended."""
        if (state := self.status(job)) in _ENDED:
            raise JobError(self.root_cause(job) or f"job is {state}, but should run on")

    def stop(
        self,
        job: str,
        savepoints: str,
        seconds: float,
        *,
        drain: bool = False,
        native: bool = False,
    ) -> str:
        """Stop with a savepoint below the URI `savepoints`; its own URI is returned.

        All that was read is processed and written before the end; with `drain`,
        event time comes to its end too. A `native` one is in the state backend's own format.
        """
        self.wait_running(job, seconds)
        kind = "NATIVE" if native else "CANONICAL"
        body = {"targetDirectory": savepoints, "drain": drain, "formatType": kind}
        trigger = self.ask("POST", f"/jobs/{job}/stop", json=body)["request-id"]
        done = self._completed(f"/jobs/{job}/savepoints/{trigger}", seconds)
        if cause := done["operation"].get("failure-cause"):
            raise JobError(root_cause(cause["stack-trace"]))
        self.wait_finished(job, seconds)
        return str(done["operation"]["location"])

    def checkpoint(self, job: str, seconds: float) -> None:
        """Take a checkpoint, and wait until it is complete. A JobError where it fails."""
        self.wait_running(job, seconds)
        answer = self.ask("POST", f"/jobs/{job}/checkpoints", json={})
        done = self._completed(f"/jobs/{job}/checkpoints/{answer['request-id']}", seconds)
        if cause := done["operation"].get("failureCause"):
            raise JobError(root_cause(cause["stack-trace"]))

    def wait_read(self, job: str, tables: Collection[str], seconds: float) -> None:
        """Wait until what reads these tables, which have an end, has ended.

        A task that has read all waits for a checkpoint; a stop in just that moment it declines
        (`tasks not ready`), and the job fails. A JobError where the job has ended meanwhile.
        """

        def left() -> set[str]:
            self.check_alive(job)
            return set(tables) & self.reading(job)

        if tables:
            wait_for(left, lambda found: not found, seconds, lambda found: f"reads on: {found}")

    def _completed(self, path: str, seconds: float) -> Any:
        """The answer of an operation that was triggered, when it is complete."""
        return wait_for(
            lambda: self.get(path),
            lambda answer: answer["status"]["id"] == "COMPLETED",
            seconds,
            lambda _: f"{path.split('/')[3][:-1]} of job {path.split('/')[2]} is not complete",
        )

    def wait_running(self, job: str, seconds: float) -> None:
        """Wait until every task runs, or has ended: Flink takes no savepoint before.

        A JobError where the job has ended meanwhile.
        """

        def probe() -> set[str]:
            self.check_alive(job)
            return {str(vertex["status"]) for vertex in self.get(f"/jobs/{job}")["vertices"]}

        ready = {"RUNNING", "FINISHED"}
        wait_for(probe, ready.issuperset, seconds, lambda seen: f"tasks are {', '.join(seen)}")

    def cancel(self, job: str, seconds: float) -> None:
        """Cancel the job, if it still runs, and wait until it has ended."""
        if self.status(job) not in _ENDED:
            # One that has ended meanwhile is refused: whether it has is seen below.
            with suppress(StreamgaugeError):
                self.ask("PATCH", f"/jobs/{job}", params={"mode": "cancel"})
        wait_for(lambda: self.status(job), _ENDED.__contains__, seconds, lambda s: f"job is {s}")

    def progress(self, job: str) -> Progress:
        """How far the job has read."""
        return Progress(self, job)

    def emitted(self, job: str) -> dict[str, int]:
        """How many records the job's sources have given since it started, as of late, by table."""
        found: dict[str, int] = {}
        for metric in self._of_sources(job, _EMITTED, "sum"):
            (table,) = _EMITTED.findall(metric["id"])
            # Several sources may read a table: the slowest counts.
            found[table] = min(found.get(table, sys.maxsize), int(metric["sum"]))
        return found

    def reading(self, job: str) -> frozenset[str]:
        """The tables whose sources have not come to their end."""
        vertices = self.get(f"/jobs/{job}")["vertices"]
        names = [str(each["name"]) for each in vertices if each["status"] != "FINISHED"]
        return frozenset(table for name in names for table in _READS.findall(name))

    def read_from_kafka(self, job: str) -> dict[tuple[str, int], float]:
        """How many records of each topic's partition the job's sources have read, as of late."""
        found: dict[tuple[str, int], float] = {}
        for metric in self._of_sources(job, _OFFSET, "max"):
            topic, partition = _OFFSET.findall(metric["id"])[0]
            at = topic, int(partition)
            # Several sources may read a topic: the slowest counts.
            found[at] = min(found.get(at, math.inf), int(metric["max"]) + 1)
        return found

    def _of_sources(self, job: str, name: re.Pattern[str], over_tasks: str) -> Iterator[Any]:
        """The metrics of such a name, of all vertices."""
        for vertex in self.get(f"/jobs/{job}")["vertices"]:
            path = f"/jobs/{job}/vertices/{vertex['id']}/subtasks/metrics"
            if names := [m["id"] for m in self.get(path) if name.search(m["id"])]:
                yield from self.get(path, get=",".join(names), agg=over_tasks)

    def waits(self, job: str) -> dict[tuple[str, int], float]:
        """How many seconds each task has waited for input since it started, as of late.

        By vertex and subtask; those that have ended are left out.
        """
        vertices = [str(vertex["id"]) for vertex in self.get(f"/jobs/{job}")["vertices"]]
        return {
            (vertex, int(task["subtask"])): task["metrics"]["accumulated-idle-time"] / 1000
            for vertex in vertices
            for task in self.get(f"/jobs/{job}/vertices/{vertex}")["subtasks"]
            if task["status"] != "FINISHED"
        }

    def root_cause(self, job: str) -> str:
        """The innermost cause of the job's failure; empty where there is none.

        The state tells a failure at once, the history up to `web.refresh-interval` later.
        """

        def probe() -> Any:
            return self.get(f"/jobs/{job}/exceptions")["exceptionHistory"]["entries"]

        if self.status(job) != "FAILED":
            return ""
        entries = wait_for(probe, bool, _TOLD_SECONDS, lambda _: f"job {job} FAILED for no cause")
        return root_cause(entries[0]["stacktrace"])


class Progress:
    """How far a job has read; each thing is asked for once, when it is looked at."""

    def __init__(self, rest: Rest, job: str) -> None:
        self.job = job
        self._rest = rest

    @cached_property
    def offsets(self) -> Mapping[tuple[str, int], float]:
        """Of each topic's partition, how many records the job's sources have read."""
        return self._rest.read_from_kafka(self.job)

    @cached_property
    def emitted(self) -> Mapping[str, int]:
        """Of each table, how many records the job's sources have given."""
        return self._rest.emitted(self.job)

    @cached_property
    def reading(self) -> frozenset[str]:
        """The tables whose sources have not come to their end."""
        return self._rest.reading(self.job)
