"""Where services come from."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from streamgauge.clusters.remote import RemoteCluster
from streamgauge.services.service import Service
from streamgauge.versions import Line


class Provider(Protocol):
    """Gives services by name; what it is called itself, records say."""

    name: str

    def service(self, name: str) -> Service | None:
        """The service, once it answers; None where this provider has none of that name."""


@runtime_checkable
class Tidies(Protocol):
    """A provider whose services stay, and are to be rid of what the run made there at its end."""

    def close(self) -> None:
        """Remove what the run left."""


@runtime_checkable
class Hosts(Protocol):
    """A provider that can have a whole cluster beside its services."""

    def cluster(self, line: Line) -> RemoteCluster:
        """The cluster, started, once its slots are there."""
