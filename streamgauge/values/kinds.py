"""Columns of numbers, times and bytes, as arrays have them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from streamgauge.lazily import Lazily
from streamgauge.values.notation import RAW, Notation
from streamgauge.values.tokens import as_text, gathered, joined, tokens

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from streamgauge.vectors import Ints, Words

    Reals = NDArray[np.float64]
else:
    np, pa = Lazily("numpy"), Lazily("pyarrow")

_SECOND = 10**6
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
_MICROSECOND = timedelta(microseconds=1)
_DAY = 24 * 60 * 60 * _SECOND
# The years 1 to 9999, which a datetime has, in microseconds since 1970.
_FIRST, _END = ((day - _EPOCH.toordinal()) * _DAY for day in (1, date.max.toordinal() + 1))
# Up to here each whole number is a float.
_EXACT = 2**53
# Between them Python writes a float with a fraction as pyarrow does, without an exponent.
_PLAIN = (1e-4, 1e10)
# Beyond them both write an exponent of two digits or more.
_EXPONENT = (1e-9, 1e16)
_MOST_DIGITS = 38


class Numbers:
    """Whole numbers, of int64 or uint64."""

    def __init__(self, numbers: Ints | Words) -> None:
        self.numbers = numbers

    def values(self) -> Sequence[int]:
        """As int."""
        numbers: list[int] = self.numbers.tolist()
        return numbers

    def tokens(self, notation: Notation) -> pa.Array:
        """In digits."""
        return as_text(pa.array(self.numbers))

    def inside(self, notation: Notation) -> pa.Array:
        """The same."""
        return self.tokens(notation)


class Exact:
    """Decimals of at most 38 digits: whole numbers, and how many digits are behind the point.

    Of numbers of more than 64 bits these are the lower ones, and `high` has the others.
    """

    def __init__(self, numbers: Ints | Words, scale: int = 0, high: Words | None = None) -> None:
        # All bits above are those of the sign.
        above = (numbers < 0) * np.uint64(2**64 - 1) if high is None else high
        halves = np.stack([numbers.view(np.uint64), above], axis=1)
        type_ = pa.decimal128(_MOST_DIGITS, scale)
        self._decimals = pa.Array.from_buffers(type_, len(halves), [None, pa.py_buffer(halves)])

    def values(self) -> Sequence[Decimal]:
        """As Decimal."""
        decimals: list[Decimal] = self._decimals.to_pylist()
        return decimals

    def tokens(self, notation: Notation) -> pa.Array:
        """As texts, which lose no digit. Arrow writes them as Python does."""
        return joined(notation.quote, as_text(self._decimals), notation.quote)


class Floats:
    """Floats."""

    def __init__(self, numbers: Reals) -> None:
        self._numbers = numbers

    def values(self) -> Sequence[float]:
        """As float."""
        numbers: list[float] = self._numbers.tolist()
        return numbers

    def tokens(self, notation: Notation) -> pa.Array:
        """The fewest digits that tell the number, as Python writes it."""
        numbers, size = self._numbers, abs(self._numbers)
        whole = (size < _EXACT) & (size == np.floor(size)) & ~((size == 0) & np.signbit(numbers))
        plain = ~whole & (_PLAIN[0] <= size) & (size < _PLAIN[1])
        long = (size < _EXPONENT[0]) & (size > 0) | (_EXPONENT[1] <= size)
        rest = ~(whole | plain | long)
        return gathered(
            b"",
            (whole, joined(as_text(pa.array(numbers[whole].astype(np.int64))), b".0")),
            (plain | long, as_text(pa.array(numbers[plain | long]))),
            (rest, tokens([repr(number).encode() for number in numbers[rest].tolist()])),
        )


class Moments:
    """Times without a zone, as microseconds since 1970."""

    def __init__(self, microseconds: Ints) -> None:
        if len(microseconds) and not _FIRST <= microseconds.min() <= microseconds.max() < _END:
            raise OverflowError("date value out of range")
        self.microseconds = microseconds

    def values(self) -> Sequence[datetime]:
        """As datetime."""
        moments: list[datetime] = self.microseconds.astype("M8[us]").tolist()
        return moments

    def tokens(self, notation: Notation) -> pa.Array:
        """Six digits of a second, or none where all are 0."""
        whole = self.microseconds % _SECOND == 0
        seconds = self.microseconds[whole] // _SECOND
        texts = gathered(
            b"",
            (~whole, _written(self.microseconds[~whole], "us")),
            (whole, _written(seconds, "s")),
        )
        return joined(notation.quote, texts, notation.quote)


def microseconds(moment: datetime) -> int:
    """Since 1970, of a time without a zone."""
    return (moment - _EPOCH) // _MICROSECOND


def _written(numbers: Ints, unit: str) -> pa.Array:
    return as_text(pa.array(numbers, type=pa.timestamp(unit)))


def days(day: date) -> int:
    """Since 1970."""
    return day.toordinal() - _EPOCH.toordinal()


class Days:
    """Dates, as days since 1970."""

    def __init__(self, days: Ints) -> None:
        self._days = days

    def values(self) -> Sequence[date]:
        """As date."""
        days: list[date] = self._days.astype("M8[D]").tolist()
        return days

    def tokens(self, notation: Notation) -> pa.Array:
        """Year, month and day."""
        days = pa.array(self._days.astype(np.int32), type=pa.date32())
        return joined(notation.quote, as_text(days), notation.quote)


class Blobs:
    """Bytes."""

    def __init__(self, blobs: Sequence[bytes]) -> None:
        self._blobs = blobs

    def values(self) -> Sequence[bytes]:
        """As they are."""
        return self._blobs

    def tokens(self, notation: Notation) -> pa.Array:
        """As the notation has bytes."""
        return tokens(list(map(notation.blob, self._blobs)))


class Texts:
    """Texts of which each is another one, in UTF-8."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._texts = texts

    def values(self) -> Sequence[str]:
        """As str."""
        return list(map(bytes.decode, self._texts))

    def tokens(self, notation: Notation) -> pa.Array:
        """Each written by itself, if it is not as it is."""
        if notation is RAW:
            return tokens(self._texts)
        return tokens(list(map(notation.value, self.values())))
