"""The provider `shared`: services that stay up between runs: `services up`, `down`, `status`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from functools import cached_property

from streamgauge.errors import StreamgaugeError
from streamgauge.files import read_json
from streamgauge.providers import local
from streamgauge.providers.held import Held
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service

_log = logging.getLogger(__name__)

SERVICES = Held("services", "streamgauge.providers.holder")


class Shared:
    """Gives what `services up` left running, rid of what dead runs left in it."""

    name = "shared"

    def __init__(self) -> None:
        # Services are asked for side by side.
        self._once = threading.Lock()

    def service(self, name: str) -> Service | None:
        """The service, once it answers: one that others use too, and not this run's to break.

        None where none are up, or where it cannot be told which are.
        """
        with self._once:
            there = name in self._swept
        return answering(name) if there else None

    @cached_property
    def _swept(self) -> Mapping[str, Service]:
        try:
            found = services()
        except StreamgaugeError as error:
            _log.warning("%s; meanwhile this run starts its own", error)
            return {}
        if found:
            from streamgauge.providers import sweep  # noqa: PLC0415 - it has all clients

            sweep.sweep({name: service.endpoint for name, service in found.items()})
        return found


def services() -> dict[str, Service]:
    """What `services up` left, by name, whether it answers or not; empty where nothing is up.

    A StreamgaugeError where something is up, and what tells of it is damaged.
    """
    if not SERVICES.is_held:
        return {}
    try:
        told = read_json(SERVICES.state_file)
        found = {name: Endpoint(**endpoint) for name, endpoint in told.items()}
        return {name: Service(name, at, local.ASK[name]) for name, at in found.items()}
    except FileNotFoundError:
        # They are starting, or ending.
        return {}
    except (StreamgaugeError, AttributeError, KeyError, TypeError):
        raise StreamgaugeError(
            f"{SERVICES.state_file} is damaged: `streamgauge services down`, then `up`, mends it"
        ) from None


def answering(name: str) -> Service | None:
    """The service, if it was left up, once it answers: its holder restarts one that died."""
    found = services().get(name)
    if found is not None:
        found.wait()
    return found


def up() -> dict[str, Service]:
    """All services, once they answer; started, unless they are, by a process that stays.

    A StreamgaugeError quotes the log where they do not come up.
    """

    def answer() -> bool:
        return bool(found := services()) and all(service.answers() for service in found.values())

    SERVICES.up(answer)
    return services()


def down() -> bool:
    """End the services; returns whether any were up."""
    return SERVICES.down()
