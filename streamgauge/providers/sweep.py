"""What runs that were killed left in services that stay up: found by its name, and removed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import NamedTuple

from streamgauge import paths
from streamgauge.services import connect, kafka, metastore, mysql, registry
from streamgauge.services.endpoint import Endpoint
from streamgauge.workspace import is_dead, run_of

_log = logging.getLogger(__name__)


class _Kept(NamedTuple):
    """What a service keeps by name, of one sort: how to list it, and how to remove one."""

    service: str
    sort: str
    names: Callable[[Endpoint], Iterable[str]]
    remove: Callable[[Endpoint, str], None]


# Connectors first: they read the databases, and write to the topics.
_KEPT: Sequence[_Kept] = (
    _Kept("connect", "connector", connect.connectors, connect.remove),
    _Kept("kafka", "topic", kafka.topics, kafka.remove),
    _Kept("kafka", "group", kafka.groups, kafka.remove_group),
    _Kept("registry", "subject", registry.subjects, registry.remove),
    _Kept("mysql", "database", mysql.databases, mysql.remove),
    _Kept("metastore", "database", metastore.databases, metastore.remove),
)


class Left(NamedTuple):
    """What has a name that a run gave, in a service, and how to remove it."""

    service: str
    sort: str
    name: str
    remove: Callable[[], None]

    @property
    def run(self) -> str:
        """The id of the run."""
        return run_of(self.name) or ""


def begun(run: str) -> datetime:
    """When a run began, by its id."""
    began = run.rpartition("-")[0]
    return datetime.strptime(began, "%Y%m%d-%H%M%S").replace(tzinfo=timezone.utc)


def found(service: str, endpoint: Endpoint) -> Iterator[Left]:
    """What runs, dead or not, have in a service. Its client's error where it does not tell."""
    for kept in _KEPT:
        if kept.service == service:
            for name in filter(run_of, kept.names(endpoint)):
                yield Left(service, kept.sort, name, _removal(kept, endpoint, name))


def _removal(kept: _Kept, endpoint: Endpoint, name: str) -> Callable[[], None]:
    return lambda: kept.remove(endpoint, name)


def of_dead(left: Left) -> bool:
    """Whether its run is no more."""
    return of_dead_run(left.name)


def sweep(services: Mapping[str, Endpoint], wanted: Callable[[Left], bool] = of_dead) -> None:
    """Remove what dead runs of this project left; what cannot be removed is told, and stays.

    Or what else is `wanted`.
    """
    for service in dict.fromkeys(kept.service for kept in _KEPT):
        if service in services:
            with _told(service):
                for left in found(service, services[service]):
                    if wanted(left):
                        with _told(service):
                            left.remove()


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Another run may be at it as well, and no run has to fail for what others left."""
    try:
        yield
    except Exception as error:
        _log.warning("%s: not all that runs left is removed: %s", name, error)


def of_dead_run(name: str) -> bool:
    """Whether the name is one that a run gave which is no more; no other pattern is ours."""
    run = run_of(name)
    return run is not None and is_dead(paths.state() / "runs" / run)
