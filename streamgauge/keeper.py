"""Run a command and end it, with all its descendants, once the run it belongs to is over.

    python keeper.py RUN_LOCK LOG ZONE COMMAND...

The run holds an exclusive lock on the file RUN_LOCK for as long as it lives; the
system gives the lock up however the run ends, SIGKILL included. Waiting for a
shared lock on it is waiting for that end. What the command writes to standard
error goes to LOG. The command is in ZONE. Needs nothing but psutil, for it starts once a process.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil

_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _die_with_keeper() -> None:
    """In the child: should the keeper itself be killed, its child goes too."""
    _prctl(_SET_PDEATHSIG, signal.SIGKILL)


def kill_descendants(of: psutil.Process) -> None:
    """End all descendants; again for those they started meanwhile.

    SIGKILL at once: their data is thrown away with the run, and a killed run
    must leave as little behind as an orderly one.
    """
    while children := of.children(recursive=True):
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        psutil.wait_procs(children, timeout=5)


def _end(*_: object) -> None:
    kill_descendants(psutil.Process())
    os._exit(0)


def _end_with_run(run_lock: Path) -> None:
    try:
        with run_lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH)
    finally:
        _end()


def _environment(zone: str) -> dict[str, str]:
    """Ours, but for the zone: no answer may depend on where the user is."""
    return {**os.environ, "TZ": zone}


def _exit_code(command: subprocess.Popen[bytes]) -> int:
    """When it is over. Orphans that end before are waited for too, or they would be zombies.

    0 where the thread that ends all with the run was the first to wait for it.
    """
    pid = status = 0
    while pid != command.pid:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            return 0
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    """Keep the command of the command line; exits as it does."""
    run_lock, log, zone, *command = sys.argv[1:]
    # Orphans of the command, such as Flink's Python workers, become our children.
    _prctl(_SET_CHILD_SUBREAPER, 1)
    # Whatever our parent does with signals.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGTERM, _end)
    # Not SIG_IGN, which the command would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    with Path(log).open("ab") as errors:
        # No thread has started yet, which is what preexec_fn asks for.
        child = subprocess.Popen(
            command,
            stderr=errors,
            env=_environment(zone),
            preexec_fn=_die_with_keeper,  # noqa: PLW1509
        )
    threading.Thread(target=_end_with_run, args=[Path(run_lock)], daemon=True).start()
    code = _exit_code(child)
    kill_descendants(psutil.Process())
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
