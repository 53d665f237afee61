"""A cluster of somebody's own, by its REST interface alone: nothing of it is ours to end."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from streamgauge.clusters.access import SAVEPOINTS, Access
from streamgauge.clusters.rest import Rest
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.processes import Process
from streamgauge.traces import root_cause
from streamgauge.versions import Line
from streamgauge.waiting import wait_for

if TYPE_CHECKING:
    from streamgauge.containers.container import Container

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 3
_DISPOSE_SECONDS = 30
# What a Java's version is known by, as in `OpenJDK 64-Bit Server VM - Debian - 17/17.0.9+9`.
_JAVA = re.compile(r"- (?:1\.)?(\d+)/")
# Of a TaskManager's own address.
_HOST = re.compile(r"@([^:/]+):")
# Where Flink is told to put savepoints: by the name of older lines, and that of newer ones.
_DIRECTORIES = ("state.savepoints.dir", "execution.checkpointing.savepoint-dir")
NO_SAVEPOINTS = (
    "the cluster has no directory for savepoints, with which a job without an end is stopped:"
    f" name one by {SAVEPOINTS}"
)


@dataclass(frozen=True)
class RemoteCluster:
    """A cluster that answers, and what it says of itself.

    `slots` is how many were free, `python` the interpreter that its configuration names, and
    `directory` the URI of where savepoints go, "" where that is nowhere. One in `containers` of
    ours ends with them.
    """

    access: Access
    rest: Rest
    flink: str
    java: str
    slots: int
    python: str
    directory: str
    parts: Mapping[str, Process] = field(default_factory=lambda: MappingProxyType({}))
    containers: Sequence[Container] = ()
    name: str = "remote"

    @property
    def alive(self) -> bool:
        """Whether no part of it that is ours has died, and it answers."""
        if not all(each.alive for each in self.containers):
            return False
        try:
            self.rest.ask("GET", "/overview", timeout=_LOOK_SECONDS)
        except StreamgaugeError:
            return False
        return True

    @property
    def is_here(self) -> bool:
        """Whether all its TaskManagers are on this machine, and reach what listens on loopback."""
        managers = self.rest.get("/taskmanagers")["taskmanagers"]
        return all(map(_is_ours, {host for each in managers for host in _hosts(each)}))

    def check(self) -> None:
        """A StreamgaugeError where a part that is ours has died; others do not answer then."""
        for each in self.containers:
            each.check()

    def settings(self) -> dict[str, str]:
        """What sends a job to it."""
        return {**self.access.settings(), "python.executable": self.python}

    def savepoints(self, _: str, /) -> str:
        """The URI under which savepoints go, each in a folder of its own.

        A StreamgaugeError where there is none.
        """
        if not self.directory:
            raise StreamgaugeError(NO_SAVEPOINTS)
        return self.directory

    def discard(self, _: str, made: Sequence[str], /) -> None:
        """Have it remove those that were made."""
        for savepoint in made:
            self._dispose(savepoint)

    def _dispose(self, savepoint: str) -> None:
        body = {"savepoint-path": savepoint}
        trigger = self.rest.ask("POST", "/savepoint-disposal", json=body)["request-id"]
        done = wait_for(
            lambda: self.rest.get(f"/savepoint-disposal/{trigger}"),
            lambda answer: answer["status"]["id"] == "COMPLETED",
            _DISPOSE_SECONDS,
            lambda _: f"savepoint {savepoint} is not removed",
        )
        if cause := done["operation"].get("failure-cause"):
            why = root_cause(cause["stack-trace"])
            raise StreamgaugeError(f"savepoint {savepoint} is not removed: {why}")

    def stop(self) -> None:
        """End what of it is ours; leave the rest as it is."""
        for each in self.containers:
            each.begin_stop()
            each.stop()


def join(access: Access, line: Line) -> RemoteCluster:
    """The cluster, for jobs of the line.

    A StreamgaugeError where it does not answer or has no free slot, a UsageError where it is of
    another line.
    """
    rest = access.rest()
    try:
        return _joined(access, rest, line)
    except BaseException:
        rest.close()
        raise


def _joined(access: Access, rest: Rest, line: Line) -> RemoteCluster:
    overview = rest.get("/overview")
    release = str(_told(access, overview, "flink-version"))
    _check_line(access, release, line)
    slots, free = int(overview["slots-total"]), int(overview["slots-available"])
    if not free:
        what = f"all {slots} task slots are in use" if slots else "it has no task slots"
        raise StreamgaugeError(f"the cluster at {access.url} cannot take a job: {what}")
    configured = {each["key"]: each["value"] for each in rest.get("/jobmanager/config")}
    directories = [access.savepoints, *(configured.get(key, "") for key in _DIRECTORIES)]
    return RemoteCluster(
        access,
        rest,
        release,
        _java(rest.get("/jobmanager/environment")["jvm"]["version"]),
        free,
        configured.get("python.executable", "python"),
        next(filter(None, directories), ""),
    )


def _told(access: Access, overview: Any, name: str) -> Any:
    if not isinstance(overview, Mapping) or name not in overview:
        raise StreamgaugeError(f"what answers at {access.url} is not Flink")
    return overview[name]


def _check_line(access: Access, release: str, line: Line) -> None:
    """Client and cluster are of one line; of which release each may be one of its own."""
    if _line(release) != _line(line.flink):
        raise UsageError(
            f"the cluster at {access.url} is of Flink {release}, the line {line} of {line.flink}:"
            f" run it with --flink {_line(release)}"
        )
    if release != line.flink:
        _log.warning("the cluster is of Flink %s, and what asks it of %s", release, line.flink)


def _java(version: str) -> str:
    return next(iter(_JAVA.findall(version)), version)


def _line(release: str) -> str:
    return ".".join(release.split(".")[:2])


def _hosts(manager: Mapping[str, str]) -> list[str]:
    return _HOST.findall(manager["path"])


def _is_ours(host: str) -> bool:
    """Whether an address is one of this machine's: nobody else can listen there."""
    try:
        with socket.create_server((host, 0)):
            return True
    except OSError:
        return False
