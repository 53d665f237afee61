"""The process that holds the services of `services up`: python -m streamgauge.providers.holder.

There is one a project. It starts a service that dies again, at the same port over
the same data. It has a workspace like any run, so killing it ends them all.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import IO

from streamgauge.errors import StreamgaugeError
from streamgauge.files import write_secret
from streamgauge.providers import local
from streamgauge.providers.shared import lock_file, state_file
from streamgauge.services.service import Service
from streamgauge.waiting import DeadlineError, wait_for
from streamgauge.workspace import Workspace, workspace

_log = logging.getLogger(__name__)

# Whoever looks whether the lock is held has it for a moment.
_LOCK_SECONDS = 2
_LOOK_SECONDS = 0.5


def main() -> None:
    """Hold the services until SIGTERM; nothing to do where another process does."""
    # Services that are starting are left to their end as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), lock_file().open("a") as lock:
        if _locked(lock):
            with workspace() as space, _told(_start(space)) as services:
                _watch(services)


def _locked(lock: IO[str]) -> bool:
    """Whether the lock is ours now, and we are named in it."""

    def lock_it() -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        wait_for(lock_it, bool, _LOCK_SECONDS, lambda _: "another process holds the services")
    except DeadlineError:
        return False
    # What a killed holder left tells of services that are no more.
    state_file().unlink(missing_ok=True)
    lock.truncate(0)
    print(os.getpid(), end="", file=lock, flush=True)
    return True


def _start(space: Workspace) -> Sequence[Service]:
    """All services side by side, once all answer."""
    with ThreadPoolExecutor() as pool:
        started: dict[str, Future[Service]] = {}
        here = local.Local(space, lambda need: started[need].result().endpoint)
        for name in local.START:
            # In the order of START: what a service needs comes before it.
            started[name] = pool.submit(here.service, name)
        return [service.result() for service in started.values()]


@contextmanager
def _told(services: Sequence[Service]) -> Iterator[Sequence[Service]]:
    """Tell where the services are, as long as they are."""
    told: Mapping[str, object] = {service.name: asdict(service.endpoint) for service in services}
    write_secret(state_file(), json.dumps(told))
    try:
        yield services
    finally:
        state_file().unlink(missing_ok=True)


def _watch(services: Sequence[Service]) -> None:
    """Start what has died again; what does not come up again stays down."""
    watched = list(services)
    never = threading.Event()
    while not never.wait(_LOOK_SECONDS):
        for service in list(watched):
            try:
                service.revive()
            except StreamgaugeError as error:
                _log.warning("%s", error)
                watched.remove(service)


if __name__ == "__main__":
    try:
        main()
    except StreamgaugeError as error:
        sys.exit(str(error))
