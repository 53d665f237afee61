"""What eats memory is ended before the machine is short of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import psutil

_EVERY = 0.5
MOST_BYTES = 2 * 2**30
_log = logging.getLogger(__name__)


@contextmanager
def guarded(most: int = MOST_BYTES) -> Iterator[None]:
    """Meanwhile each Python process that we started, or one of those did, has so many bytes.

    A job whose process is ended fails. A cluster's JVMs have limits of their own.
    """
    over = Event()
    watching = Thread(target=_watch, args=(over, most), daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


def _watch(over: Event, most: int) -> None:
    while not over.wait(_EVERY):
        for process in psutil.Process().children(recursive=True):
            # It may be gone by now.
            with suppress(psutil.Error):
                if "python" in process.name() and process.memory_info().rss > most:
                    _log.warning("a Python process with more than %d MiB is ended", most // 2**20)
                    process.kill()
