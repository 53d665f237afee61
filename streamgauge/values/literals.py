"""Values as SQL writes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def literal(value: Any) -> str:
    """A value as a literal of Flink SQL, in one line; what has none as Python's text."""
    if value is None:
        return "NULL"
    return _WRITTEN.get(type(value), str)(value)


def _string(value: str) -> str:
    """What cannot be seen, such as an end of line, becomes an escape."""
    if value.isprintable():
        return f"'{_doubled(value)}'"
    return f"U&'{''.join(map(_escaped, _doubled(value)))}'"


def _doubled(value: str) -> str:
    return value.replace("'", "''")


def _escaped(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character.isprintable():
        return character
    # Four hex digits are one unit of UTF-16; beyond it, as Flink has it, two of them.
    units = character.encode("utf-16-be", "surrogatepass").hex().upper()
    return "".join(f"\\{units[at : at + 4]}" for at in range(0, len(units), 4))


def _boolean(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _double(value: float) -> str:
    """Without an exponent it would be a DECIMAL."""
    if not math.isfinite(value):
        return f"CAST('{str(value).replace('inf', 'Infinity').replace('nan', 'NaN')}' AS DOUBLE)"
    text = repr(value).upper()
    return text if "E" in text else f"{text}E0"


def _decimal(value: Decimal) -> str:
    return format(value, "f")


def _timestamp(value: datetime) -> str:
    """Of a TIMESTAMP_LTZ no literal has more than milliseconds."""
    if value.tzinfo:
        milliseconds, more = divmod(value - _EPOCH, timedelta(milliseconds=1))
        return str(value) if more else f"TO_TIMESTAMP_LTZ({milliseconds}, 3)"
    return f"TIMESTAMP '{value.isoformat(' ')}'"


def _date(value: date) -> str:
    return f"DATE '{value.isoformat()}'"


def _time(value: time) -> str:
    return f"TIME '{value.isoformat()}'"


def _bytes(value: bytes) -> str:
    return f"X'{value.hex().upper()}'"


_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: _string,
    bool: _boolean,
    float: _double,
    Decimal: _decimal,
    datetime: _timestamp,
    date: _date,
    time: _time,
    bytes: _bytes,
}
