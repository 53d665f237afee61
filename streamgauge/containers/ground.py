"""What a run has on a Docker engine: a network, what is in it, and who removes what is left."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property

from streamgauge.containers import engine, owner
from streamgauge.containers.container import Container, Recipe
from streamgauge.containers.network import Network
from streamgauge.containers.reaper import Reaper
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.workspace import Workspace


class Ground:
    """Nothing is there until it is asked for. A UsageError where no engine answers."""

    def __init__(self, space: Workspace) -> None:
        try:
            engine.version()
        except StreamgaugeError as error:
            raise UsageError(f"{error}; --provider containers needs one") from None
        self.space = space
        self._labels = owner.labels(space.id, keep=space.keep)
        # What is in it is started side by side.
        self._once = threading.Lock()

    def called(self, role: str) -> str:
        """What the container of a role is called, also by others in the network."""
        return f"streamgauge-{self.space.id}-{role}"

    def start(
        self,
        role: str,
        image: str,
        port: int,
        host_port: int | None,
        environment: Mapping[str, str],
        command: Sequence[str] = (),
        volumes_from: Sequence[str] = (),
        *,
        sees: bool = False,
    ) -> Container:
        """Start a container, which ends with the run unless all is to be kept; see `Recipe`.

        `sees`: it reads what the run's tables have in folders.
        """
        with self._once:
            network = self._network
        recipe = Recipe(
            image=image,
            name=self.called(role),
            network=network,
            port=port,
            host_port=host_port,
            environment=environment,
            labels=self._labels,
            command=command,
            volumes_from=volumes_from,
            sees=self.space.data if sees else None,
        )
        container = Container(recipe, self.space.logs / f"{role}.log")
        if not self.space.keep:
            self.space.processes.append(container)
        return container

    @cached_property
    def _network(self) -> str:
        """A network of the run, made once what dead runs left is removed.

        Somebody waits for the end of this run, to remove what it leaves.
        """
        owner.sweep()
        name = f"streamgauge-{self.space.id}"
        if self.space.keep:
            return Network(name, self._labels).name
        # What comes first is stopped last.
        self.space.processes.append(Reaper(self.space))
        network = Network(name, self._labels)
        self.space.processes.append(network)
        return network.name
