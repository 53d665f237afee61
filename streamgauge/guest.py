"""Jobs on a cluster of somebody's own: what goes with each, and which cannot be there."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from streamgauge import probes
from streamgauge.cells import Cell
from streamgauge.clusters.remote import NO_SAVEPOINTS, RemoteCluster
from streamgauge.errors import JobError
from streamgauge.imports import needed
from streamgauge.lifecycle import Lifecycle, Stop
from streamgauge.probes import Python
from streamgauge.runtimes import jars, packed
from streamgauge.runtimes.runtime import Runtime, jars_of
from streamgauge.services.endpoint import Endpoint
from streamgauge.travel import REQUIREMENTS
from streamgauge.tuning import has_python
from streamgauge.waiting import DeadlineError, wait_for
from streamgauge.worker.client import Worker
from streamgauge.workspace import left_here

_log = logging.getLogger(__name__)

# Slots are free a moment after a job has ended.
_FREE_SECONDS = 5
_CANCEL_SECONDS = 30
_CLASS_MISSING = ("ClassNotFoundException", "NoClassDefFoundError", "Cannot load user class")


class Guest:
    """A line's jobs, from a worker of ours to a cluster that is not.

    What it asks the cluster goes by the name of `folder`, which has what that needs. `submits`
    keeps others from the worker meanwhile.
    """

    def __init__(
        self,
        runtime: Runtime,
        cluster: RemoteCluster,
        worker: Worker,
        folder: Path,
        submits: AbstractContextManager[object],
    ) -> None:
        self.cluster = cluster
        self._runtime = runtime
        self._worker = worker
        self._folder = folder
        self._submits = submits
        self._pythons: dict[str, _Probed] = {}

    @property
    def python(self) -> str:
        """The version of the cluster's Python, where a job has asked for it; else of the client."""
        known = [each.python for each in self._pythons.values() if each.python]
        return known[0].version if known else self._runtime.python

    def settings(self, cell: Cell, name: str) -> dict[str, str]:
        """What goes with a cell's job, under a name of the run's: the jars that it needs."""
        connectors = jars_of(self._runtime.line, cell.kind.connectors)
        files = [jars.folder() / jar.path for jar in connectors]
        python = self._its_python if has_python(cell) else {}
        if has_python(cell) and self._python(_mode(cell)).ships:
            files += self._for_python
        named = {"pipeline.name": f"{name} {cell.id}"}
        return {**self._client, **python, **named, **_shipped(files)}

    def refusal(self, cell: Cell, lifecycle: Lifecycle) -> str | None:
        """Why the cell cannot be there, if so; the cluster is asked for what is not known yet."""
        reasons: Iterable[Callable[[], str | None]] = (
            lambda: self._without_slots(lifecycle.parallelism),
            lambda: self._without_savepoints(lifecycle),
            lambda: self._without_files if cell.kind.files else None,
            lambda: self._without_python(cell) if has_python(cell) else None,
        )
        with self._submits:
            return next(filter(None, (reason() for reason in reasons)), None)

    def unreached(self, services: Mapping[str, Endpoint]) -> str | None:
        """Why its jobs do not reach these services, if so."""
        local = [n for n, each in services.items() if _is_loopback(each.for_jobs.host)]
        if not local or self._is_here:
            return None
        names = ", ".join(local)
        return f"the cluster is on other machines, and {names} listens on loopback of this one"

    def sweep(self) -> None:
        """Cancel what runs of this project left there that are no more: their jobs have names."""
        rest = self.cluster.rest
        for job, name in rest.named().items():
            if left_here(name.partition(" ")[0]):
                _log.info("a run has left job %s: it is cancelled", job)
                rest.cancel(job, _CANCEL_SECONDS)

    @cached_property
    def _is_here(self) -> bool:
        return self.cluster.is_here

    def _without_slots(self, tasks: int) -> str | None:
        rest = self.cluster.rest
        try:
            wait_for(rest.slots, lambda free: free >= tasks, _FREE_SECONDS, "{} slots free".format)
        except DeadlineError as late:
            return f"parallelism {tasks} needs more than the {late.seen} free slots of the cluster"
        return None

    def _without_savepoints(self, lifecycle: Lifecycle) -> str | None:
        stops = any(isinstance(action, Stop) for action in lifecycle.actions)
        return NO_SAVEPOINTS if stops and not self.cluster.directory else None

    @cached_property
    def _without_files(self) -> str | None:
        rest = self.cluster.rest
        if probes.shares_files(self._worker, rest, self._asking, self._folder):
            return None
        return "the cluster does not see this machine's files, which this binding is made of"

    def _without_python(self, cell: Cell) -> str | None:
        probed, line = self._python(_mode(cell)), self._runtime.line
        if probed.python is None:
            return f"the cluster runs no Python {_mode(cell)}: {probed.reason}"
        found = probed.python
        for what, there, ours in (
            ("Python", found.version, self._runtime.python),
            ("PyFlink", found.pyflink, line.flink),
        ):
            if _minor(there) != _minor(ours):
                return f"the cluster's {what} is {there}, that of the line {line} is {ours}"
        # Nobody knows the modules of what its requirements name.
        asked = set() if REQUIREMENTS in cell.scenario.settings else needed(cell)
        lacking = sorted(asked - found.modules)
        return f"the cluster's Python has no {', '.join(lacking)}" if lacking else None

    def _python(self, mode: str) -> _Probed:
        if mode not in self._pythons:
            self._pythons[mode] = self._probed(mode)
        return self._pythons[mode]

    def _probed(self, mode: str) -> _Probed:
        """Without the jar for Python, which clusters may have; then with it.

        Not in thread mode: it loads a native library, which a job's class loader does but once.
        """
        found = self._asked(mode, ships=False)
        if mode == _THREAD or not any(each in found.reason for each in _CLASS_MISSING):
            return found
        return self._asked(mode, ships=True)

    def _asked(self, mode: str, *, ships: bool) -> _Probed:
        shipped = _shipped(self._for_python) if ships else {}
        asking = {**self._asking, **self._its_python, **shipped}
        settings = {**asking, "python.execution-mode": mode}
        try:
            return _Probed(probes.python(self._worker, settings, self._folder), ships, "")
        except JobError as error:
            # One that is gone has told nothing of its Python.
            if not self.cluster.alive:
                raise
            return _Probed(None, ships, str(error))

    @property
    def _client(self) -> dict[str, str]:
        client = str(self._runtime.environment.python)
        return {**self.cluster.settings(), "python.client.executable": client}

    @cached_property
    def _its_python(self) -> dict[str, str]:
        """The interpreter that a job brings along, if it is to."""
        if not self.cluster.access.ships:
            return {}
        archive = packed.archive(self._runtime.environment)
        folder = archive.stem
        return {
            "python.archives": f"{archive}#{folder}",
            "python.executable": f"{folder}/{packed.PYTHON}",
        }

    @property
    def _asking(self) -> dict[str, str]:
        return {**self._client, **_PROBE, "pipeline.name": f"{self._folder.name} probe"}

    @property
    def _for_python(self) -> list[Path]:
        return [*self._runtime.environment.flink.glob("opt/flink-python-*.jar")]


class _Probed(NamedTuple):
    """What was found, with the jar for Python or without, or why nothing was."""

    python: Python | None
    ships: bool
    reason: str


_PROCESS, _THREAD = "process", "thread"
_PROBE = {"parallelism.default": "1", "restart-strategy.type": "none"}


def _mode(cell: Cell) -> str:
    return _THREAD if cell.udf == _THREAD else _PROCESS


def _shipped(files: Iterable[Path]) -> dict[str, str]:
    uris = [file.as_uri() for file in files]
    return {"pipeline.jars": ";".join(uris)} if uris else {}


def _minor(version: str) -> list[str]:
    return version.split(".")[:2]


def _is_loopback(host: str) -> bool:
    return host == "localhost" or host.startswith("127.") or host == "::1"
