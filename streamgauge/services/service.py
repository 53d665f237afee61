"""A service that is up: where it is, and what can be done to it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from streamgauge.errors import StreamgaugeError
from streamgauge.services.endpoint import Endpoint
from streamgauge.waiting import wait_for

_log = logging.getLogger(__name__)

START_SECONDS = 60
# To ask a service that does not answer takes its time.
_ASK_SECONDS = 0.2


class Part(Protocol):
    """What of a service can be broken and mended: a process, or a container."""

    @property
    def alive(self) -> bool:
        """Whether it runs, paused or not."""

    def check(self) -> None:
        """A StreamgaugeError, with its log, where it has ended."""

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready`; a StartError, with its log, where it ends or takes longer."""

    def kill(self) -> None:
        """SIGKILL it, and all that it started."""

    def pause(self) -> None:
        """Stop it where it stands."""

    def resume(self) -> None:
        """Let it go on."""

    def restart(self) -> None:
        """Start it again over the same data, at the same port."""


@dataclass(frozen=True)
class Service:
    """A service, and its process or container where that is this run's own.

    What others use too has no process here: to kill, pause or restart it is a
    StreamgaugeError.
    """

    name: str
    endpoint: Endpoint
    ask: Callable[[Endpoint], bool]
    process: Part | None = None

    def answers(self) -> bool:
        """Whether it does what clients ask of it, now."""
        return self.ask(self.endpoint)

    @property
    def alive(self) -> bool:
        """Whether its process runs, paused or not."""
        return self._own().alive

    def check(self) -> None:
        """A StreamgaugeError where it is our own, and has ended."""
        if self.process is not None:
            self.process.check()

    def wait(self) -> None:
        """Wait until it answers: who holds it starts it again where it died.

        A StreamgaugeError where it takes too long; it quotes the log of our own.
        """
        if self.process is not None:
            self.process.wait_until(self.answers, START_SECONDS)
        else:
            told = f"{self.name} at {self.endpoint} does not answer"
            wait_for(self.answers, bool, START_SECONDS, lambda _: told, _ASK_SECONDS)

    def revive(self) -> None:
        """Make sure that it is there for whoever needs it next, should it have died meanwhile."""
        if self.process is None:
            self.wait()
        elif not self.alive:
            _log.warning("%s has died, and is started again", self.name)
            self.restart()

    def kill(self) -> None:
        """End it as a crash does: SIGKILL."""
        self._own().kill()

    def pause(self) -> None:
        """Stop it where it stands: connections stay open, and nobody answers."""
        self._own().pause()

    def resume(self) -> None:
        """Let it go on after a pause."""
        self._own().resume()

    def restart(self) -> None:
        """Start it again, at the same port over the same data, and wait until it answers."""
        self._own().restart()
        self.wait()

    def _own(self) -> Part:
        if self.process is None:
            raise StreamgaugeError(f"{self.name} at {self.endpoint} is not this run's own to break")
        return self.process
