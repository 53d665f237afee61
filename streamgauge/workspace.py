"""A run's own folder: its lock, logs and data; and sweeping up after runs that died."""

from __future__ import annotations

import fcntl
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Protocol

from streamgauge import paths
from streamgauge.files import writing
from streamgauge.zones import UTC

_KEPT = 10
_OURS = re.compile(r"sg_(\d{8})_(\d{6})_([0-9a-f]{6})_\d+([-._].*)?")


class Stoppable(Protocol):
    """A process, as far as its workspace needs to know it."""

    def begin_stop(self) -> None:
        """Begin to end it."""

    def stop(self) -> None:
        """End it; returns when it is gone."""


class Workspace:
    """`.streamgauge/runs/ID`, ours for as long as this process holds its lock.

    `logs` outlives the run, so that a failure can be read; `data` does not, and
    neither do the processes started in it. What of a service can outlive it does so where the
    user asks to `keep` it; what `stays` says, by its name, where that is. All are in `zone`.
    """

    def __init__(self, folder: Path, lock: IO[str]) -> None:
        self.id = folder.name
        self.folder = folder
        self.logs = folder / "logs"
        self.data = folder / "data"
        self.lock_file = folder / "lock"
        self.processes: list[Stoppable] = []
        self.keep = False
        self.zone = UTC
        self.stays: dict[str, str] = {}
        self._lock = lock

    def close(self) -> None:
        """End the processes and throw the data away, each of them whatever comes of the others."""
        with ExitStack() as last_to_first:
            last_to_first.callback(shutil.rmtree, self.data, ignore_errors=True)
            last_to_first.callback(self._lock.close)
            for process in self.processes:
                last_to_first.callback(process.stop)
            for process in self.processes:
                last_to_first.callback(process.begin_stop)


@contextmanager
def workspace() -> Iterator[Workspace]:
    """A new workspace, after a sweep of those that have no owner any more."""
    runs = paths.state() / "runs"
    with writing(runs):
        runs.mkdir(parents=True, exist_ok=True)
    # Else a sweep could take a folder that is made but not yet locked for a dead one.
    with writing(runs), (runs / ".sweep").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        sweep(runs)
        space = _create(runs)
    try:
        yield space
    finally:
        space.close()


def _create(runs: Path) -> Workspace:
    folder = runs / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    for part in ("logs", "data"):
        (folder / part).mkdir(parents=True, mode=0o700)
    lock = (folder / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return Workspace(folder, lock)


def name_of(run: str, number: int) -> str:
    """A name of a run's own for what it makes in services: by it, it is known whose that is."""
    return f"sg_{run.replace('-', '_')}_{number}"


def run_of(name: str) -> str | None:
    """The id of the run that gave a name, alone or with what a table adds to it, if one did."""
    ours = _OURS.fullmatch(name)
    return "-".join(ours.groups()[:3]) if ours else None


def left_here(name: str) -> bool:
    """Whether a run of this folder, which knows it still, gave the name and is no more.

    For places where others have runs too, of which nothing is known but their names.
    """
    folder = paths.state() / "runs" / (run_of(name) or "none")
    return folder.is_dir() and is_dead(folder)


def sweep(runs: Path) -> None:
    """Remove the data of dead runs, and all of a dead run but the newest `_KEPT`."""
    dead = [run for run in sorted(runs.glob("*-*-*")) if is_dead(run)]
    for run in dead:
        shutil.rmtree(run / "data", ignore_errors=True)
    for run in dead[:-_KEPT]:
        shutil.rmtree(run, ignore_errors=True)


def is_dead(run: Path) -> bool:
    """Whether nobody holds the run's lock, or it never came to have one."""
    return not held(run / "lock")


def held(lock: Path) -> bool:
    """Whether a process that lives has a lock on the file."""
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (FileNotFoundError, NotADirectoryError):
        pass
    return False
