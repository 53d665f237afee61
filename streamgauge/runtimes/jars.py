"""Jars by coordinates, each checked against our sha256 lock before it is used."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from streamgauge import paths
from streamgauge.errors import StreamgaugeError
from streamgauge.files import sha256, written_whole
from streamgauge.lazily import Lazily
from streamgauge.versions import Jar

if TYPE_CHECKING:
    import httpx
else:
    # Its own command line comes with it.
    httpx = Lazily("httpx")

_log = logging.getLogger(__name__)

_AT_ONCE = 6
_TRIES = 3


class FetchError(StreamgaugeError):
    """A file could not be had, or is not the file it should be."""


def folder() -> Path:
    """Where fetched jars lie, as in a Maven repository."""
    return paths.cache() / "jars"


def fetch(jars: Iterable[Jar]) -> list[Path]:
    """The jars' files, fetched where missing. A FetchError names the first that fails."""
    jars = list(jars)
    missing = sum(not (folder() / jar.path).exists() for jar in jars)
    if missing:
        _log.info("fetching %d of %d jars", missing, len(jars))
    client = httpx.Client(timeout=30, follow_redirects=True)
    with client, ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda jar: _fetch(client, jar), jars))


def verify(jars: Iterable[Jar]) -> list[str]:
    """What is wrong with fetched files; empty where all is well. Missing files are not wrong."""
    present = ((jar, folder() / jar.path) for jar in jars)
    return [
        _mismatch(path, jar.sha256, found)
        for jar, path in present
        if path.exists() and (found := sha256(path)) != jar.sha256
    ]


def _fetch(client: httpx.Client, jar: Jar) -> Path:
    """Fetch what is missing; hash what is there, for disks and people err."""
    path = folder() / jar.path
    if not path.exists():
        with written_whole(path) as temporary:
            _download(client, jar, temporary)
            _check(temporary, jar, path)
    else:
        _check(path, jar, path)
    return path


def _check(file: Path, jar: Jar, path: Path) -> None:
    """Refuse a file that differs from the lock; it goes, so that the next run can go on."""
    if (found := sha256(file)) != jar.sha256:
        file.unlink()
        raise FetchError(f"{_mismatch(path, jar.sha256, found)}; refused and removed")


def _mismatch(path: Path, wanted: str, found: str) -> str:
    return f"{path}: sha256 is {found}, the lock says {wanted}"


def _download(client: httpx.Client, jar: Jar, to: Path) -> None:
    """Try every repository a few times; the last error is the one told."""
    error = "no repository is set"
    for base in list(_repositories()) * _TRIES:
        try:
            return _stream(client, f"{base.rstrip('/')}/{jar.path}", to)
        except httpx.HTTPError as failed:
            error = str(failed).partition("\n")[0] or type(failed).__name__
    raise FetchError(f"{jar.name} could not be fetched: {error}")


def _stream(client: httpx.Client, url: str, to: Path) -> None:
    with client.stream("GET", url) as answer, to.open("wb") as file:
        answer.raise_for_status()
        for block in answer.iter_bytes(1 << 16):
            file.write(block)


def _repositories() -> Iterable[str]:
    """STREAMGAUGE_MAVEN_REPOSITORY (a mirror's URL), else jgo's default."""
    mirror = os.environ.get("STREAMGAUGE_MAVEN_REPOSITORY")
    if mirror:
        return [mirror]
    from jgo.maven import MavenContext  # noqa: PLC0415 - costs 0.3 s, and is seldom needed

    return MavenContext().remote_repos.values()
