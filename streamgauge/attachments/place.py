"""What one run of one cell may use: a name of its own, a folder, the services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from streamgauge.services.endpoint import Endpoint
from streamgauge.zones import UTC

# What a topic that is a sink gets of a row where a job goes back to a checkpoint: it may come
# again, or it comes in a transaction, which is committed with the next checkpoint.
AT_LEAST_ONCE, EXACTLY_ONCE = DELIVERIES = ("at-least-once", "exactly-once")


@dataclass(frozen=True)
class Place:
    """Where a binding puts things. `name` is good for topics and databases.

    `partitions`: to how many of a source's topic rows go; `idle` more stay empty. `ends`: input
    has an end, in streaming too. `delivery`: of DELIVERIES, that of topics which are sinks.
    `zone`: that of the job's session, of the JVMs and of MySQL.
    """

    name: str
    mode: str
    folder: Path
    services: Mapping[str, Endpoint]
    partitions: int = 1
    idle: int = 0
    ends: bool = False
    delivery: str = AT_LEAST_ONCE
    zone: str = UTC
