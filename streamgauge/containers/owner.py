"""Whose containers are whose: told by their labels, and removed when their run is no more."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from docker import DockerClient
from docker.errors import APIError, NotFound

from streamgauge import paths
from streamgauge.containers.engine import asking, client
from streamgauge.errors import StreamgaugeError
from streamgauge.workspace import is_dead, name_of, run_of

_log = logging.getLogger(__name__)

# An engine may serve several machines, users and projects: whose state folder it is.
_PROJECT, _RUN, KEPT = "streamgauge.project", "streamgauge.run", "streamgauge.kept"


class Thing(NamedTuple):
    """A container or a network that a run has, or had; `kept`: it was to stay up.

    To remove it is a StreamgaugeError where that fails.
    """

    sort: str
    name: str
    run: str
    kept: bool
    remove: Callable[[], None]


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


def things(engine: DockerClient) -> list[Thing]:
    """What runs of this project have there, networks after what is in them.

    A StreamgaugeError where the engine does not tell.
    """
    ours = {"label": f"{_PROJECT}={_project()}"}
    with asking("containers of this project"):
        containers = engine.containers.list(all=True, filters=ours, ignore_removed=True)
        networks = engine.networks.list(filters=ours)
    found = [
        *(
            _thing("container", c.name, c.labels, partial(c.remove, force=True, v=True))
            for c in containers
        ),
        *(_thing("network", n.name, n.attrs["Labels"], n.remove) for n in networks),
    ]
    # A run's name is that of a folder, and no way to another place.
    return [each for each in found if run_of(name_of(each.run, 0)) == each.run]


def _thing(sort: str, name: str, told: Mapping[str, str], remove: Callable[[], None]) -> Thing:
    def removing() -> None:
        with asking(f"{sort} {name}"), _gone_anyway():
            remove()

    return Thing(sort, name, told.get(_RUN, ""), KEPT in told, removing)


def _remove(engine: DockerClient, whose: Callable[[str], bool]) -> int:
    left = [each for each in things(engine) if not each.kept and whose(each.run)]
    for each in left:
        each.remove()
    return len(left)


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
