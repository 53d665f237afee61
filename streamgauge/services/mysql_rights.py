"""What a run does with somebody else's MySQL, tried at once, so that what it may not is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pymysql
from pymysql.cursors import Cursor

from streamgauge.errors import StreamgaugeError
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.mysql import END_OF_BINLOG, NEWER_END, TLS, check_binlog, connect

_SECONDS = 15
# By what the client's errors have in them.
_CAUSES = {
    r"\(1045,": "wrong user or password",
    r"CERTIFICATE_VERIFY_FAILED": "its certificate is not trusted",
    r"insecure transport": "it wants TLS: mysql+ssl://",
    r"SSL": "no TLS with it",
    r"cryptography": "this user logs in by TLS alone: mysql+ssl://",
    r"\(2003,|\(2013,": "no answer",
}
_TABLE = (
    "CREATE TABLE probe (id INT PRIMARY KEY)",
    "INSERT INTO probe VALUES (1)",
    "UPDATE probe SET id = 2",
    "SELECT id FROM probe",
    "DELETE FROM probe",
)


def probe(address: Endpoint, name: str) -> None:
    """Ask for the binlog, make a database of this name with a table, change it, and drop it.

    A StreamgaugeError says in a line what is wrong, or not allowed.
    """
    with _connected(address) as connection, connection.cursor() as cursor:
        with _told(address, "", StreamgaugeError):
            check_binlog(lambda question: _asked(cursor, question))
        with _allowed(address, "tell the end of the binlog (REPLICATION CLIENT)"):
            _end(cursor)
        with _allowed(address, "read the binlog (REPLICATION SLAVE)"):
            cursor.execute("SHOW BINLOG EVENTS LIMIT 1")
        with _allowed(address, f"make databases such as {name} (CREATE)"):
            cursor.execute(f"CREATE DATABASE `{name}`")
        try:
            connection.select_db(name)
            for statement in _TABLE:
                with _allowed(address, f"do in database {name}: {statement}"):
                    cursor.execute(statement)
        finally:
            with _allowed(address, f"drop database {name} (DROP)"):
                cursor.execute(f"DROP DATABASE `{name}`")


@contextmanager
def _connected(address: Endpoint) -> Iterator[pymysql.Connection[Cursor]]:
    try:
        connection = connect(address, seconds=_SECONDS)
    except (pymysql.Error, RuntimeError, OSError) as error:
        raise StreamgaugeError(f"MySQL at {address}: {_cause(error)}") from None
    with connection:
        if TLS in address.options and not _asked_one(connection, "SHOW STATUS LIKE 'Ssl_cipher'"):
            raise StreamgaugeError(f"MySQL at {address}: no TLS with it")
        yield connection


def _asked_one(connection: pymysql.Connection[Cursor], question: str) -> str:
    with connection.cursor() as cursor:
        ((_, value),) = _asked(cursor, question)
        return str(value)


def _cause(error: Exception) -> str:
    text = " ".join(repr(error.args).split())
    words = next((words for mark, words in _CAUSES.items() if re.search(mark, text)), "")
    told = " ".join(str(error.args[-1] if error.args else error).split())
    return f"{words}: {told}" if words else told


@contextmanager
def _told(address: Endpoint, what: str, *errors: type[Exception]) -> Iterator[None]:
    try:
        yield
    except errors as error:
        raise StreamgaugeError(f"MySQL at {address}: {what}{_cause(error)}") from None


def _allowed(address: Endpoint, what: str) -> Any:
    return _told(address, f"cannot {what}: ", pymysql.Error)


def _asked(cursor: Cursor, question: str) -> Sequence[tuple[Any, ...]]:
    cursor.execute(question)
    return cursor.fetchall()


def _end(cursor: Cursor) -> None:
    try:
        cursor.execute(END_OF_BINLOG)
    except pymysql.err.ProgrammingError:
        cursor.execute(NEWER_END)
