"""What an engine is made of, and whether one that is up is what a run needs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from streamgauge import paths
from streamgauge.runtimes import environment, java, runtime
from streamgauge.versions import Line
from streamgauge.zones import UTC

# Our own modules that make an engine what it is.
_PARTS = ("clusters", "kept", "runtimes", "worker")


@dataclass(frozen=True)
class Made:
    """All that makes an engine: of two that are equal one does for the other.

    `environment` is named by its lock and its Python, jars by path and hash; `code` is a
    digest of what of ours starts it, and serves in it.
    """

    line: str
    environment: str
    java: str
    code: str
    jars: tuple[str, ...]
    zone: str = UTC


def made_of(line: Line, connectors: Iterable[str], zone: str = UTC) -> Made:
    """What an engine of the line with these connector sets would be made of, quickly."""
    jars = sorted(f"{jar.path} {jar.sha256}" for jar in runtime.jars_of(line, connectors))
    java_ = str(java.first() or "")
    return Made(line.name, str(environment.folder(line)), java_, _code(), tuple(jars), zone)


def unfit(there: Made, wanted: Made) -> str:
    """Why one that is there does not do, as in `is of Flink 2.3`; empty where it does."""
    if there.line != wanted.line:
        return f"is of Flink {there.line}"
    if there.zone != wanted.zone:
        return f"is in zone {there.zone}"
    if there.java != wanted.java:
        return f"runs on another Java, {there.java}"
    if (there.environment, there.code) != (wanted.environment, wanted.code):
        return "was started by another version of streamgauge or of its locks"
    lacking = sorted(set(wanted.jars) - set(there.jars))
    if lacking:
        return f"has other jars: not {lacking[0].split()[0].rpartition('/')[2]}"
    return ""


def _code() -> str:
    digest = hashlib.sha256()
    for part in _PARTS:
        for path in sorted((paths.PACKAGE / part).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
