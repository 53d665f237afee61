"""The line between a run and the holder of an engine: loopback, for who knows the key alone."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from typing import IO, Any

import execnet

from streamgauge.errors import StreamgaugeError
from streamgauge.worker.gateway import ANSWER_SECONDS

# Who knows the key says so at once; the holder may be ending what another run left.
_CALLER_SECONDS = 2
_HOLDER_SECONDS = 10
_HOST = "127.0.0.1"
REFUSALS = (OSError, EOFError, AuthenticationError)


def listen() -> socket.socket:
    """A socket that waits for callers."""
    return socket.create_server((_HOST, 0))


def accept(door: socket.socket, key: bytes, seconds: float) -> Connection | None:
    """Whoever calls within so many seconds and knows the key."""
    door.settimeout(seconds)
    try:
        made = _connection(door.accept()[0], _CALLER_SECONDS)
        with _closed_on_error(made):
            deliver_challenge(made, key)
            answer_challenge(made, key)
    except REFUSALS:
        return None
    return made


def call(port: int, key: bytes) -> Connection:
    """A line to the holder. One of the REFUSALS where it does not answer to the key."""
    made = _connection(socket.create_connection((_HOST, port), _HOLDER_SECONDS), _HOLDER_SECONDS)
    with _closed_on_error(made):
        answer_challenge(made, key)
        deliver_challenge(made, key)
    return made


def _connection(end: socket.socket, seconds: int) -> Connection:
    """What is read from it comes within so many seconds, or never."""
    end.settimeout(None)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", seconds, 0))
    return Connection(end.detach())


@contextmanager
def _closed_on_error(made: Connection) -> Iterator[None]:
    with ExitStack() as stack:
        stack.callback(made.close)
        yield
        stack.pop_all()


def send(line: Connection, message: object) -> None:
    """Say something: plain data, as execnet sends it."""
    line.send_bytes(execnet.dumps(message))


def receive(line: Connection) -> Any:
    """What was said; not as a pickle, which could be anything."""
    return execnet.loads(line.recv_bytes())


class Line:
    """The way to the worker of an engine that stays up; ours as long as `lock` is open."""

    def __init__(self, connection: Connection, lock: IO[str]) -> None:
        self._connection = connection
        self._lock = lock
        self._one = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether the holder, which hangs up when the engine has died, is still there."""
        if not self._one.acquire(blocking=False):
            return True
        try:
            # Nothing is said unasked: what can be read is the end.
            return not self._connection.closed and not self._connection.poll(0)
        finally:
            self._one.release()

    def ask(self, message: Mapping[str, Any]) -> Any:
        """What the worker answers. A StreamgaugeError where it does not."""
        with self._one:
            try:
                answer = self._asked(message)
            except (OSError, EOFError):
                self._connection.close()
                answer = {"broken": "the engine that was up does not answer: it has died"}
        if "broken" in answer:
            raise StreamgaugeError(answer["broken"])
        return answer

    def _asked(self, message: Mapping[str, Any]) -> Any:
        send(self._connection, dict(message))
        if not self._connection.poll(ANSWER_SECONDS + _HOLDER_SECONDS):
            raise EOFError
        return receive(self._connection)

    def close(self) -> None:
        """Leave the engine to others."""
        self._connection.close()
        self._lock.close()
