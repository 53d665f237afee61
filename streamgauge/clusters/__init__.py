"""Where jobs run, and Flink's REST interface to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from streamgauge.clusters.rest import Rest
from streamgauge.processes import Process


class Cluster(Protocol):
    """A running Flink cluster; nobody above knows where it is."""

    @property
    def rest(self) -> Rest:
        """Flink's REST interface to it."""

    @property
    def parts(self) -> Mapping[str, Process]:
        """What can be killed, paused and started again, by its role."""

    @property
    def alive(self) -> bool:
        """Whether no part of it has died."""

    def check(self) -> None:
        """A StreamgaugeError where a part of it has died."""

    def settings(self) -> Mapping[str, str]:
        """What sends a job to it."""

    def savepoints(self, name: str, /) -> str:
        """The URI under which savepoints of this name go."""

    def discard(self, name: str, made: Sequence[str], /) -> None:
        """Remove the savepoints of this name, if there are any; those that were `made` by URI."""

    def stop(self) -> None:
        """End it; returns when it is gone."""
