"""Flink SQL types: how their values are written as text, and which values they have."""

from __future__ import annotations

import base64
import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from decimal import Decimal
from functools import cache
from typing import Any

Fits = Callable[[Any], bool]
Write = Callable[[Any], Any]
_MOST_DIGITS = 38
_NANOSECONDS = 9
_LONGEST = (1 << 31) - 1
_SINGLE = "a float that is finite and that 32 bits hold"


@dataclass(frozen=True)
class Type:
    """What is known of a type: what its values are, in words too; None is not among them.

    What JSON has of the Python type `in_json` is a value as it stands. `to_json` and `from_json`
    are of those that JSON has in parts.
    """

    parse: Callable[[str], Any]
    fits: Fits
    values: str
    in_json: type | None = None
    to_json: Write | None = None
    from_json: Write | None = None


@cache
def known(text: str) -> Type:
    """The type of a text such as `DECIMAL(10, 2)`; a ValueError where there is none."""
    kind, parameters = _split(text)
    if kind not in KINDS:
        raise ValueError(f"unknown type {text!r}")
    try:
        return KINDS[kind](*parameters)
    except TypeError:
        raise ValueError(f"unknown type {text!r}: too many parameters") from None


def _split(text: str) -> tuple[str, list[int]]:
    found = re.fullmatch(r"([A-Z_]+)(?:\((\d+)(?:, ?(\d+))?\))?", text)
    if found is None:
        return "", []
    kind, *parameters = found.groups()
    return str(kind), [int(parameter) for parameter in parameters if parameter is not None]


def _string() -> Type:
    return Type(str, _is_text, "a str that UTF-8 has", str)


def _char(length: int = 0) -> Type:
    _check_length("CHAR", length)
    told = f"a str of {length} characters that UTF-8 has"
    return Type(str, lambda value: _is_text(value) and len(value) == length, told, str)


def _varchar(length: int = 0) -> Type:
    _check_length("VARCHAR", length)
    told = f"a str of at most {length} characters that UTF-8 has"
    return Type(str, lambda value: _is_text(value) and len(value) <= length, told, str)


def _check_length(kind: str, length: int) -> None:
    """Without one Flink means 1, and MySQL nothing."""
    if not 1 <= length <= _LONGEST:
        raise ValueError(f"{kind} needs a length, such as {kind}(20)")


def _is_text(value: Any) -> bool:
    """Halves of surrogate pairs alone can be in a str, but not in UTF-8."""
    if not isinstance(value, str):
        return False
    return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)


def _boolean() -> Type:
    fits: Fits = lambda value: value is True or value is False  # noqa: E731
    return Type(_truth, fits, "True or False", bool)


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is not true or false")
    return text.lower() == "true"


def _tinyint() -> Type:
    return _integer(8)


def _smallint() -> Type:
    return _integer(16)


def _int() -> Type:
    return _integer(32)


def _bigint() -> Type:
    return _integer(64)


def _integer(bits: int) -> Type:
    bound = 1 << bits - 1
    fits: Fits = lambda value: type(value) is int and -bound <= value < bound  # noqa: E731
    return Type(int, fits, f"an int of {bits} bits", int)


def _float() -> Type:
    return Type(_single, lambda value: _is_number(value) and value == _rounded(value), _SINGLE)


def _double() -> Type:
    """NaN is not equal to itself, and JSON has neither it nor infinity."""
    return Type(_number, _is_number, "a float that is finite")


def _is_number(value: Any) -> bool:
    return type(value) is float and math.isfinite(value)


def _single(text: str) -> float:
    return _rounded(_number(text))


def _rounded(value: float) -> float:
    """The nearest number of 32 bits; an infinity beyond the greatest, as in Java."""
    try:
        (single,) = struct.unpack("<f", struct.pack("<f", value))
    except OverflowError:
        return math.copysign(math.inf, value)
    return float(single)


def _number(text: str) -> float:
    """The one NaN there is: a row with it is equal to itself then, and to its like."""
    value = float(text)
    return math.nan if math.isnan(value) else value


def _decimal(precision: int = 10, scale: int = 0) -> Type:
    if not (1 <= precision <= _MOST_DIGITS and scale <= precision):
        raise ValueError(f"DECIMAL({precision}, {scale}): the first is 1 to 38, the other no more")
    whole = precision - scale

    def fits(value: Any) -> bool:
        if type(value) is not Decimal or not value.is_finite():
            return False
        return (not value or value.adjusted() < whole) and _digits_behind(value) <= scale

    return Type(Decimal, fits, f"a Decimal of {whole} digits before the point, {scale} behind it")


