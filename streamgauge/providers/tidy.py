"""`services tidy`: what dead runs left, also in services that other folders and machines use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from streamgauge import paths
from streamgauge.providers import external, shared, sweep
from streamgauge.providers.chosen import CONTAINERS
from streamgauge.providers.sweep import Left
from streamgauge.services.endpoint import Endpoint
from streamgauge.workspace import is_dead

_WRONG = "not removed: "
_LIVES = "of a run that lives"


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
    return {name: service.endpoint for name, service in shared.services().items()}


def tidied(provider: str, older: timedelta | None, *, dry: bool) -> Iterator[Tidied]:
    """Remove what runs left that are no more; where it is `dry`, tell it alone.

    What runs of other folders and machines have is left alone, for nobody here knows whether they
    live, unless they began `older` ago.
    """
    if provider == CONTAINERS:
        yield from _in_containers(older, dry=dry)
        return
    ours = external.noted() if provider == external.External.name else None
    for name, endpoint in services(provider).items():
        try:
            for left in list(sweep.found(name, endpoint)):
                kept = _kept(left, ours, older)
                state = _state(kept, left.remove, endpoint.masked, dry=dry)
                yield Tidied(left.service, left.sort, left.name, state)
        except Exception as error:
            yield Tidied(name, "", str(endpoint), _wrong(error, endpoint.masked))


def _in_containers(older: timedelta | None, *, dry: bool) -> Iterator[Tidied]:
    """Containers themselves, of this folder's runs alone: others are not told apart by labels."""
    from streamgauge.containers import engine, owner  # noqa: PLC0415 - clients cost

    with engine.client() as docker:
        for thing in owner.things(docker):
            kept = _up(thing.run, older, kept=thing.kept)
            state = _state(kept, thing.remove, str, dry=dry)
            yield Tidied(CONTAINERS, thing.sort, thing.name, state)


def _up(run: str, older: timedelta | None, *, kept: bool) -> str:
    """Why a container stays; "" where it may go."""
    if not is_dead(paths.state() / "runs" / run):
        return _LIVES
    return "" if not kept or _long_ago(run, older) else "kept: --older-than HOURS removes it"


def _kept(left: Left, ours: set[str] | None, older: timedelta | None) -> str:
    """Why it stays; "" where it may go. `ours` are this folder's runs, if there are others."""
    if not sweep.of_dead(left):
        return _LIVES
    if ours is None or left.run in ours:
        return ""
    if _long_ago(left.run, older):
        return ""
    return "of another folder's run: --older-than HOURS removes it"


def _long_ago(run: str, older: timedelta | None) -> bool:
    return older is not None and datetime.now(timezone.utc) - sweep.begun(run) >= older


def _state(kept: str, remove: Callable[[], None], mask: Callable[[str], str], *, dry: bool) -> str:
    """What becomes of a thing: why it is `kept`, else that it is removed."""
    if kept or dry:
        return kept or "to be removed"
    try:
        remove()
    except Exception as error:
        return _wrong(error, mask)
    return "removed"


def _wrong(error: Exception, mask: Callable[[str], str]) -> str:
    told = " ".join(str(error).split()) or type(error).__name__
    return f"{_WRONG}{mask(told)}"
