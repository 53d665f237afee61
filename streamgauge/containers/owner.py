"""Whose containers are whose: told by their labels, and removed when their run is no more."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from docker import DockerClient
from docker.errors import APIError, NotFound

from streamgauge import paths
from streamgauge.containers.engine import asking, client
from streamgauge.errors import StreamgaugeError
from streamgauge.workspace import is_dead

_log = logging.getLogger(__name__)

# An engine may serve several machines, users and projects: whose state folder it is.
_PROJECT, _RUN, KEPT = "streamgauge.project", "streamgauge.run", "streamgauge.kept"


def labels(run: str, *, keep: bool = False) -> dict[str, str]:
    """What a container of a run carries; what is to be kept is nobody's to remove."""
    return {_PROJECT: _project(), _RUN: run, **({KEPT: "yes"} if keep else {})}


def remove(run: str) -> int:
    """Remove all of a run, and return how many things. A StreamgaugeError where that fails."""
    with client() as engine:
        return _remove(engine, lambda other: other == run)


def sweep() -> None:
    """Remove what dead runs of this project left; what cannot be removed is told, and stays."""
    try:
        with client() as engine:
            _remove(engine, lambda run: is_dead(paths.state() / "runs" / run))
    except StreamgaugeError as error:
        _log.warning("not all that dead runs left is removed: %s", error)


def _project() -> str:
    return f"{platform.node()}:{os.getuid()}:{paths.state()}"


def _remove(engine: DockerClient, whose: Callable[[str], bool]) -> int:
    ours = {"label": f"{_PROJECT}={_project()}"}
    with asking("containers of this project"):
        found = engine.containers.list(all=True, filters=ours, ignore_removed=True)
        networks = engine.networks.list(filters=ours)
    left = [each for each in found if _is(each.labels, whose)]
    for container in left:
        with asking(f"container {container.name}"), _gone_anyway():
            container.remove(force=True, v=True)
    unused = [each for each in networks if _is(each.attrs["Labels"], whose)]
    for network in unused:
        with asking(f"network {network.name}"), _gone_anyway():
            network.remove()
    return len(left) + len(unused)


def _is(told: Mapping[str, str], whose: Callable[[str], bool]) -> bool:
    """A run's name is that of a folder, and no way to another place."""
    run = told.get(_RUN, "")
    return KEPT not in told and run == Path(run).name and whose(run)


@contextmanager
def _gone_anyway() -> Iterator[None]:
    """Somebody else may be at it as well."""
    try:
        yield
    except NotFound:
        pass
    except APIError as error:
        if "already in progress" not in str(error.explanation):
            raise
