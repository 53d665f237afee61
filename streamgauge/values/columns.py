"""Records as columns: tuples are made when somebody looks at them, messages without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Protocol, overload

from streamgauge import vectors
from streamgauge.lazily import Lazily
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Record
from streamgauge.values.notation import Notation

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from numpy.typing import NDArray

    from streamgauge.vectors import Ints, Words

    # Of bytes.
    Tokens = NDArray[np.object_]
else:
    np, pa, pc = Lazily("numpy"), Lazily("pyarrow"), Lazily("pyarrow.compute")

_SECOND = 10**6
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
_MICROSECOND = timedelta(microseconds=1)
_DAY = 24 * 60 * 60 * _SECOND
# The years 1 to 9999, which a datetime has, in microseconds since 1970.
_FIRST, _END = ((day - _EPOCH.toordinal()) * _DAY for day in (1, date.max.toordinal() + 1))


class Column(Protocol):
    """The values of one column, of all records."""

    def values(self) -> Sequence[Any]:
        """As Python has them."""

    def tokens(self, notation: Notation) -> Tokens:
        """As they are written, with quotes where those are needed."""


class Columns(Sequence[Record]):
    """Rows of `columns`, or changes, if it is told what happens to each: `ops` are such columns.

    A sequence like a list of them, which it is equal to. Columns have all the same length.
    """

    def __init__(self, *columns: Column, size: int, ops: Column | None = None) -> None:
        self.columns = columns
        self.ops = ops
        self._size = size

    @cached_property
    def _records(self) -> list[Record]:
        rows = zip(*(column.values() for column in self.columns))
        return list(rows if self.ops is None else map(Change, self.ops.values(), rows))

    def written(self, notation: Notation, marks: Sequence[bytes]) -> list[bytes]:
        """Each row with a mark before its first, between any two and after its last value."""
        tokens = (column.tokens(notation).tolist() for column in self.columns)
        parts = chain.from_iterable(zip(map(repeat, marks), tokens))
        return list(map(b"".join, zip(*parts, repeat(marks[-1]))))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> list[Record]: ...
    def __getitem__(self, at: int | slice) -> Record | list[Record]:
        return self._records[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._records == list(other)

    def __repr__(self) -> str:
        return repr(self._records)

    __hash__ = None  # type: ignore[assignment]


class Pool:
    """Values of which columns are chosen: each is written once, and not a row."""

    def __init__(self, *values: Any) -> None:
        self.values = values
        self._written: dict[Any, Tokens] = {}

    def tokens(self, notation: Notation, *, inside: bool = False) -> Tokens:
        """Each value as it is written; as a part of a text where it is `inside` one."""
        write = notation.inside if inside else notation.value
        if write not in self._written:
            self._written[write] = objects([write(value) for value in self.values])
        return self._written[write]


def pick(drawn: Words, pool: Pool) -> Chosen:
    """One of a pool for each, evenly."""
    return Chosen(vectors.below(drawn, len(pool.values)), pool)


class Chosen:
    """Values of a pool, by their indices."""

    def __init__(self, at: Ints, pool: Pool) -> None:
        self.at = at
        self.pool = pool

    def values(self) -> Sequence[Any]:
        """The chosen ones."""
        return list(map(self.pool.values.__getitem__, self.at.tolist()))

    def tokens(self, notation: Notation) -> Tokens:
        """The chosen ones, written."""
        return self.pool.tokens(notation)[self.at]

    def inside(self, notation: Notation) -> Tokens:
        """The chosen ones as parts of texts."""
        return self.pool.tokens(notation, inside=True)[self.at]


class Numbers:
    """Whole numbers, of int64 or uint64."""

    def __init__(self, numbers: Ints | Words) -> None:
        self.numbers = numbers

    def values(self) -> Sequence[int]:
        """As int."""
        numbers: list[int] = self.numbers.tolist()
        return numbers

    def tokens(self, notation: Notation) -> Tokens:
        """In digits."""
        return as_tokens(pa.array(self.numbers).cast(pa.string()))

    def inside(self, notation: Notation) -> Tokens:
        """The same."""
        return self.tokens(notation)


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

    def tokens(self, notation: Notation) -> Tokens:
        """Six digits of a second, or none where all are 0."""
        tokens = _quoted(_cast(self.microseconds, "us"), notation)
        whole = self.microseconds % _SECOND == 0
        tokens[whole] = _quoted(_cast(self.microseconds[whole] // _SECOND, "s"), notation)
        return tokens


def microseconds(moment: datetime) -> int:
    """Since 1970, of a time without a zone."""
    return (moment - _EPOCH) // _MICROSECOND


def _cast(numbers: Ints, unit: str) -> pa.Array:
    return pa.array(numbers, type=pa.timestamp(unit)).cast(pa.string())


def _quoted(texts: pa.Array, notation: Notation) -> Tokens:
    """Texts that need quotes and no more."""
    quote = notation.quote.decode()
    return as_tokens(pc.binary_join_element_wise(quote, texts, quote, ""))


def as_tokens(texts: pa.Array) -> Tokens:
    """Texts of pyarrow as bytes."""
    tokens: Tokens = texts.cast(pa.binary()).to_numpy(zero_copy_only=False)
    return tokens


def objects(values: Sequence[Any]) -> Tokens:
    """An array of any objects: numpy would take bytes for its own, of one length."""
    array = np.empty(len(values), dtype=np.object_)
    array[:] = values
    return array
