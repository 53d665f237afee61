"""Remove a run's containers once it is over, however it ended.

    python -m streamgauge.containers.reaper RUN_LOCK RUN

It waits for the run's lock as a keeper does (see `keeper`). A keeper ends processes, and
a container is none of ours: it is the engine's.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import time
from pathlib import Path

from streamgauge.containers import owner
from streamgauge.errors import StreamgaugeError
from streamgauge.waiting import wait_for
from streamgauge.workspace import Workspace

# What the engine was still making when the run died is there a moment later.
_LATE_SECONDS = 3
_SECONDS = 120
_LOOK_SECONDS = 0.5


class Reaper:
    """The process, as long as the run that it waits for lives."""

    def __init__(self, space: Workspace) -> None:
        with (space.logs / "reaper.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(space.lock_file), space.id],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A Ctrl-C at the terminal, and whoever kills a group, is for the run.
                start_new_session=True,
            )

    def stop(self) -> None:
        """End it: nothing is left for it to do."""
        self._process.terminate()
        self._process.wait()


def main(run_lock: Path, run: str) -> None:
    """Wait for the run's end, and remove what it left."""
    with run_lock.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
    until = time.monotonic() + _LATE_SECONDS
    wait_for(
        lambda: _is_rid_of(run),
        lambda rid: rid and time.monotonic() >= until,
        _SECONDS,
        lambda _: f"containers of run {run} are left",
        _LOOK_SECONDS,
    )


def _is_rid_of(run: str) -> bool:
    """Whether nothing was there any more; not where the engine is away, and may come again."""
    try:
        return owner.remove(run) == 0
    except StreamgaugeError as error:
        print(error, flush=True)
        return False


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
