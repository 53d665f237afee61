"""The provider `local`: each service as a process of ours."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from streamgauge.services import kafka, mysql
from streamgauge.services.address import Address
from streamgauge.workspace import Workspace

_log = logging.getLogger(__name__)

START: Mapping[str, Callable[[Workspace], Address]] = {"kafka": kafka.start, "mysql": mysql.start}


def start(name: str, space: Workspace) -> Address:
    """Start the service `name`; it ends with the workspace."""
    _log.info("starting %s", name)
    address = START[name](space)
    _log.info("%s is up at %s", name, address)
    return address
