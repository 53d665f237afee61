"""Build stand-ins of the official images, under their names, where no image registry is reached.

    python -m tests.images.build [LINE ...]

What is in them comes from the package registries: a Debian with Java by debootstrap, which needs
root, the jars and the server that the provider `local` has. Each keeps the
contract of the image it stands for: variables, command, ports, entry point, what its log says.
What is there already is left as it is.
Of Flink there is one of each line that is named, else of the default one.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import docker
from docker.errors import ImageNotFound

from streamgauge import versions
from streamgauge.containers import images
from streamgauge.containers.engine import client
from streamgauge.errors import StreamgaugeError
from streamgauge.runtimes import environment, jars
from streamgauge.services import mysql_server
from streamgauge.versions import Line

BASE = "streamgauge-stand-in:base"
_HERE = Path(__file__).parent
# The libraries of mysqld; a whole Java: MySQL's driver takes all charsets for granted.
_PACKAGES = "libaio1,libnuma1,openjdk-17-jre-headless"


def _jars(service: str) -> Callable[[Path], None]:
    """Its jars, all in one folder."""

    def put(folder: Path) -> None:
        for jar in jars.fetch(versions.locked(versions.service(service))):
            shutil.copy(jar, folder / jar.name)

    return put


def _mysqld(folder: Path) -> None:
    """The server's files, as they are unpacked."""
    shutil.copytree(mysql_server.server().folder, folder, dirs_exist_ok=True, symlinks=True)


def _flink(line: Line) -> Callable[[Path], None]:
    """Flink as its archive has it, which Python's package has whole."""

    def put(folder: Path) -> None:
        flink = environment.install(line).flink
        for name in ("bin", "conf", "lib", "opt", "plugins"):
            shutil.copytree(flink / name, folder / name)
        (folder / "log").mkdir()
        for script in (folder / "bin").glob("*.sh"):
            script.chmod(0o755)

    return put


# What is put into the folder `parts` beside the Dockerfile of a service.
PARTS: Mapping[str, Callable[[Path], None]] = {
    "kafka": _jars("kafka"),
    "mysql": _mysqld,
    "connect": _jars("connect"),
    "metastore": _jars("metastore"),
}


class Stand(NamedTuple):
    """A stand-in: the folder of its Dockerfile, its name, what is put into `parts` there."""

    folder: str
    image: str
    put: Callable[[Path], None]


def main(lines: Sequence[str]) -> None:
    """Build what is not there."""
    with client() as engine:
        wanted = [stand for stand in _stands(lines) if not _is_there(engine, stand.image)]
        if wanted and not _is_there(engine, BASE):
            _make_base(engine)
        for stand in wanted:
            _build(engine, stand)


def _stands(lines: Sequence[str]) -> Iterator[Stand]:
    for name, put in PARTS.items():
        yield Stand(name, images.named(name), put)
    for line in versions.chosen(lines):
        yield Stand("flink", images.named("flink", line.flink), _flink(line))


def _is_there(engine: docker.DockerClient, image: str) -> bool:
    try:
        return bool(engine.images.get(image))
    except ImageNotFound:
        return False


def _make_base(engine: docker.DockerClient) -> None:
    """A Debian with Java: one layer, which all have."""
    with tempfile.TemporaryDirectory(prefix="streamgauge-image-") as folder:
        root = Path(folder, "root")
        packed = ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", "bookworm", root]
        subprocess.run(packed, check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(root / "var" / "cache" / "apt")
        archive = Path(folder, "root.tar")
        with tarfile.open(archive, "w") as tar:
            tar.add(root, ".")
        repository, tag = BASE.split(":")
        engine.api.import_image_from_file(str(archive), repository=repository, tag=tag)


def _build(engine: docker.DockerClient, stand: Stand) -> None:
    with tempfile.TemporaryDirectory(prefix="streamgauge-image-") as folder:
        context = Path(folder, stand.folder)
        shutil.copytree(_HERE / stand.folder, context)
        (context / "parts").mkdir()
        stand.put(context / "parts")
        # Nobody is root in there, and of our cache it may be root's alone.
        for path in (each for each in context.rglob("*") if not each.is_symlink()):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        engine.images.build(path=str(context), tag=stand.image, rm=True)
    print(f"built {stand.image}", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except StreamgaugeError as error:
        sys.exit(str(error))
