"""Rows that somebody wrote into a file: CSV whose first line names the columns, or JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from streamgauge.errors import ScenarioError
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Column, Row, Schema

# How a file ends, and what it is.
ENDINGS = (".csv", ".jsonl")
# The column that says what happens to a row, where a source has changes.
OP = "op"
# How a value of these types stands in a file.
_WRITTEN: Mapping[str, str] = {
    "BOOLEAN": ": true or false",
    "DATE": ", such as 2026-01-31",
    "TIME": ", such as 12:00:00",
    "TIMESTAMP": ", such as 2026-01-31 12:00:00.250, to microseconds at most",
    "TIMESTAMP_LTZ": ", such as 2026-01-31 12:00:00.250Z, in UTC, to microseconds at most",
    "BYTES": ", in base64",
    "BINARY": ", in base64",
    "VARBINARY": ", in base64",
}
Check = Callable[[str, Collection[str]], None]


class Line(NamedTuple):
    """What a line of a file says, by column: texts, of JSON its values; None is NULL."""

    number: int
    fields: Mapping[str, Any]


def read_rows(path: Path, schema: Schema, *, changes: bool = False) -> list[Row] | list[Change]:
    """The rows of a file, which fit the schema; with `changes` each has its op, or `+I`.

    In CSV an empty field is NULL, and `""` the empty text. A ScenarioError tells file, line and
    column of what does not fit.
    """
    more = {OP} if changes else set()

    def check(told: str, names: Collection[str]) -> None:
        _check_columns(told, names, schema.names, {*schema.names, *more})

    found: list[Any] = []
    for line in read_lines(path, check):
        told = f"{path.name}: line {line.number}"
        row = _row(told, line.fields, schema, is_text=path.suffix == ".csv")
        found.append(Change(line.fields.get(OP) or "+I", row) if changes else row)
    return found


def read_sample(path: Path, schema: Schema) -> list[Row]:
    """Rows of a CSV file whose header names the columns; no field is NULL."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            header, *lines = list(csv.reader(file)) or [[]]
        rows = [schema.parse(line) for line in lines]
    except (ValueError, ArithmeticError) as error:
        raise ScenarioError(f"{path.name}: {error}") from None
    if tuple(header) != schema.names:
        named = ",".join(header)
        raise ScenarioError(f"{path.name}: header is {named}, not {','.join(schema.names)}")
    return rows


def read_lines(path: Path, check: Check) -> Iterator[Line]:
    """What each line says, but the header; a ScenarioError where it is no CSV, or no JSON.

    `check` is told where columns are named, and which.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path.name}: is not UTF-8: {error}") from None
    except OSError as error:
        raise ScenarioError(f"{path.name}: {error.strerror}") from None
    return (_of_json if path.suffix == ".jsonl" else _of_csv)(path.name, text, check)


def _check_columns(
    told: str, names: Collection[str], needed: Sequence[str], known: Collection[str]
) -> None:
    for name in names:
        if name not in known:
            raise ScenarioError(f"{told}: column {name} is not of the schema: {', '.join(needed)}")
    for name in needed:
        if name not in names:
            raise ScenarioError(f"{told}: column {name} is missing")


def _row(told: str, fields: Mapping[str, Any], schema: Schema, *, is_text: bool) -> Row:
    values = []
    for column in schema.columns:
        value = fields[column.name]
        try:
            parsed = column.parse(value) if is_text else _of_json_value(column, value)
        except (ValueError, ArithmeticError):
            how = _WRITTEN.get(column.kind, "")
            raise ScenarioError(
                f"{told}: column {column.name}: {value!r} is no {column.type}{how}"
            ) from None
        complaint = column.check(parsed, null=True)
        if complaint:
            raise ScenarioError(f"{told}: {complaint}")
        values.append(parsed)
    return tuple(values)


def _of_json_value(column: Column, value: Any) -> Any:
    (found,) = _alone(column).from_json({column.name: value})
    return found


@cache
def _alone(column: Column) -> Schema:
    return Schema((column,))


def _of_json(name: str, text: str, check: Check) -> Iterator[Line]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(
                line, parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_object
            )
        except (ValueError, RecursionError) as error:
            raise ScenarioError(f"{name}: line {number}: not JSON: {error}") from None
        if not isinstance(fields, dict):
            raise ScenarioError(f"{name}: line {number}: no JSON object")
        check(f"{name}: line {number}", fields)
        yield Line(number, fields)


def _constant(told: str) -> None:
    """Python reads what JSON has not: NaN and infinities."""
    raise ValueError(f"it has no {told}")


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values for a name Python keeps the last, and says nothing."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{max(names, key=names.count)!r} is there twice")
    return found


def _of_csv(name: str, text: str, check: Check) -> Iterator[Line]:
    header: Sequence[str] | None = None
    for number, record in _records(name, text):
        if header is None:
            header = [field or "" for field in record]
            _check_header(name, header)
            check(f"{name}: line {number}", header)
        elif len(record) != len(header):
            raise ScenarioError(
                f"{name}: line {number}: {len(record)} fields, where {len(header)} are named"
            )
        else:
            yield Line(number, dict(zip(header, record)))
    if header is None:
        raise ScenarioError(f"{name}: is empty: its first line has to name the columns")


def _check_header(name: str, header: Sequence[str]) -> None:
    for column in header:
        if not column or header.count(column) > 1:
            fault = f"column {column} twice" if column else "a column without a name"
            raise ScenarioError(f"{name}: line 1: {fault}")


def _records(name: str, text: str) -> Iterator[tuple[int, list[str | None]]]:
    """The fields of each record, and the line where it begins; an unquoted empty one is None.

    Python's csv tells NULL and the empty text apart only from 3.12 on.
    """
    number, at = 1, 0
    while at < len(text):
        begun, fields = number, []
        while True:
            start = at
            field, at = _field(name, number, text, at)
            number += text.count("\n", start, at)
            fields.append(field)
            if text[at : at + 1] != ",":
                break
            at += 1
        end = 2 if text.startswith("\r\n", at) else 1
        at, number = at + end, number + 1
        # A line of nothing at all is no row.
        if fields != [None]:
            yield begun, fields


def _field(name: str, number: int, text: str, at: int) -> tuple[str | None, int]:
    """A field that begins there, and where it ends."""
    if text[at : at + 1] != '"':
        end = at
        while end < len(text) and text[end] not in ",\n" and not text.startswith("\r\n", end):
            end += 1
        return text[at:end] or None, end
    parts, at = [], at + 1
    while True:
        end = text.find('"', at)
        if end < 0:
            raise ScenarioError(f"{name}: line {number}: a quoted field has no end")
        parts.append(text[at:end])
        at = end + 1
        if text[at : at + 1] != '"':
            break
        parts.append('"')
        at += 1
    if text[at : at + 1] not in ("", ",", "\n") and not text.startswith("\r\n", at):
        raise ScenarioError(f"{name}: line {number}: text behind a quoted field")
    return "".join(parts), at
