"""An engine: a cluster of a runtime, and the worker that submits to it."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import RLock
from typing import NamedTuple

from streamgauge.cells import Cell
from streamgauge.clusters import Cluster, session
from streamgauge.clusters.remote import RemoteCluster
from streamgauge.guest import Guest
from streamgauge.lifecycle import Lifecycle
from streamgauge.runtimes import home as homes
from streamgauge.runtimes.runtime import Runtime
from streamgauge.worker.client import Worker
from streamgauge.worker.gateway import Gateway
from streamgauge.workspace import Workspace

_log = logging.getLogger(__name__)


class About(NamedTuple):
    """What a job runs on, as its record tells it."""

    cluster: str
    flink: str
    python: str
    java: str


@dataclass(frozen=True)
class Engine:
    """A runtime, running; where the cluster is somebody's own, its jobs are guests there."""

    runtime: Runtime
    cluster: Cluster
    worker: Worker
    # What was built last is what is submitted.
    submits: AbstractContextManager[object] = field(default_factory=RLock)
    guest: Guest | None = None

    @property
    def about(self) -> About:
        """What it is, as far as is known."""
        runtime, guest = self.runtime, self.guest
        if guest is None:
            return About("session", runtime.line.flink, runtime.python, runtime.java)
        return About(guest.cluster.name, guest.cluster.flink, guest.python, guest.cluster.java)

    def settings(self, cell: Cell, name: str) -> dict[str, str]:
        """What brings a cell's job there, of a name of the run's."""
        own = self.guest.settings(cell, name) if self.guest else {}
        return {**self.cluster.settings(), **own}

    def refusal(self, cell: Cell, lifecycle: Lifecycle) -> str | None:
        """Why the cell cannot go through the lifecycle there, if so; our own takes all."""
        return self.guest.refusal(cell, lifecycle) if self.guest else None

    @property
    def alive(self) -> bool:
        """Whether nothing of it has died."""
        return self.worker.alive and self.cluster.alive

    def close(self) -> None:
        """End the worker and give connections up; the cluster's processes run on."""
        self.worker.close()
        self.cluster.rest.close()

    def stop(self) -> None:
        """End both."""
        self.close()
        self.cluster.stop()


def start(space: Workspace, runtime: Runtime, *, timed: bool = True) -> Engine:
    """Start cluster and worker side by side; jobs that are not `timed` may be slow when warm."""
    _log.info("starting a session cluster of Flink %s", runtime.line.flink)
    cluster = session.launch(space, runtime, timed=timed)
    made = Engine(runtime, cluster, Worker(Gateway(space, runtime.environment, cluster.home)))
    try:
        cluster.wait()
    except BaseException:
        made.stop()
        raise
    _log.info("the session cluster is up at %s", cluster.rest.url)
    return made


def join(space: Workspace, runtime: Runtime, cluster: RemoteCluster, name: str) -> Engine:
    """A worker for a cluster that is up: nothing is started there, and nothing is ended.

    What is asked of the cluster goes by `name`.
    """
    folder, submits = space.data / name, RLock()
    folder.mkdir()
    home = homes.make(space.data, runtime.environment, ())
    homes.configure(home, {})
    login = cluster.access.variables()
    gateway = Gateway(space, runtime.environment, home, login)
    worker = Worker(gateway, cluster.access.trust(folder))
    guest = Guest(runtime, cluster, worker, folder, submits)
    guest.sweep()
    return Engine(runtime, cluster, worker, submits, guest)
