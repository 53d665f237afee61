"""What messages to the worker go through: here, to a process in a line's own interpreter."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import execnet

from streamgauge.errors import StreamgaugeError
from streamgauge.processes import kept, tail
from streamgauge.runtimes import home as homes
from streamgauge.runtimes.environment import Environment
from streamgauge.workspace import Workspace

_START_SECONDS = 60
ANSWER_SECONDS = 120
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


class Way(Protocol):
    """A way to a worker, for one message at a time."""

    @property
    def alive(self) -> bool:
        """Whether the worker still takes messages by it."""

    def ask(self, message: Mapping[str, Any]) -> Any:
        """What the worker answers. A StreamgaugeError where it does not."""

    def close(self) -> None:
        """Give it up."""


class Gateway:
    """A worker's process, started here, which ends when it is closed.

    `login` is what logs it in at a cluster that asks for that, by variable.
    """

    def __init__(
        self,
        space: Workspace,
        environment: Environment,
        home: Path,
        login: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._log = space.logs / f"worker-{environment.line}.log"
        self._group = execnet.Group()
        self._gateway = self._group.makegateway(self._spec(space, environment, home, login))
        self._channel = self._gateway.remote_exec(_START)
        self._channel.send(str(Path(__file__).parent))
        self._receive(_START_SECONDS)

    @property
    def alive(self) -> bool:
        """Whether the process still takes messages."""
        return not self._channel.isclosed()

    def ask(self, message: Mapping[str, Any]) -> Any:
        """What it answers. A StreamgaugeError, with the end of its log, where it does not."""
        with self._broken():
            self._channel.send(dict(message))
        return self._receive(ANSWER_SECONDS)

    def close(self) -> None:
        """End it."""
        self._group.terminate(timeout=1)

    def _receive(self, seconds: float) -> Any:
        with self._broken():
            return self._channel.receive(timeout=seconds)

    @contextmanager
    def _broken(self) -> Iterator[None]:
        """Tell what breaks; a channel that is broken is closed, which execnet need not know yet."""
        try:
            yield
        except (EOFError, OSError, execnet.RemoteError, self._channel.TimeoutError) as error:
            self._channel.close()
            raise StreamgaugeError(
                f"the worker does not answer: {_last_line(error)}."
                f" Its log, {self._log}, ends:\n{tail(self._log)}"
            ) from None

    def _spec(
        self, space: Workspace, environment: Environment, home: Path, login: Mapping[str, str]
    ) -> execnet.XSpec:
        command = kept(space.lock_file, self._log, [str(environment.python)], space.zone)
        variables = homes.variables(environment, home)
        variables["FLINK_ENV_JAVA_OPTS"] = " ".join(
            [_JVM, *homes.java_options(environment, space.zone)]
        )
        variables["FLINK_LOG_DIR"] = str(space.logs)
        names = ("FLINK_", "JAVA_", "JDK_", "PYTHON")
        own = {k: v for k, v in variables.items() if k.startswith(names)}
        return started_by(command, {**own, **login})


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
