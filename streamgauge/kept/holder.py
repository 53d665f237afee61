"""The process that holds the engine of `up`: python -m streamgauge.kept.holder LINE.

It starts an engine that died again. Runs use it one after the other; what a run left in it,
because it was killed, is ended.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from streamgauge import engine, versions
from streamgauge.clusters.session import SessionCluster
from streamgauge.engine import Engine
from streamgauge.errors import StreamgaugeError
from streamgauge.kept import line as lines
from streamgauge.kept.left import CONNECTORS, ENGINE, Told
from streamgauge.kept.made import made_of
from streamgauge.providers.sweep import of_dead_run
from streamgauge.runtimes import runtime
from streamgauge.versions import Line
from streamgauge.workspace import Workspace

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.2
_CANCEL_SECONDS = 30


def main() -> None:
    """Hold an engine until SIGTERM; nothing to do where another process does."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    # It tells each request.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    line = versions.line(sys.argv[1])
    ENGINE.hold(lambda space: _hold(space, line))


def _hold(space: Workspace, line: Line) -> None:
    """One after the other; where none comes up any more, that is the end."""
    while True:
        made = made_of(line, CONNECTORS)
        running = engine.start(space, runtime.install(line, CONNECTORS))
        with lines.listen() as door:
            key = secrets.token_bytes(32)
            told = Told(
                made,
                running.runtime.java,
                str(_home(running)),
                running.cluster.rest.url,
                str(space.logs),
                door.getsockname()[1],
                key.hex(),
            )
            with ENGINE.told(asdict(told)):
                _serve(running, door, key)
        _log.warning("the engine has died, and is started again")
        running.stop()


def _serve(running: Engine, door: socket.socket, key: bytes) -> None:
    """Let runs use the engine, as long as it lives."""
    while running.alive:
        caller = lines.accept(door, key, _LOOK_SECONDS)
        if caller:
            with caller, suppress(OSError, EOFError):
                _talk(running, caller)
            _tidy(running)


def _talk(running: Engine, caller: Connection) -> None:
    """Hand messages on to the worker; hang up when the engine has died."""
    while running.alive:
        if caller.poll(_LOOK_SECONDS):
            lines.send(caller, _answer(running, lines.receive(caller)))


def _answer(running: Engine, message: Mapping[str, Any]) -> Any:
    try:
        return running.worker.way.ask(message)
    except StreamgaugeError as error:
        return {"broken": str(error)}


def _tidy(running: Engine) -> None:
    """End what runs that were killed left: jobs and savepoints. Another engine may need others."""
    try:
        for job in running.cluster.rest.running():
            _log.info("a run has left job %s: it is cancelled", job)
            running.cluster.rest.cancel(job, _CANCEL_SECONDS)
    except Exception as error:
        _log.warning("not all that a run left is ended: %s", error)
    for savepoints in (_home(running) / "savepoints").glob("*"):
        if of_dead_run(savepoints.name):
            shutil.rmtree(savepoints, ignore_errors=True)


def _home(running: Engine) -> Path:
    assert isinstance(running.cluster, SessionCluster)
    return running.cluster.home


if __name__ == "__main__":
    try:
        main()
    except StreamgaugeError as error:
        sys.exit(str(error))
