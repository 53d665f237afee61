"""The provider `external`: Kafka, MySQL, Connect and a schema registry that are the user's own."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from streamgauge import paths
from streamgauge.files import writing
from streamgauge.providers import local
from streamgauge.providers.addresses import addresses
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.workspace import Workspace, name_of

# Of each service what tries, by a name of the run, what a run does with it.
_PROBES: Mapping[str, str] = {
    "kafka": "kafka_rights",
    "mysql": "mysql_rights",
    "connect": "connect_rights",
    "registry": "registry_rights",
}

# It may be far away: to log in by TLS takes a dozen messages there and back.
_SECONDS = 10


class External:
    """Gives what the user told the address of; nothing of it is this run's own to break.

    A UsageError where no address is told, or one cannot be read.
    """

    name = "external"

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._addresses = addresses()
        self._given: list[str] = []
        # Services are asked for side by side.
        self._once = threading.Lock()

    def service(self, name: str) -> Service | None:
        """The service, when a run may do there what it does; None where no address is told.

        A StreamgaugeError says in a line what is wrong with it.
        """
        if name not in self._addresses:
            return None
        with self._once:
            if self._space.id not in noted():
                note(self._space.id)
        at = endpoint(name, self._addresses)
        module = importlib.import_module(f"streamgauge.services.{_PROBES[name]}")
        module.probe(at, f"{name_of(self._space.id, 0)}-probe")
        self._given.append(name)
        return Service(name, at, lambda address: local.ASK[name](address, _SECONDS))

    def close(self) -> None:
        """Remove what is left of the run, such as its groups; what stays is told."""
        from streamgauge.providers import sweep  # noqa: PLC0415 - it has all clients

        given = {name: endpoint(name, self._addresses) for name in self._given}
        sweep.sweep(given, lambda left: left.run == self._space.id)


def services() -> dict[str, Endpoint]:
    """Where they are, whether they answer or not. A UsageError where no address is told."""
    told = addresses()
    return {name: endpoint(name, told) for name in told}


def endpoint(name: str, told: Mapping[str, Endpoint]) -> Endpoint:
    """One of them, with what it needs to know of the others."""
    at = told[name]
    if name == "connect":
        return replace(at, options={**_seen_by_connect(told), **at.options})
    if name == "mysql" and "ssl-ca" in at.options:
        from streamgauge.services import mysql, trust  # noqa: PLC0415 - it has a client

        store = trust.store(Path(at.options[mysql.CA]), mysql.STORE_PASSWORD)
        return replace(at, options={**at.options, mysql.STORE: str(store)})
    return at


def _seen_by_connect(told: Mapping[str, Endpoint]) -> dict[str, str]:
    """It reaches Kafka and MySQL where jobs do."""
    seen = {}
    if "kafka" in told:
        seen["schema.history.internal.kafka.bootstrap.servers"] = str(told["kafka"].for_jobs)
    if "mysql" in told:
        mysql = told["mysql"].for_jobs
        seen |= {"database.hostname": mysql.host, "database.port": str(mysql.port)}
    return seen


def note(run: str) -> None:
    """Write down that a run may have left something in services that are not ours alone."""
    file = _noted()
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as runs:
            print(run, file=runs)


def noted() -> set[str]:
    """The runs of this folder that may have left something there."""
    file = _noted()
    return set(file.read_text().split()) if file.exists() else set()


def _noted() -> Path:
    return paths.state() / "external.runs"
