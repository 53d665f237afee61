"""Rows as messages of Avro, by the schema that Flink derives from a table's columns."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from decimal import Context, Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from streamgauge.lazily import Lazily
from streamgauge.values import nested
from streamgauge.values.nested import ARRAY, MAP, ROW, Tree
from streamgauge.values.schema import Row, Schema

if TYPE_CHECKING:
    import fastavro
else:
    fastavro = Lazily("fastavro")

# Flink's own name of a row.
_RECORD = "org.apache.flink.avro.generated.record"
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
_MILLISECOND, _MICROSECOND = timedelta(milliseconds=1), timedelta(microseconds=1)
# No digit of a DECIMAL is rounded.
_EXACT = Context(prec=80)
_MILLIS, _MICROS = 3, 6
_NO_TIMESTAMP = (
    "is no type of it: it has TIMESTAMP(3) and, outside of ARRAY and MAP with the option"
    " avro.timestamp_mapping.legacy = false, TIMESTAMP(6) and TIMESTAMP_LTZ(6) at most"
)
_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]*")
Convert = Callable[[Any], Any]
_PLAIN: Mapping[str, str] = {
    "BOOLEAN": "boolean",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INT"), "int"),
    "BIGINT": "long",
    "FLOAT": "float",
    "DOUBLE": "double",
    **dict.fromkeys(("CHAR", "VARCHAR", "STRING"), "string"),
    **dict.fromkeys(("BYTES", "BINARY", "VARBINARY"), "bytes"),
}


class Part(NamedTuple):
    """A type in Avro: its schema, and how a value becomes what Avro has, and back."""

    schema: Any
    write: Convert
    read: Convert


@cache
def of_rows(schema: Schema, *, legacy: bool) -> Part:
    """The rows of a schema as dictionaries.

    `legacy`: with Flink's mapping from before 1.19, by which a TIMESTAMP is a moment and a
    TIMESTAMP_LTZ is nothing. A ValueError where Avro has no such column.
    """
    columns = [(nested.read(column.type), column.required) for column in schema.columns]
    trees = [tree._replace(required=required) for tree, required in columns]
    return _row(Tree(ROW, tuple(trees), schema.names), _RECORD, legacy=legacy)


def encode(schema: Schema, row: Row, *, legacy: bool) -> bytes:
    """A row as Avro."""
    part, written = of_rows(schema, legacy=legacy), io.BytesIO()
    fastavro.schemaless_writer(written, _parsed(schema, legacy=legacy), part.write(row))
    return written.getvalue()


def decode(schema: Schema, value: bytes | None, *, legacy: bool, written: Any = None) -> Row:
    """A row of Avro. A ValueError where bytes are left.

    `written`: the schema that it was written with, `parsed`, where that may be another.
    """
    told = io.BytesIO(value or b"")
    found = fastavro.schemaless_reader(told, written or _parsed(schema, legacy=legacy), None)
    if rest := told.read():
        raise ValueError(f"{len(rest)} bytes of Avro after a row")
    row: Row = of_rows(schema, legacy=legacy).read(found)
    return row


def parsed(schema: object) -> Any:
    """A schema of Avro, as `decode` reads by it."""
    return fastavro.parse_schema(_bare(schema))


@cache
def _parsed(schema: Schema, *, legacy: bool) -> Any:
    return parsed(of_rows(schema, legacy=legacy).schema)


def _bare(schema: Any) -> Any:
    """Without what numbers and bytes mean: that is `Part`'s to say."""
    if isinstance(schema, list):
        return list(map(_bare, schema))
    if isinstance(schema, dict):
        return {name: _bare(part) for name, part in schema.items() if name != "logicalType"}
    return schema


def _part(tree: Tree, name: str, *, legacy: bool) -> Part:
    """May it be NULL, it is a union with that."""
    made = {ARRAY: _array, MAP: _map, ROW: _inner_row}.get(tree.kind)
    part = made(tree, name, legacy=legacy) if made else _atom(tree.kind, legacy=legacy)
    if tree.required:
        return part
    return Part(["null", part.schema], _or_none(part.write), _or_none(part.read))


