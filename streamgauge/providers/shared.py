"""The provider `shared`: services that stay up between runs: `services up`, `down`, `status`.

`python -m streamgauge.providers.shared` is the process that holds them. It has
a workspace like any run, so killing it ends them as well.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import psutil

from streamgauge import paths
from streamgauge.errors import StreamgaugeError
from streamgauge.files import written_whole
from streamgauge.processes import tail
from streamgauge.providers import local
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.waiting import wait_for
from streamgauge.workspace import Workspace, is_dead, workspace

_UP_SECONDS = 180
_DOWN_SECONDS = 30


def addresses() -> dict[str, Endpoint]:
    """The services that are up, by name; empty where none are."""
    try:
        state = json.loads(_state_file().read_text())
    except FileNotFoundError:
        return {}
    if is_dead(Path(state["run"])):
        return {}
    return {name: Endpoint(**address) for name, address in state["services"].items()}


class Shared:
    """Gives what `services up` left running."""

    def service(self, name: str) -> Service | None:
        """The service, if it was left up: one that others use too, and not this run's to break."""
        found = addresses().get(name)
        return Service(name, found, local.ASK[name]) if found else None


def up() -> dict[str, Endpoint]:
    """Start all services, unless they are up, in a process that stays."""
    if not addresses():
        log = paths.state() / "services.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        holder = _spawn(log)
        wait_for(
            lambda: bool(addresses()) or holder.poll() is not None,
            bool,
            _UP_SECONDS,
            lambda _: "services are not up",
        )
        if holder.poll() is not None:
            raise StreamgaugeError(f"services did not start. The log, {log}, ends:\n{tail(log)}")
    return addresses()


def down() -> bool:
    """End the services; returns whether any were up."""
    if not addresses():
        return False
    holder = psutil.Process(json.loads(_state_file().read_text())["pid"])
    holder.terminate()
    _, slow = psutil.wait_procs([holder], timeout=_DOWN_SECONDS)
    for process in slow:
        process.kill()
    return True


def _state_file() -> Path:
    return paths.state() / "services.json"


def _spawn(log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "streamgauge.providers.shared"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _write_state(space: Workspace, services: dict[str, Endpoint]) -> None:
    """For the owner's eyes alone: the passwords are in it."""
    known = {name: asdict(address) for name, address in services.items()}
    state = {"pid": os.getpid(), "run": str(space.folder), "services": known}
    with written_whole(_state_file(), mode=0o600) as temporary:
        temporary.write_text(json.dumps(state))


def main() -> None:
    """Hold the services until SIGTERM."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with workspace() as space, ThreadPoolExecutor() as pool:
        started: dict[str, Future[Service]] = {}
        here = local.Local(space, lambda need: started[need].result().endpoint)
        for name in local.START:
            # In the order of START: what a service needs comes before it.
            started[name] = pool.submit(here.service, name)
        _write_state(space, {name: it.result().endpoint for name, it in started.items()})
        ended.wait()
        _state_file().unlink()


if __name__ == "__main__":
    try:
        main()
    except StreamgaugeError as error:
        sys.exit(str(error))
