"""The provider `local`: each service as a process of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from streamgauge.services import kafka, mysql
from streamgauge.services.address import Address
from streamgauge.workspace import Workspace

START: Mapping[str, Callable[[Workspace], Address]] = {"kafka": kafka.start, "mysql": mysql.start}


def start(name: str, space: Workspace) -> Address:
    """Start the service `name`; it ends with the workspace."""
    return START[name](space)
