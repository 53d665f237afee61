"""What runs that were killed left in services that stay up: found by its name, and removed."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from streamgauge import paths
from streamgauge.services import connect, kafka, metastore, mysql
from streamgauge.services.endpoint import Endpoint
from streamgauge.workspace import is_dead

_log = logging.getLogger(__name__)

# A name that Harness.unique_name gave, alone or with what a table adds to it.
_OURS = re.compile(r"sg_(\d{8})_(\d{6})_([0-9a-f]{6})_\d+([-._].*)?")


class _Kept(NamedTuple):
    """What a service keeps by name, of one sort: how to list it, and how to remove one."""

    service: str
    names: Callable[[Endpoint], Iterable[str]]
    remove: Callable[[Endpoint, str], None]


# Connectors first: they read the databases, and write to the topics.
_KEPT: Sequence[_Kept] = (
    _Kept("connect", connect.connectors, connect.remove),
    _Kept("kafka", kafka.topics, kafka.remove),
    _Kept("kafka", kafka.groups, kafka.remove_group),
    _Kept("mysql", mysql.databases, mysql.remove),
    _Kept("metastore", metastore.databases, metastore.remove),
)


def sweep(services: Mapping[str, Endpoint]) -> None:
    """Remove what dead runs of this project left; what cannot be removed is told, and stays."""
    for kept in _KEPT:
        if kept.service in services:
            _sweep(kept, services[kept.service])


def _sweep(kept: _Kept, endpoint: Endpoint) -> None:
    with _told(kept.service):
        for left in filter(of_dead_run, kept.names(endpoint)):
            with _told(kept.service):
                kept.remove(endpoint, left)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Another run may be at it as well, and no run has to fail for what others left."""
    try:
        yield
    except Exception as error:
        _log.warning("%s: not all that dead runs left is removed: %s", name, error)


def of_dead_run(name: str) -> bool:
    """Whether the name is one that a run gave which is no more; no other pattern is ours."""
    ours = _OURS.fullmatch(name)
    return ours is not None and is_dead(paths.state() / "runs" / "-".join(ours.groups()[:3]))
