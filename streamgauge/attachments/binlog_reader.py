"""The changes of MySQL tables, read from the server's own binlog of rows."""

from __future__ import annotations

import json
import random
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pymysqlreplication import BinLogStreamReader
from pymysqlreplication.constants import FIELD_TYPE
from pymysqlreplication.event import GtidEvent
from pymysqlreplication.json_binary import parse_json
from pymysqlreplication.row_event import DeleteRowsEvent, UpdateRowsEvent, WriteRowsEvent

from streamgauge.attachments import Arrival
from streamgauge.attachments.database import Database, Position, mysql_type, table_ddl
from streamgauge.errors import StreamgaugeError
from streamgauge.services.mysql import check_binlog, client_settings
from streamgauge.tables import Sink
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Column, Row

# Of a commit's time, in microseconds, a bit says whether the time of another server follows.
_MICROSECONDS = (1 << 55) - 1
_MIDNIGHT = datetime.min  # noqa: DTZ901 - of any day
_PYTHON: dict[str, type | tuple[type, ...]] = {
    "STRING": str,
    "CHAR": str,
    "VARCHAR": str,
    "BOOLEAN": bool,
    "TINYINT": int,
    "SMALLINT": int,
    "INT": int,
    "BIGINT": int,
    "FLOAT": float,
    "DOUBLE": float,
    "DECIMAL": (Decimal, int),
    "DATE": date,
    "TIME": time,
    "TIMESTAMP": datetime,
    "BYTES": bytes,
}

Convert = Callable[[Any], Any]


class BinlogReader:
    """What has happened to the tables of a database since they were empty.

    The server is asked for what is new, and only when anything is: what was read is kept.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._arrivals: dict[str, list[Arrival]] = {}
        self._converts: dict[str, list[Convert]] = {}
        self._stream: Any = None
        self._at: Position | None = None
        self._committed: float | None = None

    def add(self, sink: Sink) -> None:
        """A table that is to be made and read."""
        self.database.add(table_ddl(sink))
        self._arrivals[sink.name] = []
        self._converts[sink.name] = [_convert(sink, column) for column in sink.schema.columns]

    def create(self) -> None:
        """Make all tables, to be read from then on, when the first of them asks for that."""
        if self._at is None:
            self._check()
            self.database.create()
            self._at = self.database.start

    def read(self, table: str) -> Sequence[Arrival]:
        """All changes of a table so far, with the times of their commits."""
        if self.database.position() != self._at:
            self._read_on()
        return self._arrivals[table]

    def drop(self) -> None:
        """Drop the database, and give the connections up."""
        if self._stream is not None:
            self._stream.close()
        self.database.drop()

    def _check(self) -> None:
        check_binlog(self.database.ask)

    def _read_on(self) -> None:
        """The library calls functions that are deprecated in newer Pythons, and in pymysql."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            if self._stream is None:
                self._stream = self._open()
            for event in self._stream:
                self._take(event)
        self._at = self._stream.log_file, self._stream.log_pos

    def _open(self) -> Any:
        """Not a blocking one: it ends where the binlog does, and goes on from there."""
        file, offset = self._at or (None, None)
        return BinLogStreamReader(
            client_settings(self.database.address),
            # A replica's id has to be unique on the server, whoever else reads its binlog.
            server_id=random.randrange(10_000, 2**31),
            slave_uuid=str(uuid.uuid4()),
            only_events=[GtidEvent, WriteRowsEvent, UpdateRowsEvent, DeleteRowsEvent],
            only_schemas=[self.database.name],
            log_file=file,
            log_pos=offset,
            resume_stream=True,
            enable_logging=False,
        )

    def _take(self, event: Any) -> None:
        if isinstance(event, GtidEvent):
            # The library leaves it unread. The time of an event itself has no fraction.
            told = int.from_bytes(event.packet.read(7), "little")
            self._committed = (told & _MICROSECONDS) / 1e6
        elif event.table in self._arrivals:
            converts = self._converts[event.table]
            found = (Arrival(change, self._committed) for change in _changes(event, converts))
            self._arrivals[event.table].extend(found)


def _changes(event: Any, converts: Sequence[Convert]) -> Iterator[Change]:
    """An update is two changes; one that changes nothing is not in the binlog."""
    for column in event.columns:
        if column.type == FIELD_TYPE.JSON:
            # The library gives JSON's null and SQL's NULL alike: bytes can be told apart.
            column.type, column.character_set_name = FIELD_TYPE.BLOB, "binary"
    for row in event.rows:
        if isinstance(event, UpdateRowsEvent):
            yield Change("-U", _row(row["before_values"], converts))
            yield Change("+U", _row(row["after_values"], converts))
        else:
            gone = isinstance(event, DeleteRowsEvent)
            yield Change("-D" if gone else "+I", _row(row["values"], converts))


def _row(values: dict[str, Any], converts: Sequence[Convert]) -> Row:
    return tuple(
        None if value is None else convert(value)
        for convert, value in zip(converts, values.values())
    )


def _convert(sink: Sink, column: Column) -> Convert:
    """From what an event has to the column's value; a StreamgaugeError for any other type."""
    stored = mysql_type(column, sink.stored)
    raw = _FROM_EVENT.get(stored.partition("(")[0].upper(), _as_is)
    wanted = _PYTHON[column.kind]

    def convert(value: Any) -> Any:
        value = raw(value)
        if wanted is bytes and not value:
            # Of no bytes the library makes an empty text, as Python does of them in any encoding.
            return b""
        if column.kind == "BOOLEAN" and isinstance(value, int):
            return bool(value)
        if not isinstance(value, wanted):
            raise StreamgaugeError(
                f"sink {sink.name}: {column.name}, a {column.type}, cannot be read from {stored}"
            )
        return value

    return convert


def _as_is(value: Any) -> Any:
    return value


def _bits(value: str) -> bytes:
    return int(value, 2).to_bytes((len(value) + 7) // 8, "big")


def _json(value: bytes | str) -> str:
    """As MySQL writes it: members in the order in which it keeps them; MariaDB keeps the text."""
    if isinstance(value, str):
        return value
    return json.dumps(_decoded(parse_json(value[0], value[1:])), ensure_ascii=False)


def _decoded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.decode(): _decoded(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_decoded(member) for member in value]
    return value.decode() if isinstance(value, bytes) else value


def _time(span: timedelta) -> time | timedelta:
    """A time of the day; what is none, as MySQL has them too, stays a span."""
    in_a_day = timedelta(0) <= span < timedelta(days=1)
    return (_MIDNIGHT + span).time() if in_a_day else span


_FROM_EVENT: dict[str, Convert] = {"BIT": _bits, "JSON": _json, "TIME": _time}
