"""The provider `local`: each service as a process of this run."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping
from typing import Any

from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.workspace import Workspace

_log = logging.getLogger(__name__)

# What few runs need is not left up.
SELDOM = ("registry",)
_NAMES = ("kafka", "mysql", "connect", "metastore", *SELDOM)


def _later(name: str, function: str) -> Callable[..., Any]:
    """A function of a service's module, which is imported when it is called: clients cost."""

    def call(*arguments: object) -> Any:
        module = importlib.import_module(f"streamgauge.services.{name}")
        return getattr(module, function)(*arguments)

    return call


START: Mapping[str, Callable[..., Service]] = {name: _later(name, "start") for name in _NAMES}
ASK: Mapping[str, Callable[..., bool]] = {name: _later(name, "answers") for name in _NAMES}
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
