"""Rows and changes as the JSON messages of topics, and as lines of debezium-json."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from streamgauge.values.changelog import Change, Op
from streamgauge.values.schema import Row, Schema

if TYPE_CHECKING:
    from confluent_kafka import Message

# Made once: loads and dumps make one for each message.
_TO_JSON = json.JSONEncoder(ensure_ascii=False).encode
_DECODER = json.JSONDecoder(parse_float=Decimal)


@cache
def marks(schema: Schema) -> Sequence[bytes]:
    """What stands in a row's JSON before, between and after the values."""
    names = [_TO_JSON(name).encode() + b": " for name in schema.names]
    return (b"{" + names[0], *(b", " + name for name in names[1:]), b"}")


def encode(schema: Schema, row: Row) -> bytes:
    """A row as JSON."""
    return _TO_JSON(schema.to_json(row)).encode()


class Inserts:
    """A plain topic: each message is a row."""

    def __init__(self, schema: Schema, decode: Callable[[Schema, bytes | None], Row]) -> None:
        self._schema = schema
        self._decode = decode

    def __call__(self, message: Message) -> Change:
        """The insert that a message is."""
        return Change("+I", self._decode(self._schema, message.value()))


class Lines:
    """A topic of changes: each message is a row that comes or goes."""

    def __init__(self, schema: Schema, read: Callable[[bytes, Schema], Change]) -> None:
        self._schema = schema
        self._read = read

    def __call__(self, message: Message) -> Change:
        """The change that a message is."""
        return self._read(message.value() or b"", self._schema)


class Upserts:
    """A value upserts its key's row, a message without one deletes it."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._present: set[Row] = set()
        self._keys: dict[bytes | None, Row] = {}

    def __call__(self, message: Message) -> Change:
        """The change that a message is after all before it."""
        key, value = self._key(message.key()), message.value()
        if value is None:
            self._present.discard(key)
            return Change("-D", key)
        op: Op = "+U" if key in self._present else "+I"
        self._present.add(key)
        return Change(op, decode(self._schema, value))

    def _key(self, told: bytes | None) -> Row:
        """Keys come again and again: each is parsed once."""
        if told not in self._keys:
            self._keys[told] = decode(self._schema, told)
        return self._keys[told]


class Retractions:
    """Rows that come and go, as changes of a table with a primary key at columns `key`.

    A row may come before the one goes whose key it has: of several the last is there, as
    Flink's own sinks by key have it.
    """

    def __init__(self, key: tuple[int, ...]) -> None:
        self._key = key
        self._rows: defaultdict[Row, list[Row]] = defaultdict(list)

    def __call__(self, change: Change) -> Iterator[Change]:
        """What a row that comes or goes changes, if anything."""
        row = change.row
        rows = self._rows[tuple(row[column] for column in self._key)]
        if change.op == "+I":
            rows.append(row)
            yield Change("+U" if len(rows) > 1 else "+I", row)
        elif row not in rows:
            rows.clear()
            yield change
        else:
            was_there = rows[-1] == row
            rows.remove(row)
            if was_there:
                yield Change("+U", rows[-1]) if rows else change


def changelog(line: str | bytes, schema: Schema) -> Change:
    """A line of debezium-json, which knows two kinds: a row comes (`c`) or goes (`d`)."""
    envelope = parsed(line if isinstance(line, str) else line.decode())
    gone = envelope["op"] == "d"
    row = envelope["before" if gone else "after"]
    return Change("-D" if gone else "+I", schema.from_json(row))


def insert(line: str, schema: Schema) -> Change:
    """A line of plain JSON: a row that comes."""
    return Change("+I", schema.from_json(parsed(line)))


def decode(schema: Schema, value: bytes | None) -> Row:
    """A row of JSON; of no message one of NULLs."""
    return schema.from_json(parsed(value.decode()) if value else {})


def parsed(text: str) -> Mapping[str, Any]:
    """Of an object. To look for space around it takes as long again: only where there is some."""
    if text[:1] == "{":
        value, end = _DECODER.raw_decode(text)
        if end == len(text):
            return value  # type: ignore[no-any-return]
    return _DECODER.decode(text)  # type: ignore[no-any-return]
