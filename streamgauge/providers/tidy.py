"""`services tidy`: what dead runs left, also in services that other folders and machines use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from streamgauge.errors import UsageError
from streamgauge.providers import external, shared, sweep
from streamgauge.providers.chosen import LOCAL
from streamgauge.providers.sweep import Left
from streamgauge.services.endpoint import Endpoint

_WRONG = "not removed: "


class Tidied(NamedTuple):
    """What a run has, or had, in a service, and what became of it."""

    service: str
    sort: str
    name: str
    state: str

    @property
    def failed(self) -> bool:
        """Whether it should not be there, and is."""
        return self.state.startswith(_WRONG)


def services(provider: str) -> Mapping[str, Endpoint]:
    """Where a provider's services are that stay between runs. A UsageError for no address."""
    if provider == external.External.name:
        return external.services()
    if provider != LOCAL:
        raise UsageError(f"services tidy: what a run makes in {provider} ends with it")
    return {name: service.endpoint for name, service in shared.services().items()}


def tidied(provider: str, older: timedelta | None, *, dry: bool) -> Iterator[Tidied]:
    """Remove what runs left that are no more; where it is `dry`, tell it alone.

    What runs of other folders and machines have is left alone, for nobody here knows whether they
    live, unless they began `older` ago.
    """
    ours = external.noted() if provider == external.External.name else None
    for name, endpoint in services(provider).items():
        try:
            for left in list(sweep.found(name, endpoint)):
                kept = _kept(left, ours, older)
                state = kept or ("to be removed" if dry else _removed(left, endpoint))
                yield Tidied(left.service, left.sort, left.name, state)
        except Exception as error:
            yield Tidied(name, "", str(endpoint), f"{_WRONG}{_line(endpoint, error)}")


def _kept(left: Left, ours: set[str] | None, older: timedelta | None) -> str:
    """Why it stays; "" where it may go. `ours` are this folder's runs, if there are others."""
    if not sweep.of_dead(left):
        return "of a run that lives"
    if ours is None or left.run in ours:
        return ""
    if older is not None and datetime.now(timezone.utc) - left.begun >= older:
        return ""
    return "of another folder's run: --older-than HOURS removes it"


def _removed(left: Left, endpoint: Endpoint) -> str:
    try:
        left.remove()
    except Exception as error:
        return f"{_WRONG}{_line(endpoint, error)}"
    return "removed"


def _line(endpoint: Endpoint, error: Exception) -> str:
    told = " ".join(str(error).split()) or type(error).__name__
    return endpoint.masked(told)
