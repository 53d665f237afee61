"""How the messages of topics are written: JSON, CSV, or as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from streamgauge.attachments import csv_rows
from streamgauge.attachments.json_rows import decode, encode, marks
from streamgauge.attachments.registered import Registered
from streamgauge.own_options import changes_are_messages, has_old_timestamps, is_registered
from streamgauge.tables import Sink, Source
from streamgauge.values import avro
from streamgauge.values.changelog import Change
from streamgauge.values.columns import Columns
from streamgauge.values.inputs import Message, Record
from streamgauge.values.notation import JSON, RAW
from streamgauge.values.schema import Row, Schema, as_bytes

_NULL = "csv.null-literal"
_DELIMITER = "csv.field-delimiter"


@dataclass(frozen=True)
class Format:
    """A format of Flink's: the options that a table gets for it, and a row's message and back."""

    name: str
    options: Mapping[str, str]
    encode: Callable[[Schema, Row], bytes]
    decode: Callable[[Schema, bytes | None], Row]


def of(table: Source | Sink, registered: Registered | None = None) -> Format:
    """The format of rows as messages, with what the table's own options say of it.

    Where the schemas of its topic are in a registry, they are `registered`.
    """
    if isinstance(table, Source) and table.raw:
        return _RAW
    if registered is not None:
        return Format(table.format, registered.options, registered.encode, registered.decode)
    assert not is_registered(table), "a run alone has a registry"
    if table.format == "avro":
        return _avro(legacy=has_old_timestamps(table))
    return _csv(table.options.get("kafka", {})) if table.format == "csv" else _JSON


def options(table: Source | Sink, registered: Registered | None = None) -> Mapping[str, str]:
    """What a table is told of how its messages are written."""
    if changes_are_messages(table):
        return {"format": table.format}
    return of(table, registered).options


def messages(source: Source, records: Sequence[Record]) -> list[bytes]:
    """Records as a topic holds them, in order; of changes the rows. Columns need no tuples."""
    if isinstance(records, Columns) and source.raw:
        return records.written(RAW, (b"", b""))
    if isinstance(records, Columns) and source.format == "json" and not source.message_key:
        return records.written(JSON, marks(source.schema))
    rows = (record.row if isinstance(record, Change) else record for record in records)
    return list(map(writer(source), rows))


def writer(source: Source, registered: Registered | None = None) -> Callable[[Record], bytes]:
    """What makes a message's value of a row; one that is by hand stays as it is."""
    names = [name for name in source.schema.names if name not in source.message_key]
    write = _of_part(of(source, registered), source.schema, names)
    return lambda row: row.value if isinstance(row, Message) else write(row)


def keyer(source: Source) -> Callable[[Record], bytes | None]:
    """What makes a message's key of a row, or of a message by hand, if they have one."""
    names = source.message_key
    write = _of_part(_JSON, source.schema, names) if names else lambda _: None
    return lambda row: row.key if isinstance(row, Message) else write(row)


def keyed(table: Source | Sink) -> dict[str, str]:
    """The options of a table whose messages have keys."""
    if not table.message_key:
        return {}
    return {
        "key.format": "json",
        "key.fields": ";".join(table.message_key),
        "value.fields-include": "EXCEPT_KEY",
    }


def _of_part(form: Format, schema: Schema, names: Sequence[str]) -> Callable[[Row], bytes]:
    if len(names) == len(schema.names):
        return partial(form.encode, schema)
    at = schema.indices(names)
    part = Schema(tuple(schema.columns[index] for index in at))
    return lambda row: form.encode(part, tuple(row[index] for index in at))


def _as_it_is(_: Schema, row: Row) -> bytes:
    return as_bytes(row[0])


def _itself(_: Schema, value: bytes | None) -> Row:
    return (value,)


_JSON = Format("json", {"format": "json"}, encode, decode)
_RAW = Format("raw", {"format": "raw"}, _as_it_is, _itself)


def _avro(*, legacy: bool) -> Format:
    return Format(
        "avro",
        {"format": "avro"},
        partial(avro.encode, legacy=legacy),
        partial(avro.decode, legacy=legacy),
    )


def _csv(own: Mapping[str, str]) -> Format:
    """Of CSV, where NULL is written as the table has it, or else as in files."""
    delimiter, null = own.get(_DELIMITER, ","), own.get(_NULL, csv_rows.NULL)
    unsaid = {} if _NULL in own else {_NULL: null}
    return Format(
        "csv",
        {"format": "csv", **unsaid},
        partial(_to_csv, delimiter, null),
        partial(_of_csv, delimiter, null),
    )


def _to_csv(delimiter: str, null: str, _: Schema, row: Row) -> bytes:
    """A ValueError for a text that is NULL's."""
    text = io.StringIO()
    told = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    told.writerow(csv_rows.fields(row, null))
    return text.getvalue()[:-2].encode()


def _of_csv(delimiter: str, null: str, schema: Schema, value: bytes | None) -> Row:
    (texts,) = csv.reader(io.StringIO((value or b"").decode(), newline=""), delimiter=delimiter)
    return csv_rows.read(schema, texts, null)
