"""The provider `local`: each service as a process of this run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from streamgauge.services import connect, kafka, metastore, mysql
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.workspace import Workspace

_log = logging.getLogger(__name__)

START: Mapping[str, Callable[..., Service]] = {
    "kafka": kafka.start,
    "mysql": mysql.start,
    "connect": connect.start,
    "metastore": metastore.start,
}
ASK: Mapping[str, Callable[[Endpoint], bool]] = {
    "kafka": kafka.answers,
    "mysql": mysql.answers,
    "connect": connect.answers,
    "metastore": metastore.answers,
}
# What a service is told the addresses of, in order.
NEEDS: Mapping[str, tuple[str, ...]] = {"connect": ("kafka", "mysql")}


class Local:
    """Starts services, which end with the workspace; `endpoint_of` tells where others are."""

    name = "local"

    def __init__(self, space: Workspace, endpoint_of: Callable[[str], Endpoint]) -> None:
        self._space = space
        self._endpoint_of = endpoint_of

    def service(self, name: str) -> Service:
        """Start the service. A StartError quotes the log of one that does not come up."""
        needed = [self._endpoint_of(need) for need in NEEDS.get(name, ())]
        _log.info("starting %s", name)
        service = START[name](self._space, *needed)
        _log.info("%s is up at %s", name, service.endpoint)
        return service
