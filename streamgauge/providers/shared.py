"""The provider `shared`: services that stay up between runs: `services up`, `down`, `status`.

A process of its own holds them (`holder`). As long as it lives it has a lock on
`services.lock`, which names it; `services.json` says where its services are.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import IO

import psutil

from streamgauge import paths
from streamgauge.errors import StreamgaugeError
from streamgauge.files import read_json, writing
from streamgauge.processes import tail
from streamgauge.providers import local, sweep
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.waiting import wait_for
from streamgauge.workspace import held

_log = logging.getLogger(__name__)

_UP_SECONDS = 180
_DOWN_SECONDS = 30
# To ask a service that does not answer takes its time.
_ASK_SECONDS = 0.2


class Shared:
    """Gives what `services up` left running, rid of what dead runs left in it."""

    name = "shared"

    def __init__(self) -> None:
        # Services are asked for side by side.
        self._once = threading.Lock()

    def service(self, name: str) -> Service | None:
        """The service, once it answers: one that others use too, and not this run's to break.

        None where none are up, or where it cannot be told which are.
        """
        with self._once:
            there = name in self._swept
        return answering(name) if there else None

    @cached_property
    def _swept(self) -> Mapping[str, Service]:
        try:
            found = services()
        except StreamgaugeError as error:
            _log.warning("%s; meanwhile this run starts its own", error)
            return {}
        sweep.sweep({name: service.endpoint for name, service in found.items()})
        return found


def services() -> dict[str, Service]:
    """What `services up` left, by name, whether it answers or not; empty where nothing is up.

    A StreamgaugeError where something is up, and what tells of it is damaged.
    """
    if not held(lock_file()):
        return {}
    try:
        found = {name: Endpoint(**told) for name, told in read_json(state_file()).items()}
        return {name: Service(name, at, local.ASK[name]) for name, at in found.items()}
    except FileNotFoundError:
        # They are starting, or ending.
        return {}
    except (StreamgaugeError, AttributeError, KeyError, TypeError):
        raise StreamgaugeError(
            f"{state_file()} is damaged: `streamgauge services down`, then `up`, mends it"
        ) from None


def answering(name: str) -> Service | None:
    """The service, if it was left up, once it answers: its holder restarts one that died."""
    found = services().get(name)
    if found is not None:
        found.wait()
    return found


def up() -> dict[str, Service]:
    """All services, once they answer; started, unless they are, by a process that stays.

    A StreamgaugeError quotes the log where they do not come up.
    """
    holder = None if held(lock_file()) else _spawn()

    def ended() -> bool:
        """Or ours came second, and the other one still is at it."""
        return (holder is None or holder.poll() is not None) and not held(lock_file())

    def answer() -> bool:
        return bool(found := services()) and all(service.answers() for service in found.values())

    wait_for(
        lambda: answer() or ended(),
        bool,
        _UP_SECONDS,
        lambda _: f"services are not up; see {log_file()}",
        _ASK_SECONDS,
    )
    if found := services():
        return found
    raise StreamgaugeError(
        f"services did not start. The log, {log_file()}, ends:\n{tail(log_file())}"
    )


def down() -> bool:
    """End the services; returns whether any were up."""
    if not held(lock_file()):
        return False
    pid = wait_for(lock_file().read_text, bool, _DOWN_SECONDS, lambda _: "no holder is named")
    try:
        holder = psutil.Process(int(pid))
        holder.terminate()
        _, slow = psutil.wait_procs([holder], timeout=_DOWN_SECONDS)
    except psutil.NoSuchProcess:
        return False
    for process in slow:
        process.kill()
    return True


def state_file() -> Path:
    """Where the services are and how to log in, once all are up; for its owner's eyes alone."""
    return paths.state() / "services.json"


def lock_file() -> Path:
    """Locked by the process that holds the services, whose id is in it."""
    return paths.state() / "services.lock"


def log_file() -> Path:
    """What the holder has to tell."""
    return paths.state() / "services.log"


def _spawn() -> subprocess.Popen[bytes]:
    log = log_file()
    with writing(log):
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            return _holder(output)


def _holder(output: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "streamgauge.providers.holder"],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
