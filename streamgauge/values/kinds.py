"""Columns of numbers, times and bytes, as arrays have them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from streamgauge.lazily import Lazily
from streamgauge.values.notation import RAW, Notation
from streamgauge.values.tokens import Piece, as_bytes, as_text, chosen, gathered, joined, tokens

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from numpy.typing import NDArray

    from streamgauge.vectors import Ints, Words

    Reals = NDArray[np.float64]
else:
    np, pa, pc = Lazily("numpy"), Lazily("pyarrow"), Lazily("pyarrow.compute")

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
# So many zeros behind the point a Decimal writes before the first digit; of more, an exponent.
_ZEROS = 5


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
    """Decimals of so many digits behind the point: whole numbers, and that `scale`."""

    def __init__(self, numbers: Ints | Words, scale: int = 0) -> None:
        self._numbers = numbers
        self._scale = scale

    def values(self) -> Sequence[Decimal]:
        """As Decimal."""
        return [Decimal(text.decode()) for text in as_bytes(joined(*self._texts()))]

    def tokens(self, notation: Notation) -> pa.Array:
        """As texts, which lose no digit."""
        return joined(notation.quote, *self._texts(), notation.quote)

    def _texts(self) -> Sequence[Piece]:
        """Sign, digits, point and digits. Of up to six behind the point none needs an exponent."""
        if not self._scale:
            return [as_text(pa.array(self._numbers))]
        whole, behind = np.divmod(abs(self._numbers), 10**self._scale)
        signs = chosen(tokens([b"", b"-"]), (self._numbers < 0).astype(int))
        padded = pc.utf8_lpad(pa.array(behind).cast(pa.large_string()), self._scale, "0")
        return [signs, as_text(pa.array(whole)), b".", padded.cast(pa.large_binary())]


class Large:
    """Decimals of many digits behind the point, of any length."""

    def __init__(self, numbers: Sequence[int], scale: int) -> None:
        self._numbers = numbers
        self._scale = scale

    def values(self) -> Sequence[Decimal]:
        """As Decimal."""
        return list(map(Decimal, self._texts()))

    def tokens(self, notation: Notation) -> pa.Array:
        """As texts, which lose no digit."""
        return joined(notation.quote, tokens(list(map(str.encode, self._texts()))), notation.quote)

    def _texts(self) -> Sequence[str]:
        return [_placed(number, self._scale) for number in self._numbers]


def _placed(number: int, scale: int) -> str:
    """The number with a point before its last `scale` digits, as Decimal writes it."""
    digits = str(abs(number))
    if len(digits) < scale - _ZEROS:
        return str(Decimal(f"{number}E-{scale}"))
    sign, digits = "-" if number < 0 else "", digits.zfill(scale + 1)
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}"


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
