"""Messages of a sink whose columns lie in keys and metadata too, put together to rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, cast

from confluent_kafka import TIMESTAMP_NOT_AVAILABLE, Message

from streamgauge.attachments import formats
from streamgauge.attachments.json_rows import decode
from streamgauge.attachments.registered import Registered
from streamgauge.tables import Sink
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Parts:
    """Each message is a row, of whose columns some are in its key, or go with it."""

    def __init__(self, sink: Sink, registered: Registered | None = None) -> None:
        elsewhere = {*sink.message_key, *sink.metadata}
        names = [name for name in sink.schema.names if name not in elsewhere]
        self._sink = sink
        self._key = _part(sink.schema, sink.message_key)
        self._value = _part(sink.schema, names)
        self._decode = formats.of(sink, registered).decode

    def __call__(self, message: Message) -> Change:
        """The insert that a message is."""
        sink = self._sink
        told = {column: _METADATA[name](message) for column, name in sink.metadata.items()}
        if sink.message_key:
            told.update(zip(self._key.names, decode(self._key, message.key())))
        told.update(zip(self._value.names, self._decode(self._value, message.value())))
        return Change("+I", tuple(told[name] for name in sink.schema.names))


def _part(schema: Schema, names: Sequence[str]) -> Schema:
    return Schema(tuple(schema.columns[index] for index in schema.indices(names)))


def _sent(message: Message) -> datetime | None:
    kind, milliseconds = message.timestamp()
    if kind == TIMESTAMP_NOT_AVAILABLE:
        return None
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _headers(message: Message) -> frozenset[tuple[str, bytes]] | None:
    """None where there are none: Kafka cannot tell that from an empty map."""
    return frozenset(cast("list[tuple[str, bytes]]", message.headers() or [])) or None


_METADATA: dict[str, Callable[[Message], Any]] = {"timestamp": _sent, "headers": _headers}
