"""Where services come from."""

from __future__ import annotations

from typing import Protocol

from streamgauge.services.service import Service


class Provider(Protocol):
    """Gives services by name; what it is called itself, records say."""

    name: str

    def service(self, name: str) -> Service | None:
        """The service, once it answers; None where this provider has none of that name."""
