"""Build stand-ins of the official images, under their names, where no image registry is reached.

    python -m tests.images.build

What is in them comes from the package registries: a Debian with Java by debootstrap, which needs
root, the jars and the server that the provider `local` has. Each keeps the
contract of the image it stands for: variables, command, ports, entry point, what its log says.
What is there already is left as it is.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import docker
from docker.errors import ImageNotFound

from streamgauge import versions
from streamgauge.containers import images
from streamgauge.containers.engine import client
from streamgauge.errors import StreamgaugeError
from streamgauge.runtimes import environment, jars
from streamgauge.services import mysql_server

BASE = "streamgauge-stand-in:base"
_HERE = Path(__file__).parent
# Of which a whole cluster can be had.
_LINE = "1.20"
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


def _flink(folder: Path) -> None:
    """Flink as its archive has it, which Python's package has whole."""
    flink = environment.install(versions.line(_LINE)).flink
    for name in ("bin", "conf", "lib", "opt", "plugins"):
        shutil.copytree(flink / name, folder / name)
    (folder / "log").mkdir()
    for script in (folder / "bin").glob("*.sh"):
        script.chmod(0o755)


# What is put into the folder `parts` beside a Dockerfile.
PARTS: Mapping[str, Callable[[Path], None]] = {
    "kafka": _jars("kafka"),
    "mysql": _mysqld,
    "connect": _jars("connect"),
    "metastore": _jars("metastore"),
    "flink": _flink,
}


def main() -> None:
    """Build what is not there."""
    with client() as engine:
        wanted = [name for name in PARTS if not _is_there(engine, _named(name))]
        if wanted and not _is_there(engine, BASE):
            _make_base(engine)
        for name in wanted:
            _build(engine, name)


def _named(name: str) -> str:
    return images.named(name, versions.line(_LINE).flink)


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


def _build(engine: docker.DockerClient, name: str) -> None:
    with tempfile.TemporaryDirectory(prefix="streamgauge-image-") as folder:
        context = Path(folder, name)
        shutil.copytree(_HERE / name, context)
        (context / "parts").mkdir()
        PARTS[name](context / "parts")
        # Nobody is root in there, and of our cache it may be root's alone.
        for path in (each for each in context.rglob("*") if not each.is_symlink()):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        engine.images.build(path=str(context), tag=_named(name), rm=True)
    print(f"built {_named(name)}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except StreamgaugeError as error:
        sys.exit(str(error))
