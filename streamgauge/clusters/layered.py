"""The image of a cluster in containers: Flink's official one, and above it a line's Python.

It has the packages of our lock, and is made by the engine once.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
import zipfile
from pathlib import Path

from streamgauge.containers import images
from streamgauge.containers.engine import asking, client
from streamgauge.runtimes import environment, packed
from streamgauge.versions import Line

_log = logging.getLogger(__name__)

_SERVICE = "flink"
_HOME = "/opt/streamgauge"
PYTHON = f"{_HOME}/python/{packed.PYTHON}"
# A folder that who runs Flink may write.
SHARED = f"{_HOME}/shared"
# An image that is no Flink's has no such user, which shows before the rest is copied.
# Thread mode loads Python into the JVM, where it finds its packages by variables; and the jar for
# Python a library, which from a job's class loader would go but once.
_DOCKERFILE = f"""\
FROM {{image}}
COPY --chown=flink:flink shared {SHARED}
COPY python {_HOME}/python
COPY lib /opt/flink/lib
ENV PYTHONHOME={_HOME}/python
ENV PYTHONPATH={_HOME}/python/{{packages}}
ENV LD_LIBRARY_PATH={_HOME}/python/lib
RUN {PYTHON} -m compileall -q {_HOME}/python/lib
VOLUME {SHARED}
"""
_BUILD_SECONDS = 900


def bring(line: Line) -> str:
    """The image for jobs of the line, made where it is not here.

    A StreamgaugeError where the official one cannot be had, or its Python does not run in it.
    """
    official = images.bring(_SERVICE, line.flink)
    made = environment.install(line)
    name = f"streamgauge/flink:{line.flink}-{_digest(official, made.folder.name)}"
    if not images.is_here(images.whole(name)):
        _log.info("making image %s", name)
        with tempfile.TemporaryDirectory(prefix="streamgauge-image-") as folder:
            _lay(Path(folder), official, packed.archive(made))
            for jar in made.flink.glob("opt/flink-python-*.jar"):
                shutil.copyfile(jar, Path(folder, "lib", jar.name))
            _build(folder, name)
    return name


def _digest(official: str, python: str) -> str:
    """Another image below, another lock or another recipe is another image."""
    with client() as engine, asking(f"image {official}"):
        below = engine.images.get(images.whole(official)).id
    return hashlib.sha256(f"{below} {python} {_DOCKERFILE}".encode()).hexdigest()[:10]


def _lay(folder: Path, official: str, archive: Path) -> None:
    """What the engine is given, for anybody to read and run."""
    for name in ("python", "shared", "lib"):
        (folder / name).mkdir()
    with zipfile.ZipFile(archive) as packed_:
        for entry in packed_.infolist():
            path = Path(packed_.extract(entry, folder / "python"))
            path.chmod(0o755 if entry.external_attr >> 16 & 0o100 else 0o644)
    (packages,) = folder.glob("python/lib/*/site-packages")
    inside = packages.relative_to(folder / "python")
    told = _DOCKERFILE.format(image=images.whole(official), packages=inside)
    (folder / "Dockerfile").write_text(told)


def _build(folder: str, name: str) -> None:
    with client() as engine, asking(f"image {name} cannot be made"):
        engine.api.timeout = _BUILD_SECONDS
        engine.images.build(path=folder, tag=images.whole(name), rm=True, forcerm=True)
