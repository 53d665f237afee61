"""The engine that `up` left: starting it, using it where it is what is needed, ending it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from streamgauge.bindings import AVRO, KINDS
from streamgauge.clusters.rest import Rest
from streamgauge.clusters.session import SLOTS, SessionCluster
from streamgauge.engine import Engine
from streamgauge.errors import StreamgaugeError
from streamgauge.files import read_json
from streamgauge.kept.line import REFUSALS, call
from streamgauge.kept.line import Line as Way
from streamgauge.kept.made import Made, made_of, unfit
from streamgauge.providers.held import Held, taken
from streamgauge.runtimes import jars
from streamgauge.runtimes.environment import Environment
from streamgauge.runtimes.runtime import Runtime
from streamgauge.versions import Line
from streamgauge.waiting import DeadlineError, wait_for
from streamgauge.worker.client import Worker
from streamgauge.workspace import held
from streamgauge.zones import UTC

_log = logging.getLogger(__name__)

ENGINE = Held("engine", "streamgauge.kept.holder")
# Whatever a run may need.
CONNECTORS = frozenset(name for kind in KINDS.values() for name in (*kind.connectors, AVRO))
# Slots are free a moment after a job has ended; whoever looks at a lock has it for a moment.
_FREE_SECONDS = 3
_LOCK_SECONDS = 0.3


class UnfitError(StreamgaugeError):
    """The engine that is up is not to be used; the message goes on from that."""


@dataclass(frozen=True)
class Told:
    """What the holder tells of its engine, and how to get to it."""

    made: Made
    java: str
    home: str
    url: str
    logs: str
    port: int
    key: str


class State(NamedTuple):
    """An engine that is up, or should be, for `status`."""

    line: str
    url: str
    state: str


def take(line: Line, connectors: Iterable[str], zone: str = UTC) -> Engine | None:
    """The engine that is up, in this zone, for this run alone until it is closed.

    None where there is none; where one does not do, that is told.
    """
    try:
        return _take(line, frozenset(connectors), zone) if _left() else None
    except UnfitError as reason:
        _log.warning("the engine that `up` left %s; this run starts its own", reason)
        return None


def up(line: Line) -> Told:
    """An engine of the line that stays up, once it is; one that is not the same is replaced.

    A StreamgaugeError where a run uses that one, or quotes the log where none comes up.
    """
    wanted = made_of(line, CONNECTORS)
    found = _up(line)
    if reason := unfit(found.made, wanted):
        if held(_use_file()):
            raise StreamgaugeError(f"the engine that is up {reason}, and a run is using it")
        _log.info("the engine that was up %s: it is replaced", reason)
        down()
        found = _up(line)
    return found


def _up(line: Line) -> Told:
    ENGINE.up(lambda: ENGINE.is_held and ENGINE.state_file.exists(), line.name)
    return told()


def down() -> bool:
    """End the engine; returns whether one was up."""
    return ENGINE.down()


def status() -> list[State]:
    """The engine, if one is up or should be."""
    if not _left():
        return []
    try:
        found = told()
    except UnfitError as reason:
        return [State("", "", str(reason))]
    return [State(found.made.line, found.url, "in use" if held(_use_file()) else "up")]


def told() -> Told:
    """What the holder tells. An UnfitError where it has died, or has nothing to tell yet."""
    if not ENGINE.is_held:
        raise UnfitError(f"has died (its log: {ENGINE.log_file}): `up` starts it again")
    try:
        found = read_json(ENGINE.state_file)
        made = found.pop("made")
        return Told(Made(**{**made, "jars": tuple(made["jars"])}), **found)
    except FileNotFoundError:
        raise UnfitError("is starting, or ending") from None
    except (StreamgaugeError, AttributeError, KeyError, TypeError):
        raise UnfitError(f"is not known: {ENGINE.state_file} is damaged; `down` mends it") from None


def _left() -> bool:
    """Whether `up` left one, be it alive or not."""
    return ENGINE.is_held or ENGINE.state_file.exists()


def _use_file() -> Path:
    """Locked by the run that uses the engine."""
    return ENGINE.lock_file.with_name("engine.use")


def _take(line: Line, connectors: frozenset[str], zone: str) -> Engine:
    found = told()
    wanted = made_of(line, connectors, zone)
    if reason := unfit(found.made, wanted):
        raise UnfitError(reason)
    with ExitStack() as stack:
        lock = stack.enter_context(_use_file().open("a"))
        if not taken(lock, _LOCK_SECONDS):
            raise UnfitError("is in use by another run")
        rest = Rest(found.url)
        stack.callback(rest.close)
        way = Way(_called(found), lock)
        stack.callback(way.close)
        _check_free(rest)
        _check_worker(way)
        stack.pop_all()
    _log.info("using the engine that is up at %s; its logs are in %s", found.url, found.logs)
    environment = Environment(line, Path(found.made.environment))
    files = tuple(jars.folder() / jar.split()[0] for jar in wanted.jars)
    cluster = SessionCluster(environment, Path(found.home), rest, {})
    return Engine(Runtime(environment, files, found.java), cluster, Worker(way))


def _called(found: Told) -> Connection:
    try:
        return call(found.port, bytes.fromhex(found.key))
    except (*REFUSALS, ValueError):
        raise UnfitError("does not answer") from None


def _check_free(rest: Rest) -> None:
    """Whether all slots are there, and nobody is in them."""
    try:
        wait_for(
            lambda: rest.slots(_FREE_SECONDS), SLOTS.__eq__, _FREE_SECONDS, "{} slots free".format
        )
    except DeadlineError as late:
        raise UnfitError(f"is half dead: {late.seen} of {SLOTS} slots are free") from None


def _check_worker(way: Way) -> None:
    """One that was killed is not known to be dead before it is asked."""
    try:
        way.ask({"do": "ready"})
    except StreamgaugeError:
        raise UnfitError("has just died") from None