def _or_none(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _inner_row(tree: Tree, name: str, *, legacy: bool) -> Part:
    """A ValueError where a field of it is NOT NULL: which Avro that is goes by the line."""
    if any(part.required for part in tree.parts):
        raise ValueError("NOT NULL within a ROW is heard by Flink 2.2 and later alone")
    return _row(tree, name, legacy=legacy)


def _row(tree: Tree, name: str, *, legacy: bool) -> Part:
    names = tree.names
    parts = [_field(n, p, name, legacy=legacy) for n, p in zip(names, tree.parts)]
    fields = [
        {"name": n, "type": part.schema, **({} if p.required else {"default": None})}
        for n, p, part in zip(names, tree.parts, parts)
    ]
    return Part(
        {"type": "record", "name": name, "fields": fields},
        lambda row: {n: part.write(value) for n, part, value in zip(names, parts, row)},
        lambda told: tuple([part.read(told[n]) for n, part in zip(names, parts)]),
    )


def _field(name: str, tree: Tree, of: str, *, legacy: bool) -> Part:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of it: those are of ASCII's letters, digits and _")
    return _part(tree, f"{of}_{name}", legacy=legacy)


def _array(tree: Tree, name: str, *, legacy: bool) -> Part:
    """Whatever is said of timestamps, of those in it Flink has forgotten that (FLINK-40264)."""
    part = _part(tree.parts[0], name, legacy=True)
    return Part(
        {"type": "array", "items": part.schema},
        lambda value: list(map(part.write, value)),
        lambda told: tuple(map(part.read, told)),
    )


def _map(tree: Tree, name: str, *, legacy: bool) -> Part:
    """As of an array."""
    part = _part(tree.parts[1], name, legacy=True)
    return Part(
        {"type": "map", "values": part.schema},
        lambda value: {key: part.write(each) for key, each in value},
        lambda told: frozenset((key, part.read(each)) for key, each in told.items()),
    )


def _atom(text: str, *, legacy: bool) -> Part:
    kind, *parameters = re.findall(r"\w+", text)
    numbers = list(map(int, parameters))
    if kind in _PLAIN:
        return Part(_PLAIN[kind], _same, _same)
    if kind == "DECIMAL":
        return _decimal(*numbers)
    if kind == "DATE":
        return _counted("int", "date", lambda day: day.toordinal() - _EPOCH.toordinal(), _day)
    if kind == "TIME":
        return _counted("int", "time-millis", _of_day, _clock)
    return _moment(kind, *numbers, legacy=legacy)


def _same(value: Any) -> Any:
    return value


def _counted(type_: str, logical: str, write: Convert, read: Convert) -> Part:
    return Part({"type": type_, "logicalType": logical}, write, read)


def _decimal(precision: int = 10, scale: int = 0) -> Part:
    schema = {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}

    def write(value: Decimal) -> bytes:
        unscaled = int(value.scaleb(scale, _EXACT))
        return unscaled.to_bytes(unscaled.bit_length() // 8 + 1, "big", signed=True)

    return Part(
        schema,
        write,
        lambda told: Decimal(int.from_bytes(told, "big", signed=True)).scaleb(-scale, _EXACT),
    )


def _moment(kind: str, precision: int = 6, *, legacy: bool) -> Part:
    """A TIMESTAMP without the mapping from before is local, and a TIMESTAMP_LTZ a moment."""
    zone = timezone.utc if kind == "TIMESTAMP_LTZ" else None
    if precision > (_MILLIS if legacy else _MICROS) or (legacy and zone):
        raise ValueError(f"{kind}({precision}) {_NO_TIMESTAMP}")
    unit = _MILLISECOND if precision <= _MILLIS else _MICROSECOND
    begin = _EPOCH.replace(tzinfo=zone)
    of = "timestamp" if zone or legacy else "local-timestamp"
    return _counted(
        "long",
        f"{of}-{'millis' if unit is _MILLISECOND else 'micros'}",
        lambda value: (value - begin) // unit,
        lambda told: begin + told * unit,
    )


def _day(days: int) -> date:
    return date.fromordinal(_EPOCH.toordinal() + days)


def _of_day(clock: time) -> int:
    return (clock.hour * 3600 + clock.minute * 60 + clock.second) * 1000


def _clock(milliseconds: int) -> time:
    return (_EPOCH + milliseconds * _MILLISECOND).time()
