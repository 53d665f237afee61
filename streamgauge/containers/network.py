"""The network of a run's containers, in which they find each other by name."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from streamgauge.containers.engine import asking, client
from streamgauge.errors import StreamgaugeError


class Network:
    """A network that is there until it is stopped, which is to be after all that is in it."""

    def __init__(self, name: str, labels: Mapping[str, str]) -> None:
        self.name = name
        with client() as engine, asking(f"network {name}"):
            engine.networks.create(name, labels=dict(labels))

    def begin_stop(self) -> None:
        """Not before the containers are gone."""

    def stop(self) -> None:
        """Remove it; where that fails, whoever waits for the run's end will try again."""
        with suppress(StreamgaugeError), client() as engine, asking(f"network {self.name}"):
            engine.networks.get(self.name).remove()
