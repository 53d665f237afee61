"""Which providers a run asks for services, in order, by the name of a choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from streamgauge.errors import choose
from streamgauge.providers import Provider
from streamgauge.providers.external import External
from streamgauge.providers.local import Local
from streamgauge.providers.shared import Shared
from streamgauge.services.endpoint import Endpoint
from streamgauge.workspace import Workspace
from streamgauge.zones import UTC

LOCAL, CONTAINERS = "local", "containers"

# Tells where a service is, once it is there.
EndpointOf = Callable[[str], Endpoint]
# The last of them gives whatever service there is.
Chain = Callable[[Workspace, EndpointOf], Sequence[Provider]]


def _local(space: Workspace, endpoint_of: EndpointOf) -> Sequence[Provider]:
    """What `services up` left running comes before our own; that is in UTC."""
    own = Local(space, endpoint_of)
    return (Shared(), own) if space.zone == UTC else (own,)


def _containers(
    space: Workspace, endpoint_of: EndpointOf, *, whole: bool = False
) -> Sequence[Provider]:
    """What there is no image of is a process of ours. A UsageError where no engine answers."""
    # Its clients cost.
    from streamgauge.providers.containers import Containers  # noqa: PLC0415

    return Containers(space, endpoint_of, whole=whole), Local(space, endpoint_of)


def _external(space: Workspace, endpoint_of: EndpointOf) -> Sequence[Provider]:
    """What no address is told of is our own: it is not to mix with what `services up` left."""
    return External(space), Local(space, endpoint_of)


PROVIDERS: Mapping[str, Chain] = {
    LOCAL: _local,
    CONTAINERS: _containers,
    External.name: _external,
}


def chosen(
    name: str, space: Workspace, endpoint_of: EndpointOf, *, whole: bool = False
) -> Sequence[Provider]:
    """Those of this name, made for a run. A UsageError where there is no such choice.

    `whole`: jobs run beside the services, which only containers can have.
    """
    if whole and name == CONTAINERS:
        return _containers(space, endpoint_of, whole=True)
    return PROVIDERS[choose("provider", name, PROVIDERS)](space, endpoint_of)
