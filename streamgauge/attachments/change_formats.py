"""Changes as messages of Flink's formats for them, with the row before and after; and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from streamgauge.attachments.json_rows import changelog, parsed
from streamgauge.tables import Source
from streamgauge.values.changelog import Change
from streamgauge.values.images import Image
from streamgauge.values.schema import Schema

# What Canal and Debezium say of where a change was; Flink can be told to take those of one alone.
DATABASE = "streamgauge"
_SCHEMA_INCLUDE = "debezium-json.schema-include"
_TO_JSON = json.JSONEncoder(ensure_ascii=False).encode
Read = Callable[[bytes, Schema], Change]


def writer(source: Source) -> Callable[[Image], bytes]:
    """What makes a message of a change, as those write it who are read by the source's format."""
    write = _WRITE[source.format]
    return lambda image: _TO_JSON(write(source, image)).encode()


def reader(form: str) -> Read:
    """What reads the messages that Flink writes in a format: of rows that come, and that go."""
    return _READ[form]


def _debezium(source: Source, image: Image) -> dict[str, Any]:
    before, after = (row and source.schema.to_json(row) for row in image)
    told = {
        "before": before,
        "after": after,
        "source": {"db": DATABASE, "table": source.name},
        "op": "u" if before and after else "c" if after else "d",
    }
    wrapped = source.options.get("kafka", {}).get(_SCHEMA_INCLUDE) == "true"
    return {"schema": None, "payload": told} if wrapped else told


def _canal(source: Source, image: Image) -> dict[str, Any]:
    """Canal writes numbers as texts, and of what was before what has changed alone."""
    row, old = _of_both(source.schema, image)
    return {
        "data": [_texts(row)],
        "old": None if old is None else [_texts(old)],
        "type": _kind(image).upper(),
        "database": DATABASE,
        "table": source.name,
        "isDdl": False,
    }


def _maxwell(source: Source, image: Image) -> dict[str, Any]:
    row, old = _of_both(source.schema, image)
    told = {"database": DATABASE, "table": source.name, "type": _kind(image), "data": row}
    return told if old is None else {**told, "old": old}


def _kind(image: Image) -> str:
    return "update" if None not in image else "insert" if image.after else "delete"


def _of_both(schema: Schema, image: Image) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The row, and of an update those values before it that have changed."""
    before, after = (row and schema.to_json(row) for row in image)
    if before and after:
        return after, {name: old for name, old in before.items() if old != after[name]}
    return after or before or {}, None


def _texts(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(v) if type(v) in (int, float) else v for name, v in told.items()}


def _of_canal(message: bytes, schema: Schema) -> Change:
    told = parsed(message.decode())
    (row,) = told["data"]
    return _change(schema, row, gone=told["type"] == "DELETE")


def _of_maxwell(message: bytes, schema: Schema) -> Change:
    told = parsed(message.decode())
    return _change(schema, told["data"], gone=told["type"] == "delete")


def _change(schema: Schema, row: Mapping[str, Any], *, gone: bool) -> Change:
    return Change("-D" if gone else "+I", schema.from_json(row))


_WRITE: Mapping[str, Callable[[Source, Image], dict[str, Any]]] = {
    "debezium-json": _debezium,
    "canal-json": _canal,
    "maxwell-json": _maxwell,
}
_READ: Mapping[str, Read] = {
    "debezium-json": changelog,
    "canal-json": _of_canal,
    "maxwell-json": _of_maxwell,
}
