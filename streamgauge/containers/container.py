"""A container of a run: a part of a service that can be killed, paused and started again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from streamgauge.containers.engine import asking
from streamgauge.errors import StreamgaugeError
from streamgauge.processes import StartError, tail
from streamgauge.waiting import DeadlineError, wait_for

_log = logging.getLogger(__name__)

_UP = ("created", "running", "paused", "restarting")
_ASK_SECONDS = 0.1
_END_SECONDS = 10
_COMPLAINTS = (DockerException, RequestException)


@dataclass(frozen=True)
class Recipe:
    """What a container is made of, and where it is found.

    Its `port` is published on loopback alone, as `host_port`, where one is told; in its network it
    is called by its name. It has the volumes of the containers in `volumes_from` as well. The
    folder that it `sees`, by the same path, it reads as root, and cannot write.
    """

    image: str
    name: str
    network: str
    port: int
    host_port: int | None
    environment: Mapping[str, str] = field(repr=False)
    labels: Mapping[str, str]
    command: Sequence[str] = ()
    volumes_from: Sequence[str] = ()
    sees: Path | None = None


class Container:
    """A container that runs; what it writes is in `log` once it has ended, or is asked for."""

    def __init__(self, recipe: Recipe, log: Path) -> None:
        self.log = log
        self._recipe = recipe
        self._made = self._start()

    def __str__(self) -> str:
        return f"container {self._recipe.name} of image {self._made.image}"

    @property
    def alive(self) -> bool:
        """Whether it runs, paused or not. A StreamgaugeError where the engine does not tell."""
        return self._state() in _UP

    def check(self) -> None:
        """A StreamgaugeError where it has ended, or somebody has removed it."""
        if not self.alive:
            raise StreamgaugeError(f"{self} {self._ended()}{self._quote()}")

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready`; a StartError where the container ends or takes longer."""
        try:
            wait_for(
                lambda: not self.alive or ready(),
                bool,
                seconds,
                lambda _: "not ready",
                _ASK_SECONDS,
            )
        except DeadlineError as error:
            raise StartError(f"{self} is {error}{self._quote()}") from None
        if not self.alive:
            raise StartError(f"{self} {self._ended()}{self._quote()}")

    def kill(self) -> None:
        """SIGKILL to all that runs in it; nothing where it has ended."""
        self.resume()
        with asking(str(self)), suppress(APIError):
            self._there.kill()
        wait_for(lambda: self.alive, lambda up: not up, _END_SECONDS, lambda _: f"{self} runs on")

    def pause(self) -> None:
        """Stop all that runs in it where it stands."""
        with asking(str(self)):
            self._there.pause()

    def resume(self) -> None:
        """Let it go on; nothing where it was not paused."""
        with asking(str(self)):
            if self._state() == "paused":
                self._there.unpause()

    def restart(self) -> None:
        """Start it again over the same data; over none where somebody has removed it."""
        self.resume()
        try:
            with asking(str(self)):
                self._there.restart(timeout=0)
        except StreamgaugeError:
            if self._state():
                raise
            _log.warning("%s was removed, and is made anew", self)
            self._made = self._start()

    def begin_stop(self) -> None:
        """Begin to end it, once its log is written."""
        self._save_log()
        with suppress(*_COMPLAINTS):
            self._there.kill()

    def stop(self) -> None:
        """Remove it with its volumes; what cannot be removed is told."""
        try:
            with asking(str(self)), suppress(NotFound):
                self._made.stop()
        except StreamgaugeError as error:
            _log.warning("%s; it may be left there", error)
        finally:
            # It has closed its connections itself only where it has removed something.
            self._made.get_docker_client().client.close()

    def _save_log(self) -> None:
        with suppress(*_COMPLAINTS):
            self.log.write_bytes(self._there.logs())

    @property
    def _there(self) -> Any:
        return self._made.get_wrapped_container()

    def _state(self) -> str:
        """As the engine calls it; empty where somebody has removed it."""
        with asking(str(self)):
            try:
                self._there.reload()
            except NotFound:
                return ""
        return str(self._there.status)

    def _ended(self) -> str:
        """How, as the engine tells it."""
        if not self._state():
            return "was removed"
        state = self._there.attrs["State"]
        why = ", out of memory" if state["OOMKilled"] else ""
        return f"has ended, exit code {state['ExitCode']}{why}"

    def _quote(self) -> str:
        self.log.touch()
        self._save_log()
        return f". Its log, {self.log}, ends:\n{tail(self.log)}"

    def _start(self) -> DockerContainer:
        # Our reaper does what testcontainers' own does, and is no image more to be pulled.
        testcontainers_config.ryuk_disabled = True
        made = _made(self._recipe)
        with (
            asking(f"container {self._recipe.name} of image {made.image}"),
            _removed_if_broken(made),
        ):
            made.start()
        return made


def _made(recipe: Recipe) -> DockerContainer:
    """To be started: nothing is asked for yet."""
    with asking(f"container {recipe.name}"):
        made = DockerContainer(recipe.image, name=recipe.name, env=dict(recipe.environment))
    if recipe.host_port is not None:
        # Its own way to say this has no address, and would let everybody in.
        made.ports[str(recipe.port)] = ("127.0.0.1", recipe.host_port)  # type: ignore[assignment]
    if recipe.command:
        made.with_command(list(recipe.command))
    if recipe.sees:
        made.with_volume_mapping(str(recipe.sees), str(recipe.sees), "ro")
    return made.with_kwargs(
        labels=dict(recipe.labels),
        network=recipe.network,
        volumes_from=list(recipe.volumes_from),
        # What a run has is for its owner alone to read.
        user="root" if recipe.sees else None,
    )


@contextmanager
def _removed_if_broken(made: DockerContainer) -> Iterator[None]:
    """One that is made may not start: its port is taken, or there is nothing in it to run."""
    try:
        yield
    except BaseException:
        with suppress(*_COMPLAINTS):
            made.stop()
        raise
