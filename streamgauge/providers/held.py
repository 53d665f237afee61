"""What a process of its own, the holder, keeps up between runs.

As long as the holder lives it has a lock on `NAME.lock`, which names it; `NAME.json` says
where that is which it holds, and how to get in; `NAME.log` is what it has to tell.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from streamgauge import paths
from streamgauge.errors import StreamgaugeError
from streamgauge.files import write_secret, writing
from streamgauge.processes import tail
from streamgauge.waiting import DeadlineError, wait_for
from streamgauge.workspace import Workspace, held, workspace

_UP_SECONDS = 180
_DOWN_SECONDS = 30
# To ask a service that does not answer takes its time.
_ASK_SECONDS = 0.2
# Whoever looks whether a lock is held has it for a moment.
LOCK_SECONDS = 2


@dataclass(frozen=True)
class Held:
    """What is held under a name, once a project, by `python -m MODULE`."""

    name: str
    module: str

    @property
    def lock_file(self) -> Path:
        """Locked by the holder, whose id is in it."""
        return paths.state() / f"{self.name}.lock"

    @property
    def state_file(self) -> Path:
        """Where it is and how to log in, once it is up; for its owner's eyes alone."""
        return paths.state() / f"{self.name}.json"

    @property
    def log_file(self) -> Path:
        """What the holder has to tell."""
        return paths.state() / f"{self.name}.log"

    @property
    def is_held(self) -> bool:
        """Whether a holder lives."""
        return held(self.lock_file)

    def up(self, answers: Callable[[], bool], *arguments: str) -> None:
        """Return once it answers; started, unless it is, by a process that stays.

        A StreamgaugeError quotes the log where it does not come up.
        """
        holder = None if self.is_held else self._spawn(arguments)

        def ended() -> bool:
            """Or ours came second, and the other one still is at it."""
            return (holder is None or holder.poll() is not None) and not self.is_held

        wait_for(
            lambda: answers() or ended(),
            bool,
            _UP_SECONDS,
            lambda _: f"{self.name}: not up; see {self.log_file}",
            _ASK_SECONDS,
        )
        if not self.is_held:
            raise StreamgaugeError(
                f"{self.name} did not start. The log, {self.log_file}, ends:\n{tail(self.log_file)}"
            )

    def down(self) -> bool:
        """End the holder and all it holds; returns whether there was one.

        What a killed one left tells of nothing any more.
        """
        if not self.is_held:
            self.state_file.unlink(missing_ok=True)
            return False
        pid = wait_for(self.lock_file.read_text, bool, _DOWN_SECONDS, lambda _: "no holder named")
        try:
            holder = psutil.Process(int(pid))
            holder.terminate()
            _, slow = psutil.wait_procs([holder], timeout=_DOWN_SECONDS)
        except psutil.NoSuchProcess:
            return False
        for process in slow:
            process.kill()
        return True

    def hold(self, do: Callable[[Workspace], None]) -> None:
        """In the holder: do it until SIGTERM; nothing to do where another process does.

        It has a workspace like any run, so killing it ends all that was started there.
        """
        # What is starting is left to its end as well.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt), self.lock_file.open("a") as lock:
            if self._locked(lock):
                with workspace() as space:
                    do(space)

    @contextmanager
    def told(self, state: Mapping[str, object]) -> Iterator[None]:
        """In the holder: tell where it is, as long as it is."""
        write_secret(self.state_file, json.dumps(state))
        try:
            yield
        finally:
            self.state_file.unlink(missing_ok=True)

    def _locked(self, lock: IO[str]) -> bool:
        """Whether the lock is ours now, and we are named in it."""
        if not taken(lock, LOCK_SECONDS):
            return False
        lock.truncate(0)
        print(os.getpid(), end="", file=lock, flush=True)
        return True

    def _spawn(self, arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
        log = self.log_file
        with writing(log):
            # What a killed holder left tells of what is no more.
            self.state_file.unlink(missing_ok=True)
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("ab") as output:
                return spawn(self.module, arguments, output)


def taken(lock: IO[str], seconds: float) -> bool:
    """Whether the lock on an open file is ours within so many seconds."""

    def take() -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        return wait_for(take, bool, seconds, lambda _: "held by another process")
    except DeadlineError:
        return False


def spawn(module: str, arguments: tuple[str, ...], output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a module as a process that outlives us."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
