"""A session cluster of ours: a JobManager and a TaskManager of one Flink line."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from streamgauge.clusters.rest import Rest
from streamgauge.files import uri
from streamgauge.processes import Process, free_port
from streamgauge.runtimes import home as homes
from streamgauge.runtimes.archive import archive
from streamgauge.runtimes.environment import Environment
from streamgauge.runtimes.java import java
from streamgauge.runtimes.runtime import Runtime
from streamgauge.workspace import Workspace

_START_SECONDS = 60
_JOBMANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
_TASKMANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"

# Flink's scripts start a JVM each to work these out of a total, which takes
# seconds: here they are, for 1 GiB and 2 GiB in all.
# The JobManager lives for minutes and computes no rows: compiled quickly it takes half the time.
# So does a TaskManager of small jobs a fifth less.
_QUICK_JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_JOBMANAGER_JVM = ("-Xmx512m", "-Xms512m", "-XX:MaxMetaspaceSize=256m", *_QUICK_JVM)
_TASKMANAGER_JVM = (
    "-Xmx640m",
    "-Xms640m",
    "-XX:MaxDirectMemorySize=448m",
    "-XX:MaxMetaspaceSize=256m",
)
_TASKMANAGER_MEMORY = {
    "taskmanager.cpu.cores": "2",
    "taskmanager.memory.framework.heap.size": "128m",
    "taskmanager.memory.task.heap.size": "512m",
    "taskmanager.memory.framework.off-heap.size": "128m",
    "taskmanager.memory.task.off-heap.size": "192m",
    "taskmanager.memory.network.min": "128m",
    "taskmanager.memory.network.max": "128m",
    "taskmanager.memory.managed.size": "512m",
    "taskmanager.memory.jvm-metaspace.size": "256m",
    "taskmanager.memory.jvm-overhead.min": "192m",
    "taskmanager.memory.jvm-overhead.max": "192m",
}
# Answers quick enough for jobs of half a second; in milliseconds without a unit, which is all that
# 1.19 reads.
QUICK = {
    "cluster.registration.initial-timeout": "100",
    "cluster.registration.max-timeout": "500",
    "cluster.registration.error-delay": "300",
    "cluster.registration.refused-registration-delay": "300",
    "web.refresh-interval": "500",
    "metrics.fetcher.update-interval": "200",
}
# Enough for two cells of two tasks each, side by side, and for what tests ask of one.
SLOTS = 4


@dataclass(frozen=True)
class SessionCluster:
    """A running session cluster."""

    environment: Environment
    home: Path
    rest: Rest
    parts: Mapping[str, Process]

    def wait(self) -> None:
        """Wait until the slots are there. A StartError quotes the log of a process that died."""
        for process in self.parts.values():
            process.wait_until(self._ready, _START_SECONDS)

    def _ready(self) -> bool:
        """Or one has died, which waiting for the other need not outlast."""
        return self.rest.slots() == SLOTS or not self.alive

    @property
    def alive(self) -> bool:
        """Whether no part of it has died."""
        return all(process.alive for process in self.parts.values())

    def check(self) -> None:
        """A StreamgaugeError where a part of it has died."""
        for process in self.parts.values():
            process.check()

    def settings(self) -> dict[str, str]:
        """What sends a job to it."""
        host, _, port = self.rest.url.partition("//")[2].rpartition(":")
        python = str(self.environment.python)
        return {
            "execution.target": "remote",
            "execution.attached": "false",
            "rest.address": host,
            "rest.port": port,
            "python.executable": python,
            "python.client.executable": python,
        }

    def savepoints(self, name: str, /) -> str:
        """The URI under which savepoints of this name go."""
        return uri(self.home / "savepoints" / name)

    def discard(self, name: str, _: Sequence[str], /) -> None:
        """Remove the savepoints of this name, if there are any."""
        shutil.rmtree(self.home / "savepoints" / name, ignore_errors=True)

    def stop(self) -> None:
        """End the cluster's processes; returns when they are gone."""
        for process in self.parts.values():
            process.begin_stop()
        for process in self.parts.values():
            process.stop()


def launch(space: Workspace, runtime: Runtime, *, timed: bool = True) -> SessionCluster:
    """Start JobManager and TaskManager side by side, without waiting for them.

    A TaskManager whose jobs are not `timed` compiles nothing for speed.
    """
    rest = free_port()
    environment = runtime.environment
    home = homes.make(space.data, environment, runtime.connectors)
    homes.configure(
        home, {**_settings(home, environment, rest, free_port()), **_TASKMANAGER_MEMORY}
    )
    taskmanager = _TASKMANAGER_JVM if timed else (*_TASKMANAGER_JVM, *_QUICK_JVM)
    parts = {
        "jobmanager": _run(space, "jobmanager", environment, home, _JOBMANAGER, _JOBMANAGER_JVM),
        "taskmanager": _run(space, "taskmanager", environment, home, _TASKMANAGER, taskmanager),
    }
    return SessionCluster(environment, home, Rest(f"http://127.0.0.1:{rest}"), parts)


def _settings(home: Path, environment: Environment, rest: int, rpc: int) -> dict[str, str]:
    """Loopback only."""
    return {
        "jobmanager.rpc.address": "127.0.0.1",
        "jobmanager.bind-host": "127.0.0.1",
        "jobmanager.rpc.port": str(rpc),
        "jobmanager.memory.heap.size": "512m",
        "jobmanager.memory.off-heap.size": "128m",
        "rest.address": "127.0.0.1",
        "rest.bind-address": "127.0.0.1",
        "rest.port": str(rest),
        "rest.bind-port": str(rest),
        "taskmanager.host": "127.0.0.1",
        "taskmanager.bind-host": "127.0.0.1",
        "taskmanager.numberOfTaskSlots": str(SLOTS),
        **QUICK,
        "web.submit.enable": "false",
        "io.tmp.dirs": str(home / "tmp"),
        # Both names, old and new; the JobManager's memory takes 5 MiB of state.
        "state.checkpoints.dir": uri(home / "checkpoints"),
        "execution.checkpointing.dir": uri(home / "checkpoints"),
        "parallelism.default": "1",
        "python.executable": str(environment.python),
        "python.client.executable": str(environment.python),
    }


def _run(
    space: Workspace,
    name: str,
    environment: Environment,
    home: Path,
    main: str,
    jvm: Sequence[str],
) -> Process:
    class_path = _class_path(home, environment)
    kept = archive(class_path, main)
    command = [
        str(java()),
        *jvm,
        *kept.options,
        *homes.java_options(environment, space.zone),
        f"-Dlog4j.configurationFile={home / 'conf' / 'log4j-console.properties'}",
        "-cp",
        class_path,
        main,
        "--configDir",
        str(home / "conf"),
    ]
    env = homes.variables(environment, home)
    return Process(f"{name}-{environment.line}", command, space, env=env, at_stop=kept.keep)


def _class_path(home: Path, environment: Environment) -> str:
    """Flink's own jars first: connectors carry other versions of some of its classes.

    By where they lie in the cache, for an archive of classes is of that class path alone.
    """
    own = {jar.name for jar in environment.flink.glob("lib/*.jar")}
    jars = sorted((home / "lib").iterdir(), key=lambda jar: (jar.name not in own, jar.name))
    return os.pathsep.join(str(jar.resolve()) for jar in jars)
