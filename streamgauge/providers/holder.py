"""The process that holds the services of `services up`: python -m streamgauge.providers.holder.

It starts a service that dies again, at the same port over the same data.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict

from streamgauge.errors import StreamgaugeError
from streamgauge.providers import local
from streamgauge.providers.shared import SERVICES
from streamgauge.services.service import Service
from streamgauge.workspace import Workspace

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5


def main() -> None:
    """Hold the services until SIGTERM; nothing to do where another process does."""
    SERVICES.hold(_hold)


def _hold(space: Workspace) -> None:
    services = _start(space)
    with SERVICES.told({service.name: asdict(service.endpoint) for service in services}):
        _watch(services)


def _start(space: Workspace) -> Sequence[Service]:
    """All services side by side, once all answer."""
    with ThreadPoolExecutor() as pool:
        started: dict[str, Future[Service]] = {}
        here = local.Local(space, lambda need: started[need].result().endpoint)
        # In the order of START: what a service needs comes before it.
        for name in (name for name in local.START if name not in local.SELDOM):
            started[name] = pool.submit(here.service, name)
        return [service.result() for service in started.values()]


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