def _digits_behind(value: Decimal) -> int:
    """How many digits behind the point are needed; zeros at the end are not."""
    _, digits, exponent = value.as_tuple()
    behind = -int(exponent)
    while behind > 0 and not (digits[-1] if digits else 0):
        digits, behind = digits[:-1], behind - 1
    return behind


def _date() -> Type:
    return Type(date.fromisoformat, lambda value: type(value) is date, "a date")


def _time(precision: int = 0) -> Type:
    """Flink reads more digits of a second, and keeps none."""
    if precision:
        raise ValueError(f"TIME({precision}): Flink keeps whole seconds")

    def fits(value: Any) -> bool:
        return type(value) is time and value.tzinfo is None and not value.microsecond

    return Type(time.fromisoformat, fits, "a time of whole seconds, without a zone")


def _timestamp(precision: int = 6) -> Type:
    step = _step("TIMESTAMP", precision)

    def fits(value: Any) -> bool:
        if not isinstance(value, datetime):
            return False
        return value.tzinfo is None and not value.microsecond % step

    return Type(_local, fits, f"a datetime without a zone, to {precision} digits of a second")


def _timestamp_ltz(precision: int = 6) -> Type:
    step = _step("TIMESTAMP_LTZ", precision)

    def fits(value: Any) -> bool:
        if not isinstance(value, datetime):
            return False
        # One that its zone has twice, as clocks are set back, is not equal to that in another.
        one = value.utcoffset() is not None and value == value.astimezone(timezone.utc)
        return one and not value.microsecond % step

    return Type(_instant, fits, f"a datetime with a zone, to {precision} digits of a second")


def _step(kind: str, precision: int) -> int:
    """Of how many microseconds a value is a multiple."""
    if precision > _NANOSECONDS:
        raise ValueError(f"{kind}({precision}): at most 9 digits of a second")
    return int(10 ** max(6 - precision, 0))


def advice(kind: str, value: Any) -> str:
    """What to write for a value that does not fit this type, where that is known."""
    if not isinstance(value, datetime):
        return ""
    if kind == "TIMESTAMP_LTZ":
        return "; write datetime(..., tzinfo=timezone.utc)"
    zoned = value.tzinfo is not None
    return "; write value.astimezone(timezone.utc).replace(tzinfo=None)" if zoned else ""


def _local(text: str) -> datetime:
    """Flink's SQL format: trailing zeros of the fraction may be missing."""
    moment, _, fraction = text.replace("T", " ").partition(".")
    if fraction[6:].strip("0"):
        raise ValueError(f"{text!r} has digits beyond microseconds")
    return datetime.fromisoformat(moment).replace(microsecond=int(fraction[:6].ljust(6, "0")))


def _instant(text: str) -> datetime:
    """The same with a `Z` for UTC, in which Flink writes all of them."""
    if not text.endswith("Z"):
        raise ValueError(f"{text!r} is not in UTC")
    return _local(text[:-1]).replace(tzinfo=timezone.utc)


def _bytes() -> Type:
    return Type(_unbase64, lambda value: type(value) is bytes, "bytes")


def _binary(length: int = 0) -> Type:
    _check_length("BINARY", length)
    fits: Fits = lambda value: type(value) is bytes and len(value) == length  # noqa: E731
    return Type(_unbase64, fits, f"{length} bytes")


def _varbinary(length: int = 0) -> Type:
    _check_length("VARBINARY", length)
    fits: Fits = lambda value: type(value) is bytes and len(value) <= length  # noqa: E731
    return Type(_unbase64, fits, f"at most {length} bytes")


def _unbase64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


# What is computed to so many digits only, and may be compared with a tolerance.
INEXACT = ("FLOAT", "DOUBLE")
KINDS: dict[str, Callable[..., Type]] = {
    "STRING": _string,
    "CHAR": _char,
    "VARCHAR": _varchar,
    "BOOLEAN": _boolean,
    "TINYINT": _tinyint,
    "SMALLINT": _smallint,
    "INT": _int,
    "BIGINT": _bigint,
    "FLOAT": _float,
    "DOUBLE": _double,
    "DECIMAL": _decimal,
    "DATE": _date,
    "TIME": _time,
    "TIMESTAMP": _timestamp,
    "TIMESTAMP_LTZ": _timestamp_ltz,
    "BYTES": _bytes,
    "BINARY": _binary,
    "VARBINARY": _varbinary,
}
