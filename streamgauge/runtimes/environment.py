"""One Python environment a Flink line, made by uv from the line's lock."""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet
from uv import find_uv_bin

from streamgauge import paths
from streamgauge.files import made_whole
from streamgauge.processes import run
from streamgauge.versions import Line

_log = logging.getLogger(__name__)

# Flink's jars come as source, of which uv makes a wheel: to compress it takes a third of the time.
_STORED = "apache-flink-libraries:--build-option=bdist_wheel --compression=stored"


@dataclass(frozen=True)
class Environment:
    """A line's interpreter and the Flink distribution in its packages."""

    line: Line
    folder: Path

    @property
    def python(self) -> Path:
        """The interpreter."""
        return self.folder / "bin" / "python"

    @property
    def python_version(self) -> str:
        """Such as 3.11.7."""
        lines = (self.folder / "pyvenv.cfg").read_text().splitlines()
        settings = dict(line.split(" = ", 1) for line in lines)
        return settings["version_info"]

    @property
    def packages(self) -> Path:
        """The site-packages."""
        (packages,) = self.folder.glob("lib/python3.*/site-packages")
        return packages

    @property
    def flink(self) -> Path:
        """The Flink distribution: lib, opt, conf, bin."""
        return self.packages / "pyflink"

    @property
    def jars(self) -> list[Path]:
        """Flink's own, and the one for Python."""
        return [*self.flink.glob("lib/*.jar"), *self.flink.glob("opt/flink-python-*.jar")]


def installed(line: Line) -> bool:
    """Whether the line's environment is there."""
    return folder(line).exists()


def install(line: Line) -> Environment:
    """The line's environment, made where it is missing. A StreamgaugeError where that fails."""
    place = folder(line)
    if not place.exists():
        _log.info("making the environment of Flink %s", line.flink)
        with made_whole(place) as temporary:
            _make(line, temporary)
    return Environment(line, place)


def folder(line: Line) -> Path:
    """The environment's, named by what it is made from: a new lock or Python means a new one."""
    python = "" if _fits(line) else f"-{line.interpreter or 'other'}"
    version = platform.python_version() + python
    return paths.cache() / "runtimes" / f"{line.base}-{version}-{digest(_lock(line))}"


def _lock(line: Line) -> Path:
    return paths.locks() / f"flink-{line.base}.txt"


def _fits(line: Line) -> bool:
    wanted = f"=={line.interpreter}.*" if line.interpreter else line.python
    return platform.python_version() in SpecifierSet(wanted)


def _make(line: Line, folder: Path) -> None:
    """Our own interpreter where the line runs on it, else the one uv finds or fetches."""
    python = sys.executable if _fits(line) else line.interpreter or line.python
    uv("venv", "--no-project", "--relocatable", "--python", python, folder)
    uv(
        *("pip", "install", "--python", folder, "--require-hashes", "-r", _lock(line)),
        *("--config-settings-package", _STORED),
    )


def uv(*arguments: object) -> None:
    """Run uv; a StreamgaugeError with the end of what it said where it fails."""
    run([find_uv_bin(), *(str(argument) for argument in arguments), "--quiet"], env=_clean())


def _clean() -> dict[str, str]:
    """Our environment without what would lead uv astray."""
    return {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH")}


def digest(file: Path) -> str:
    """A short name for a file's content."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
