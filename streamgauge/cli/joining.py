"""`--cluster remote --rest URL`: a cluster of somebody's own; `--cluster containers`."""

from __future__ import annotations

import os
from collections.abc import Sequence

import typer

from streamgauge.clusters import remote
from streamgauge.clusters.access import access
from streamgauge.clusters.remote import RemoteCluster
from streamgauge.errors import UsageError, choose
from streamgauge.providers.chosen import CONTAINERS
from streamgauge.versions import Line

SESSION, REMOTE, _ = CLUSTERS = ("session", "remote", CONTAINERS)
CLUSTER = typer.Option(
    SESSION,
    help="Where jobs run: session, which is ours, containers beside services, or yours, remote.",
)
REST = typer.Option(None, help="Of a remote cluster the REST interface: http://HOST:PORT.")
SHIPS = typer.Option(
    False, "--ship-environment", help="Send the line's own Python there with each job that has any."
)


def joined(
    cluster: str, rest: str | None, lines: Sequence[Line], tasks: int = 1, *, ships: bool = False
) -> RemoteCluster | None:
    """The remote cluster, if that is asked for; it answers, is of the line, has so many slots free.

    One line says what of that is not so.
    """
    choose("cluster", cluster, CLUSTERS)
    if (cluster == REMOTE) != (rest is not None):
        raise UsageError("--cluster remote and --rest URL go together")
    if rest is None and ships:
        raise UsageError("--ship-environment: ours has it, so it goes with --cluster remote")
    if rest is None:
        return None
    if lines[1:]:
        raise UsageError("--cluster remote: a cluster is of one Flink line, so name one --flink")
    found = remote.join(access(rest, os.environ, ships=ships), lines[0])
    found.rest.close()
    if tasks > found.slots:
        raise UsageError(
            f"--parallelism {tasks}: the cluster at {found.rest.url} has {found.slots} free slots"
        )
    return found


def whole(cluster: str, provider: str) -> bool:
    """Whether the cluster is in containers. A UsageError where services are not beside it."""
    if cluster == CONTAINERS and provider != CONTAINERS:
        raise UsageError(
            f"--cluster {CONTAINERS}: services are beside it, so with --provider {CONTAINERS} alone"
        )
    return cluster == CONTAINERS
