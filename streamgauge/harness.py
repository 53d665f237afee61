"""What a run has at hand: services, one cluster and its worker, all started when first needed."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from streamgauge import versions
from streamgauge.bindings import KINDS, Kind
from streamgauge.cells import Cell
from streamgauge.clusters import session
from streamgauge.clusters.session import SessionCluster
from streamgauge.providers import Provider, local
from streamgauge.providers.shared import Shared
from streamgauge.runtimes import environment, jars
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.versions import Line
from streamgauge.worker.client import Worker
from streamgauge.workspace import Workspace

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Engine:
    """A Flink line, running: its cluster and the worker that submits to it."""

    cluster: SessionCluster
    worker: Worker

    @property
    def alive(self) -> bool:
        """Whether nothing of it has died."""
        return self.worker.alive and all(process.alive for process in self.cluster.processes)

    def check(self) -> None:
        """A StreamgaugeError where a process of the cluster has died."""
        for process in self.cluster.processes:
            process.check()

    def close(self) -> None:
        """End the worker and give connections up; the cluster's processes run on."""
        self.worker.close()
        self.cluster.rest.close()

    def stop(self) -> None:
        """End both."""
        self.close()
        self.cluster.stop()


class Harness:
    """Services and clusters start once, side by side, and end with the run.

    One cluster at a time: to ask for another line ends the one that runs. One
    that has died is started anew for the next cell.
    `patience` is how many seconds a job has to get each of its answers right.
    """

    def __init__(self, space: Workspace, patience: float = 60) -> None:
        self.space = space
        self.patience = patience
        self._pool = ThreadPoolExecutor()
        # What `services up` left running comes before our own, which there always is.
        self._providers: list[Provider] = [Shared(), local.Local(space, self._endpoint)]
        self._services: dict[str, Future[Service]] = {}
        self._engine: tuple[Line, Future[Engine]] | None = None
        self._names = 0
        self._kinds = list(KINDS.values())

    def prepare(self, cells: Iterable[Cell]) -> None:
        """Begin to start what the cells need, and no more, without waiting for it."""
        present = [cell for cell in cells if not cell.absent]
        self._kinds = [cell.kind for cell in present]
        for cell in present:
            self._begin_services(cell.kind.services)
        if present:
            self._begin_engine(present[0].line)

    def services(self, names: Iterable[str]) -> Mapping[str, Endpoint]:
        """The addresses of services; waits until they are up."""
        names = tuple(names)
        self._begin_services(names)
        return {name: self._services[name].result().endpoint for name in names}

    def service(self, name: str) -> Service:
        """A service, with what can be done to it; waits until it is up."""
        self._begin_services([name])
        return self._services[name].result()

    def engine(self, line: Line) -> Engine:
        """The line's cluster and worker; waits until they are up."""
        return self._begin_engine(line).result()

    def unique_name(self) -> str:
        """A name that nothing else of this run, or of any other, has."""
        self._names += 1
        return f"sg_{self.space.id.replace('-', '_')}_{self._names}"

    def close(self) -> None:
        """End the engine's worker, if it is up; processes end with their workspace."""
        if self._engine and self._engine[1].done() and not self._engine[1].exception():
            self._engine[1].result().close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _begin_services(self, names: Iterable[str]) -> None:
        for name in names:
            self._begin_services(local.NEEDS.get(name, ()))
            if name not in self._services:
                self._services[name] = self._pool.submit(self._provided, name)

    def _provided(self, name: str) -> Service:
        """What the first provider gives that has it."""
        return next(filter(None, (provider.service(name) for provider in self._providers)))

    def _endpoint(self, name: str) -> Endpoint:
        return self.service(name).endpoint

    def _begin_engine(self, line: Line) -> Future[Engine]:
        if self._engine and self._engine[0] == line and not _died(self._engine[1]):
            return self._engine[1]
        if self._engine and not self._engine[1].exception():
            self._engine[1].result().stop()
        self._engine = line, self._pool.submit(start_engine, self.space, line, self._kinds)
        return self._engine[1]


def _died(started: Future[Engine]) -> bool:
    """Whether an engine was up and is no more; one that never came up would not now."""
    return started.done() and not started.exception() and not started.result().alive


def start_engine(space: Workspace, line: Line, kinds: Iterable[Kind]) -> Engine:
    """Fetch what the bindings need where it is missing; start cluster and worker side by side."""
    connectors = fetch_connectors(line, kinds)
    made = environment.install(line)
    _log.info("starting a session cluster of Flink %s", line.flink)
    cluster = session.launch(space, made, connectors)
    worker = Worker(space, made, cluster.home)
    cluster.wait()
    _log.info("the session cluster is up at %s", cluster.rest.url)
    return Engine(cluster, worker)


def fetch_connectors(line: Line, kinds: Iterable[Kind]) -> list[Path]:
    """The jars of every connector set that a binding asks for and the line has."""
    wanted = {name for kind in kinds for name in kind.connectors}
    sets = [line.connectors[name] for name in sorted(wanted) if name in line.connectors]
    return jars.fetch(jar for jar_set in sets for jar in versions.locked(jar_set))
