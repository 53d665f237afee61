"""The provider `local`: each service as a process of ours."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from streamgauge.services import connect, kafka, metastore, mysql
from streamgauge.services.endpoint import Endpoint
from streamgauge.workspace import Workspace

_log = logging.getLogger(__name__)

START: Mapping[str, Callable[..., Endpoint]] = {
    "kafka": kafka.start,
    "mysql": mysql.start,
    "connect": connect.start,
    "metastore": metastore.start,
}
# What a service is told the addresses of, in order.
NEEDS: Mapping[str, tuple[str, ...]] = {"connect": ("kafka", "mysql")}


def start(name: str, space: Workspace, address_of: Callable[[str], Endpoint]) -> Endpoint:
    """Start the service `name`; it ends with the workspace."""
    needed = [address_of(need) for need in NEEDS.get(name, ())]
    _log.info("starting %s", name)
    address = START[name](space, *needed)
    _log.info("%s is up at %s", name, address)
    return address
