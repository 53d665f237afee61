"""Where a service is and how to log in. The password never shows in a repr."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


def in_java(text: str) -> str:
    """As it stands between quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


@dataclass(frozen=True)
class Endpoint:
    """Host and port of a service as the harness sees it, with a user of our own.

    `options` is what clients set to log in, as the service's own clients name it.
    `seen_by_jobs` is HOST:PORT where jobs see the service under another address.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict, hash=False)
    seen_by_jobs: str | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def masked(self, text: str) -> str:
        """The text without the password, as it is or as it is quoted in Java and in SQL."""
        for secret in (self.password, in_java(self.password), self.password.replace("'", "''")):
            text = text.replace(secret, "******") if secret else text
        return text

    @property
    def for_jobs(self) -> Endpoint:
        """The same service as jobs see it."""
        if self.seen_by_jobs is None:
            return self
        host, _, port = self.seen_by_jobs.rpartition(":")
        return replace(self, host=host, port=int(port), seen_by_jobs=None)
