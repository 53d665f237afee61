"""What a run has on a Docker engine: a network, what is in it, and who removes what is left."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property

from streamgauge.containers import engine, owner
from streamgauge.containers.container import Container, Recipe
from streamgauge.containers.reaper import Reaper
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.workspace import Workspace

_log = logging.getLogger(__name__)


class Ground:
    """Nothing is there until it is asked for, and after the run's end, unless all is to be kept.

    A UsageError where no engine answers.
    """

    def __init__(self, space: Workspace) -> None:
        try:
            engine.version()
        except StreamgaugeError as error:
            raise UsageError(f"{error}; --provider containers needs one") from None
        self.space = space
        self._labels = owner.labels(space.id, keep=space.keep)
        self._reaper: Reaper | None = None
        self._there: list[Container] = []
        # They are started side by side, also as the run ends.
        self._once = threading.Lock()
        self._changed = threading.Condition()
        self._making, self._over = 0, False
        if not space.keep:
            space.processes.append(self)

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
        """Start a container; see `Recipe`. A StreamgaugeError where the run has ended meanwhile.

        `sees`: it reads what the run's tables have in folders.
        """
        with self._begun():
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
            self._there.append(container)
        return container

    def begin_stop(self) -> None:
        """Start no more, and begin to end those that are there."""
        with self._changed:
            self._over = True
        for each in reversed(self._there):
            each.begin_stop()

    def stop(self) -> None:
        """Remove them, also those that were still being made, and the network.

        Where that fails, who waits for the run's end tries again.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._making)
        for each in reversed(self._there):
            each.stop()
        if self._reaper is not None:
            try:
                owner.remove(self.space.id)
            except StreamgaugeError as error:
                _log.warning("%s; it may be left there", error)
            else:
                self._reaper.stop()

    @contextmanager
    def _begun(self) -> Iterator[None]:
        """The body makes something, which the end waits for."""
        with self._changed:
            if self._over:
                raise StreamgaugeError(f"run {self.space.id} has ended: no container is started")
            self._making += 1
        try:
            yield
        finally:
            with self._changed:
                self._making -= 1
                self._changed.notify_all()

    @cached_property
    def _network(self) -> str:
        """A network of the run, made once what dead runs left is removed.

        Somebody waits for the end of this run, to remove what it leaves.
        """
        owner.sweep()
        name = f"streamgauge-{self.space.id}"
        if not self.space.keep:
            self._reaper = Reaper(self.space)
        with engine.client() as docker, engine.asking(f"network {name}"):
            docker.networks.create(name, labels=self._labels)
        return name
