"""Processes of ours: each under a keeper, with a log, and gone when the run is."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import psutil

from streamgauge import keeper
from streamgauge.errors import StreamgaugeError
from streamgauge.waiting import DeadlineError, wait_for
from streamgauge.workspace import Workspace
from streamgauge.zones import UTC

# Below the range that systems hand out for outgoing connections, so that
# nothing slips in between the look and the start.
_PORTS = range(20000, 32000)
_TAIL = 8
_SIGNAL_SECONDS = 10


class StartError(StreamgaugeError):
    """A process did not come up; quotes the end of its log."""


@contextmanager
def in_utc() -> Iterator[None]:
    """Be in UTC ourselves, as the commands that keepers start are: oracles are called here."""
    before = os.environ.get("TZ")
    _be_in(UTC)
    try:
        yield
    finally:
        _be_in(before)


def _be_in(zone: str | None) -> None:
    os.environ.pop("TZ", None)
    os.environ.update({"TZ": zone} if zone is not None else {})
    time.tzset()


def kept(lock: Path, log: Path, command: Sequence[str], zone: str = UTC) -> list[str]:
    """`command` in a zone, under a keeper: it ends when `lock` is given up; errors go to `log`."""
    return [sys.executable, keeper.__file__, str(lock), str(log), zone, *command]


def run(
    command: Sequence[str], cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> None:
    """Run a command to its end, or to ours. A StreamgaugeError where it fails."""
    with tempfile.TemporaryDirectory(prefix="streamgauge-") as folder:
        log = Path(folder) / "log"
        with (Path(folder) / "lock").open("w") as lock, log.open("ab") as output:
            fcntl.flock(lock, fcntl.LOCK_EX)
            whole = kept(Path(lock.name), log, command)
            code = subprocess.call(whole, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output)
        if code:
            name = Path(command[0]).name
            raise StreamgaugeError(f"{name} {' '.join(command[1:3])} failed:\n{tail(log)}")


class Process:
    """A running command, its standard output and error in `log`.

    It can be killed, paused and started again, as faults do. `at_stop` is called before it is
    ended in order, with the id of the command's process.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        space: Workspace,
        env: Mapping[str, str] | None = None,
        at_stop: Callable[[int], None] | None = None,
    ) -> None:
        self.name = name
        self.log = space.logs / f"{name}.log"
        self._command = kept(space.lock_file, self.log, command, space.zone)
        # Not the user's folder: Flink's Python workers would import from it.
        self._folder = space.data
        self._env = env
        self._at_stop = at_stop
        self._leaving: Thread | None = None
        self._keeper = self._start()
        space.processes.append(self)

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as output:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._env,
                cwd=self._folder,
                # A Ctrl-C at the terminal is for the harness, which then ends us in order.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The keeper's; the command and its like are its descendants."""
        return self._keeper.pid

    @property
    def alive(self) -> bool:
        """Whether the command still runs."""
        return self._keeper.poll() is None

    def check(self) -> None:
        """A StreamgaugeError where the command has ended."""
        if not self.alive:
            raise StreamgaugeError(f"{self.name} has ended{self._quote()}")

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready`; a StartError where the command dies or takes longer."""
        try:
            wait_for(lambda: not self.alive or ready(), bool, seconds, lambda _: "not ready")
        except DeadlineError as error:
            raise StartError(f"{self.name} is {error}{self._quote()}") from None
        if not self.alive:
            raise StartError(
                f"{self.name} ended while starting, exit code {self._keeper.returncode}"
                f"{self._quote()}"
            )

    def wait(self, seconds: float) -> None:
        """Wait for the command to end well; a StartError where it does not."""
        wait_for(lambda: self.alive, lambda up: not up, seconds, lambda _: f"{self.name} runs on")
        if self._keeper.returncode:
            raise StartError(f"{self.name} failed{self._quote()}")

    def kill(self) -> None:
        """SIGKILL the command, as a crash would; returns when its descendants are gone too."""
        for process in self._descendants()[:1]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._keeper.wait(_SIGNAL_SECONDS)

    def pause(self) -> None:
        """SIGSTOP the command and its descendants, those too that were started meanwhile."""
        paused: set[psutil.Process] = set()
        while running := set(self._descendants()) - paused:
            for process in running:
                with suppress(psutil.NoSuchProcess):
                    process.suspend()
            paused |= running

    def resume(self) -> None:
        """SIGCONT them."""
        for process in self._descendants():
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def restart(self) -> None:
        """Start the same command again, after ending it where it runs; the log goes on."""
        self.stop()
        self._keeper = self._start()

    def _descendants(self) -> list[psutil.Process]:
        """The command, then those it started; empty where it has ended."""

        def probe() -> list[psutil.Process]:
            with suppress(psutil.NoSuchProcess):
                return psutil.Process(self.pid).children(recursive=True)
            return []

        # A keeper that has just started may not have started the command yet.
        found = wait_for(probe, lambda seen: bool(seen) or not self.alive, _SIGNAL_SECONDS, str)
        return sorted(found, key=lambda process: process.create_time())

    def begin_stop(self) -> None:
        """Begin to end the command and its descendants, once what comes before that is done."""
        if self._at_stop is None:
            self._keeper.terminate()
        elif self._leaving is None:
            self._leaving = Thread(target=self._leave, args=(self._at_stop,), daemon=True)
            self._leaving.start()

    def _leave(self, at_stop: Callable[[int], None]) -> None:
        try:
            for command in self._descendants()[:1] if self.alive else ():
                at_stop(command.pid)
        finally:
            self._keeper.terminate()

    def stop(self) -> None:
        """End the command and its descendants; returns when they are gone."""
        self.begin_stop()
        if self._leaving is not None:
            self._leaving.join()
            self._leaving = None
        self._keeper.wait()

    def _quote(self) -> str:
        return f". Its log, {self.log}, ends:\n{tail(self.log)}"


def tail(log: Path) -> str:
    """The last lines of a log, indented; before them the last cause, if Java gave one."""
    lines = log.read_text(errors="replace").splitlines()
    last = lines[-_TAIL:]
    causes = [line for line in lines if line.startswith("Caused by:") and line not in last]
    return "\n".join(f"    {line}" for line in [*causes[-1:], *last]) or "    (nothing)"


def free_port() -> int:
    """A loopback port that nothing listens on."""
    for port in random.sample(_PORTS, 100):
        if not listening(port) and _bindable(port):
            return port
    raise StreamgaugeError(f"no free port in {_PORTS.start}-{_PORTS.stop}")


def _bindable(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def listening(port: int) -> bool:
    """Whether something accepts connections on the loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
