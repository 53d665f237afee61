"""An engine: a cluster of a runtime, and the worker that submits to it."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import RLock

from streamgauge.clusters import Cluster, session
from streamgauge.runtimes.runtime import Runtime
from streamgauge.worker.client import Worker
from streamgauge.worker.gateway import Gateway
from streamgauge.workspace import Workspace

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Engine:
    """A runtime, running."""

    runtime: Runtime
    cluster: Cluster
    worker: Worker
    # What was built last is what is submitted.
    submits: AbstractContextManager[object] = field(default_factory=RLock)

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
