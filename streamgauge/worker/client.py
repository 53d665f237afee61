"""The harness' end of the worker."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import execnet

from streamgauge.errors import JobError, StreamgaugeError
from streamgauge.job import Job
from streamgauge.processes import kept, tail
from streamgauge.runtimes import home as homes
from streamgauge.runtimes.environment import Environment
from streamgauge.traces import root_cause
from streamgauge.workspace import Workspace

_START_SECONDS = 60
_ANSWER_SECONDS = 120
# Builds a job; `show` prints it too.
PROGRAM = Path(__file__).with_name("program.py")
# Its modules are a package of their own there, under a name that no scenario has.
_START = """\
import importlib.util, sys
folder = channel.receive()
spec = importlib.util.spec_from_file_location(
    "streamgauge_worker", f"{folder}/__init__.py", submodule_search_locations=[folder]
)
sys.modules[spec.name] = importlib.util.module_from_spec(spec)
from streamgauge_worker.serve import serve
serve(channel)
"""
# A client that lives for minutes plans sooner with the quick compiler alone.
_JVM = "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"


@dataclass(frozen=True)
class Operator:
    """An operator that runs Python: the name of its class, and what its results wait for.

    That is the watermark, the clock, both or neither, as far as can be told.
    """

    name: str
    by_watermark: bool
    by_clock: bool


class Worker:
    """A process in a line's own interpreter that builds jobs and submits them."""

    def __init__(self, space: Workspace, environment: Environment, home: Path) -> None:
        self._log = space.logs / f"worker-{environment.line}.log"
        self._group = execnet.Group()
        self._gateway = self._group.makegateway(self._spec(space, environment, home))
        self._channel = self._gateway.remote_exec(_START)
        self._channel.send(str(Path(__file__).parent))
        self._receive(_START_SECONDS)

    @property
    def alive(self) -> bool:
        """Whether it still takes jobs."""
        return not self._channel.isclosed()

    def build(self, job: Job, *, look: bool) -> list[Operator]:
        """Build the job; the operators that run Python in it, where they are to be looked at.

        To look takes as long as Flink's planning. A JobError with the root cause where Flink
        or the dialect refuses it.
        """
        return [Operator(*told) for told in self._ask("build", job=job.message(), look=look)]

    def execute(self) -> str:
        """Submit the job that was built last; its id."""
        return str(self._ask("execute"))

    def explain(self, job: Job) -> str:
        """Flink's plan for the job."""
        return str(self._ask("explain", job=job.message()))

    def close(self) -> None:
        """End the worker."""
        self._group.terminate(timeout=1)

    def _ask(self, do: str, **more: Any) -> Any:
        self._channel.send({"do": do, **more})
        answer = self._receive(_ANSWER_SECONDS)
        if "error" in answer:
            raise JobError(root_cause(answer["error"]))
        return answer["ok"]

    def _receive(self, seconds: float) -> Any:
        try:
            return self._channel.receive(timeout=seconds)
        except (EOFError, OSError, execnet.RemoteError, self._channel.TimeoutError) as error:
            self._channel.close()
            raise StreamgaugeError(
                f"the worker does not answer: {_last_line(error)}."
                f" Its log, {self._log}, ends:\n{tail(self._log)}"
            ) from None

    def _spec(self, space: Workspace, environment: Environment, home: Path) -> execnet.XSpec:
        command = kept(space.lock_file, self._log, [str(environment.python)])
        variables = homes.variables(environment, home)
        variables["FLINK_ENV_JAVA_OPTS"] = " ".join([_JVM, *homes.java_options(environment)])
        variables["FLINK_LOG_DIR"] = str(space.logs)
        own = {k: v for k, v in variables.items() if k.startswith(("FLINK_", "JAVA_", "PYTHON"))}
        return started_by(command, own)


def _last_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[-1].rstrip(".")


def started_by(command: Sequence[str], variables: Mapping[str, str]) -> execnet.XSpec:
    """A gateway to what `command` starts, with more environment variables.

    Not written as a text, which execnet cuts at each `//` in a path or a variable.
    """
    spec = execnet.XSpec("popen")
    spec.python = shlex.join(command)
    spec.env.update(variables)
    return spec
