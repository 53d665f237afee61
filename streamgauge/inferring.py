"""Types of columns, told by values that somebody wrote: texts, or what JSON has."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from streamgauge.values import types
from streamgauge.values.schema import Column

_MOST_DIGITS = 38
# Without zeros in front, which numbers of articles and of houses have.
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(?:\.(\d+))?", re.ASCII)
_TIMES = (
    ("DATE", re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)),
    ("TIME", re.compile(r"\d\d:\d\d:\d\d", re.ASCII)),
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?", re.ASCII)


def column_type(values: Sequence[Any], *, quoted: bool = False) -> str:
    """The first type that all of a column's values have; STRING where none is known of them.

    None says nothing. Texts are `quoted` where they cannot be numbers, as in JSON.
    """
    known = [value for value in values if value is not None]
    numbers = () if quoted and any(isinstance(value, str) for value in known) else _NUMBERS
    for told in (*_NESTED, *numbers, _time, _timestamp):
        if known and (found := told(known)):
            return found
    return "STRING"


def _array(values: Sequence[Any]) -> str:
    if not all(isinstance(value, list) for value in values):
        return ""
    return f"ARRAY<{column_type([each for value in values for each in value], quoted=True)}>"


def _row(values: Sequence[Any]) -> str:
    """Of all names that there are; without any it is a map, for there is no ROW of nothing."""
    if not all(isinstance(value, dict) for value in values):
        return ""
    names = dict.fromkeys(name for value in values for name in value)
    parts = [
        f"{_name(name)} {column_type([value.get(name) for value in values], quoted=True)}"
        for name in names
    ]
    return f"ROW<{', '.join(parts)}>" if parts else "MAP<STRING, STRING>"


def _name(name: str) -> str:
    plain = name.isidentifier() and name.isascii()
    return name if plain else "`" + name.replace("`", "``") + "`"


def _boolean(values: Sequence[Any]) -> str:
    """Also as Python writes them."""
    return "BOOLEAN" if all(str(value).lower() in ("true", "false") for value in values) else ""


def _bigint(values: Sequence[Any]) -> str:
    texts = [str(value) for value in values]
    whole = all(found and found[2] is None for found in map(_NUMBER.fullmatch, texts))
    return "BIGINT" if whole and all(map(types.known("BIGINT").fits, map(int, texts))) else ""


def _decimal(values: Sequence[Any]) -> str:
    """As many digits before and behind the point as any of them has."""
    parts = [_NUMBER.fullmatch(str(value)) for value in values]
    if not all(parts):
        return ""
    behind = max(len(part[2] or "") for part in parts if part)
    digits = max(len(part[1]) for part in parts if part) + behind
    return f"DECIMAL({digits}, {behind})" if digits <= _MOST_DIGITS else ""


def _double(values: Sequence[Any]) -> str:
    """Numbers of JSON alone: as a text, 1e5 may be a name."""
    numbers = all(isinstance(value, (int, Decimal)) for value in values)
    return "DOUBLE" if numbers and _fit("DOUBLE", [str(value) for value in values]) else ""


def _time(values: Sequence[Any]) -> str:
    for type_, written in _TIMES:
        if all(written.fullmatch(str(value)) for value in values) and _fit(type_, values):
            return type_
    return ""


def _timestamp(values: Sequence[Any]) -> str:
    """To milliseconds where that is enough: event time is of that type."""
    if not all(isinstance(value, str) and _MOMENT.fullmatch(value) for value in values):
        return ""
    kinds = [f"{kind}({digits})" for digits in (3, 6) for kind in ("TIMESTAMP", "TIMESTAMP_LTZ")]
    return next((kind for kind in kinds if _fit(kind, values)), "")


def _fit(type_: str, values: Sequence[Any]) -> bool:
    column = Column("value", type_)
    try:
        return not any(column.check(column.parse(value), null=True) for value in values)
    except ValueError:
        return False


_Told = Callable[[Sequence[Any]], str]
_NESTED: tuple[_Told, ...] = (_array, _row)
_NUMBERS: tuple[_Told, ...] = (_boolean, _bigint, _decimal, _double)
