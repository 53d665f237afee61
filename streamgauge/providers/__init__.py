"""Where services come from."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from streamgauge.services.service import Service


class Provider(Protocol):
    """Gives services by name; what it is called itself, records say."""

    name: str

    def service(self, name: str) -> Service | None:
        """The service, once it answers; None where this provider has none of that name."""


@runtime_checkable
class Tidies(Protocol):
    """A provider whose services stay, and are to be rid of what the run made there at its end."""

    def close(self) -> None:
        """Remove what the run left."""
