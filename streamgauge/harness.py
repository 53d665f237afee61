"""What a run has at hand: services and engines, all started when first needed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from streamgauge import engine
from streamgauge.cells import Cell
from streamgauge.clusters import remote
from streamgauge.clusters.remote import RemoteCluster
from streamgauge.clusters.session import SLOTS
from streamgauge.engine import Engine
from streamgauge.errors import StreamgaugeError
from streamgauge.kept import left
from streamgauge.lifecycle import Lifecycle
from streamgauge.providers import Hosts, Provider, Tidies, local
from streamgauge.providers.chosen import LOCAL, chosen
from streamgauge.records import Record
from streamgauge.runtimes import runtime
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.tuning import CONFORMANCE
from streamgauge.versions import Line
from streamgauge.workspace import Workspace, name_of


def at_once(*, timed: bool, cluster: RemoteCluster | None = None) -> int:
    """How many cells may run side by side, on ours or another: most wait most of their time."""
    slots = cluster.slots if cluster else SLOTS
    return 1 if timed else min(os.cpu_count() or 1, slots)


class Harness:
    """Services and clusters start once, side by side, and end with the run.

    Of engines, by Flink line, `engines` are up at once: to ask for one more ends the one that
    was not used for longest. One that has died is started anew for the next cell.
    `patience` is how many seconds a job has to get each of its answers right; `tuning` names
    what cells with Python in them are told beside what they need. `providers` are asked for
    services before those that `provider` names. Where nobody times what runs (`timed`), cells may
    run side by side and JVMs do not take the time to compile for speed.
    `cluster` is one of somebody's own that all run on, in place of ours; `whole`: all run on one
    in containers, beside the services, which are of the provider `containers` then.
    """

    def __init__(
        self,
        space: Workspace,
        patience: float = 60,
        engines: int = 1,
        tuning: str = CONFORMANCE,
        providers: Sequence[Provider] = (),
        timed: bool = False,
        provider: str = LOCAL,
        cluster: RemoteCluster | None = None,
        whole: bool = False,
    ) -> None:
        self.space = space
        self.patience = patience
        self.tuning = tuning
        self.at_once = at_once(timed=timed, cluster=cluster)
        self._timed = timed
        self._cluster = cluster
        self._whole = whole
        self._most_engines = engines
        self._pool = ThreadPoolExecutor()
        self._providers = [*providers, *chosen(provider, space, self._endpoint, whole=whole)]
        self._services: dict[str, Future[Service]] = {}
        # They are begun by the run and while it goes on, side by side.
        self._one_by_one = threading.RLock()
        self._givers: dict[str, str] = {}
        self._engines: dict[str, Future[Engine]] = {}
        self._names = count(1)
        self._connectors = set(left.CONNECTORS)

    def prepare(self, cells: Iterable[Cell]) -> None:
        """Begin to start what the cells need, and no more, without waiting for it.

        What the first needs does not share the processors with what is needed later.
        """
        present = [cell for cell in cells if not cell.absent]
        self._connectors = {name for cell in present for name in cell.kind.connectors}
        if present:
            self._begin_services(present[0].kind.services)
            first = self._begin_engine(present[0].line)
            self._pool.submit(self._prepare_others, first, present)

    def _prepare_others(self, first: Future[Engine], cells: Iterable[Cell]) -> None:
        first.result()
        for cell in cells:
            self._begin_services(cell.kind.services)

    def services(self, names: Iterable[str]) -> Mapping[str, Endpoint]:
        """The addresses of services; waits until they are up, again if they died meanwhile."""
        names = tuple(names)
        self._begin_services(names)
        found = {name: self._services[name].result() for name in names}
        with self._one_by_one:
            for service in found.values():
                service.revive()
        return {name: service.endpoint for name, service in found.items()}

    def service(self, name: str) -> Service:
        """A service, with what can be done to it, as it is; waits until it has come up."""
        self._begin_services([name])
        return self._services[name].result()

    def ended(self, names: Iterable[str]) -> str:
        """How one of these services, which is this run's own, has ended; empty where none has."""
        begun = [self._services[name] for name in names if name in self._services]
        try:
            for service in begun:
                if service.done() and not service.exception():
                    service.result().check()
        except StreamgaugeError as error:
            return str(error)
        return ""

    def provider(self, names: Iterable[str]) -> str:
        """Who gave these services, which are up; a comma between several."""
        return ", ".join(sorted({self._givers[name] for name in names}))

    def masked(self, text: str) -> str:
        """The text without the passwords of the services that are up."""
        for started in list(self._services.values()):
            if started.done() and not started.cancelled() and not started.exception():
                text = started.result().endpoint.masked(text)
        return text

    def engine(self, line: Line) -> Engine:
        """The line's cluster and worker; waits until they are up."""
        return self._begin_engine(line).result()

    @property
    def slots(self) -> int:
        """How many tasks of an operator there can be."""
        return self._cluster.slots if self._cluster else SLOTS

    def refusal(self, cell: Cell, lifecycle: Lifecycle) -> str | None:
        """Why the cell cannot be on what it would run on, if so; waits until that is known.

        A cluster of ours takes all that `feasible` lets through.
        """
        kind = cell.kind
        if kind.unfit and (reason := kind.unfit(self.services(kind.services))):
            return reason
        if self._cluster is None and not self._whole:
            return None
        engine = self.engine(cell.line)
        assert engine.guest is not None, "it is joined"
        return engine.refusal(cell, lifecycle) or engine.guest.unreached(
            self.services(kind.services)
        )

    def unique_name(self) -> str:
        """A name that nothing else of this run, or of any other, has."""
        return name_of(self.space.id, next(self._names))

    def close(self) -> None:
        """End the engines' workers, where they are up; processes end with their workspace."""
        with ExitStack() as stack:
            for provider in self._providers:
                if isinstance(provider, Tidies):
                    stack.callback(provider.close)
            stack.callback(self._pool.shutdown, wait=False, cancel_futures=True)
            for started in self._engines.values():
                if started.done() and not started.exception():
                    stack.callback(started.result().close)

    def _begin_services(self, names: Iterable[str]) -> None:
        with self._one_by_one:
            for name in names:
                self._begin_services(local.NEEDS.get(name, ()))
                if name not in self._services:
                    self._services[name] = self._pool.submit(self._provided, name)

    def _provided(self, name: str) -> Service:
        """What the first provider gives that has it."""
        given = ((each.name, each.service(name)) for each in self._providers)
        self._givers[name], service = next(pair for pair in given if pair[1])
        assert service is not None, "the last provider has all"
        return service

    def _endpoint(self, name: str) -> Endpoint:
        return self.service(name).endpoint

    def _begin_engine(self, line: Line) -> Future[Engine]:
        with self._one_by_one:
            started = self._engines.pop(line.name, None)
            if started is None or _died(started) or self._failed(started):
                self._make_room()
                if started and not started.exception():
                    started.result().stop()
                started = self._pool.submit(self._start_engine, line, frozenset(self._connectors))
            # The one used last stands last.
            self._engines[line.name] = started
            return started

    def _failed(self, started: Future[Engine]) -> bool:
        """Whether it is worth another try: somebody's own may be up again, which ours never is."""
        return self._cluster is not None and started.done() and started.exception() is not None

    def _make_room(self) -> None:
        """End the engine that has not been used for longest where there are as many as may be."""
        while len(self._engines) >= self._most_engines:
            longest = self._engines.pop(next(iter(self._engines)))
            if not longest.exception():
                longest.result().stop()

    def _start_engine(self, line: Line, connectors: frozenset[str]) -> Engine:
        """Somebody's own, or that of containers.

        Else the one that `up` left, where it is what is needed, or ours.
        """
        if self._cluster or self._whole:
            joined = self._join(line)
            installed = runtime.install(line, connectors)
            return engine.join(self.space, installed, joined, self.unique_name())
        found = left.take(line, connectors, self.space.zone)
        if found:
            return found
        return engine.start(self.space, runtime.install(line, connectors), timed=self._timed)

    def _join(self, line: Line) -> RemoteCluster:
        if self._cluster:
            return remote.join(self._cluster.access, line)
        (host,) = (each for each in self._providers if isinstance(each, Hosts))
        return host.cluster(line)


def blame(harness: Harness, record: Record, services: Iterable[str]) -> None:
    """Where one of its services has ended, that is why a cell has no right answer.

    Whatever came of that says nothing of the job.
    """
    if record.verdict in ("fail", "unknown") and (ended := harness.ended(services)):
        record.verdict, record.reason, record.by_job = "unknown", ended, False


def keep_printed(harness: Harness, record: Record) -> None:
    """Without passwords what a cell's program printed, where it did."""
    file = Path(record.printed)
    there = file.is_file()
    if there and (text := file.read_text(encoding="utf-8", errors="replace")):
        file.write_text(harness.masked(text), encoding="utf-8")
        return
    record.printed = ""
    if there:
        file.unlink()


def _died(started: Future[Engine]) -> bool:
    """Whether an engine was up and is no more; one that never came up would not now."""
    return started.done() and not started.exception() and not started.result().alive
