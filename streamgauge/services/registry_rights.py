"""Whether somebody else's schema registry lets a run do what it does."""

from __future__ import annotations

from streamgauge.errors import StreamgaugeError
from streamgauge.services import registry
from streamgauge.services.endpoint import Endpoint


def probe(address: Endpoint, name: str) -> None:
    """Register a schema under a name of the run, read it, and delete it.

    A StreamgaugeError where the registry does not answer, or refuses.
    """
    number = registry.register(address, name, "string")
    if registry.schema(address, number) != "string":
        raise StreamgaugeError(f"schema registry at {address}: another schema comes than went")
    registry.drop(address, name)
