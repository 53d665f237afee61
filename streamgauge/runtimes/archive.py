"""Class archives: what a JVM of ours has loaded, kept in the cache; the next of its kind reads it.

It starts in two thirds of the time. To write one takes seconds, so the first of a kind leaves only
a mark: a machine that is used once pays nothing. Java alone decides whether an archive fits: where
one does not, it starts as it would without.
"""

from __future__ import annotations

import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from streamgauge import paths
from streamgauge.errors import StreamgaugeError
from streamgauge.files import short_name, written_whole
from streamgauge.runtimes.java import java, version

# The first Java that writes one while it runs, when it is asked to.
_SINCE = 17
_SECONDS = 20


@dataclass(frozen=True)
class Archive:
    """Of JVMs that run a main class over a class path; `file` need not be there yet."""

    file: Path

    @property
    def options(self) -> list[str]:
        """What has a JVM read it, else remember what it would have; silent where it cannot."""
        if self.file.exists():
            return [f"-XX:SharedArchiveFile={self.file}", "-Xlog:cds*=off", "-Xlog:class+path=off"]
        return ["-XX:+RecordDynamicDumpInfo"] if self._mark.exists() and _serves() else []

    def keep(self, pid: int) -> None:
        """Have the JVM of this process write it, where it is not there yet, nor is it the first."""
        if self.file.exists() or not _serves():
            return
        if not self._mark.exists():
            self._mark.parent.mkdir(parents=True, exist_ok=True)
            self._mark.touch()
            return
        # What it is good for can wait: the next such JVM tries again.
        failures = suppress(StreamgaugeError, subprocess.SubprocessError)
        with failures, written_whole(self.file) as temporary:
            command = (_jcmd(), str(pid), "VM.cds", "dynamic_dump", temporary)
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)

    @property
    def _mark(self) -> Path:
        """There where one of its kind has run to its end."""
        return self.file.with_suffix(".once")


def archive(class_path: str, main: str) -> Archive:
    """The one for a main class over a class path, by this Java."""
    executable = java().resolve()
    parts = (str(executable), str(executable.stat().st_mtime_ns), class_path, main)
    return Archive(
        paths.cache() / "classes" / f"{main.rpartition('.')[2]}-{short_name(*parts)}.jsa"
    )


def _serves() -> bool:
    return (version(java()) or 0) >= _SINCE and _jcmd().exists()


def _jcmd() -> Path:
    """What talks to a JVM; a Java without it has no archives."""
    return java().resolve().with_name("jcmd")
