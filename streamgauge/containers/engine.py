"""The Docker engine: whether one answers, and what it complains of, in one line."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import docker
from docker.errors import APIError, BuildError, DockerException
from requests.exceptions import RequestException
from testcontainers.core.docker_client import get_docker_host

from streamgauge.errors import StreamgaugeError

_USUAL = "unix:///var/run/docker.sock"
_ASK_SECONDS = 60


def address() -> str:
    """Where the engine is looked for: DOCKER_HOST's, the context's, else the usual socket."""
    return os.environ.get("DOCKER_HOST") or get_docker_host() or _USUAL


@contextmanager
def asking(what: str) -> Iterator[None]:
    """What the engine, or the way to it, complains of in the body, as a StreamgaugeError."""
    try:
        yield
    except APIError as error:
        raise StreamgaugeError(f"{what}: {_one_line(error.explanation or error)}") from None
    except BuildError as error:
        raise StreamgaugeError(f"{what}: {_one_line(error)}") from None
    except (DockerException, RequestException) as error:
        raise StreamgaugeError(
            f"{what}: the Docker engine at {address()} does not answer: {_cause(error)}"
        ) from None


@contextmanager
def client() -> Iterator[docker.DockerClient]:
    """A client of an engine that answers. A StreamgaugeError where none does."""
    try:
        _knock(address())
        found = docker.DockerClient(base_url=address(), timeout=_ASK_SECONDS)
    except (DockerException, RequestException, OSError) as error:
        raise StreamgaugeError(
            f"no Docker engine answers at {address()}: {_cause(error)}"
        ) from None
    with closing(found):
        yield found


def _knock(where: str) -> None:
    """An OSError where nobody listens on a socket: the client would leave its own end open."""
    kind, _, path = where.partition("://")
    if kind == "unix":
        with socket.socket(socket.AF_UNIX) as knocking:
            knocking.settimeout(_ASK_SECONDS)
            knocking.connect(path)


def version() -> str:
    """The engine's version. A StreamgaugeError where none answers."""
    with client() as engine, asking("its version"):
        return str(engine.version()["Version"])


def _one_line(text: object) -> str:
    return " ".join(str(text).split())


def _cause(error: BaseException) -> str:
    """The system's reason in what is told of it, which wraps it three times; else all of it."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror
        inner = next((part for part in inner.args if isinstance(part, BaseException)), None) or (
            inner.__cause__ or inner.__context__
        )
    return _one_line(error)
