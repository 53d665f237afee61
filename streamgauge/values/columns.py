"""Records as columns: tuples are made when somebody looks at them, messages without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, Protocol, overload

from streamgauge import vectors
from streamgauge.lazily import Lazily
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Record
from streamgauge.values.notation import RAW, Notation
from streamgauge.values.tokens import as_bytes, chosen, gathered, joined, tokens

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from streamgauge.vectors import Flags, Ints, Words
else:
    np = Lazily("numpy")


class Column(Protocol):
    """The values of one column, of all records."""

    def values(self) -> Sequence[Any]:
        """As Python has them."""

    def tokens(self, notation: Notation) -> pa.Array:
        """As they are written, with quotes where those are needed."""


class Part(Protocol):
    """What can be a part of texts."""

    def inside(self, notation: Notation) -> pa.Array:
        """As it is written inside of a text."""


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
        written = (column.tokens(notation) for column in self.columns)
        return as_bytes(joined(*chain.from_iterable(zip(marks, written)), marks[-1]))

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
        self._written: dict[Any, pa.Array] = {}

    def tokens(self, notation: Notation, *, inside: bool = False) -> pa.Array:
        """Each value as it is written; as a part of a text where it is `inside` one."""
        write = notation.inside if inside else notation.value
        if write not in self._written:
            self._written[write] = tokens([write(value) for value in self.values])
        return self._written[write]


def pick(drawn: Words, pool: Pool) -> Chosen:
    """One of a pool for each, evenly."""
    return Chosen(vectors.below(drawn, len(pool.values)), pool)


def piled(lowest: Chosen | str, *layers: tuple[Flags, Chosen | str]) -> Chosen:
    """What is chosen in the last layer that has its flag up, or else in the lowest.

    A text stands for what is the same everywhere.
    """
    parts = (lowest, *(part for _, part in layers))
    chosen = [_one(part) if isinstance(part, str) else part for part in parts]
    pools = tuple(each.pool for each in chosen)
    begins = accumulate((len(pool.values) for pool in pools), initial=0)
    first, *others = (each.at + begin for each, begin in zip(chosen, begins))
    flags = (flag for flag, _ in layers)
    return Chosen(vectors.pile(first, *zip(flags, others)), _together(pools))


@cache
def _one(text: str) -> Chosen:
    return Chosen(np.zeros((), dtype=np.int64), Pool(text))


@cache
def _together(pools: tuple[Pool, ...]) -> Pool:
    return Pool(*chain.from_iterable(pool.values for pool in pools))


class Chosen:
    """Values of a pool, by their indices."""

    def __init__(self, at: Ints, pool: Pool) -> None:
        self.at = at
        self.pool = pool

    def values(self) -> Sequence[Any]:
        """The chosen ones."""
        return list(map(self.pool.values.__getitem__, self.at.tolist()))

    def tokens(self, notation: Notation) -> pa.Array:
        """The chosen ones, written."""
        return chosen(self.pool.tokens(notation), self.at)

    def inside(self, notation: Notation) -> pa.Array:
        """The chosen ones as parts of texts."""
        return chosen(self.pool.tokens(notation, inside=True), self.at)


class Joined:
    """Texts of parts, one after the other; one that is the same in all texts is a str."""

    def __init__(self, *parts: Part | str) -> None:
        self._parts = parts

    def values(self) -> Sequence[str]:
        """As str."""
        return [text.decode() for text in self.raw()]

    def tokens(self, notation: Notation) -> pa.Array:
        """In quotes."""
        return self._joined(notation)

    def raw(self) -> list[bytes]:
        """In UTF-8."""
        return as_bytes(self._joined(RAW))

    def _joined(self, notation: Notation) -> pa.Array:
        parts = (
            notation.inside(part) if isinstance(part, str) else part.inside(notation)
            for part in self._parts
        )
        return joined(notation.quote, *parts, notation.quote)


class Mixed:
    """The values of several columns: of each where its flags are up, and None elsewhere.

    A column has values for those places alone.
    """

    def __init__(self, *parts: tuple[Flags, Column]) -> None:
        self._parts = parts

    def values(self) -> Sequence[Any]:
        """Those of the parts, or None."""
        flags, _ = self._parts[0]
        values = np.full(len(flags), None, dtype=np.object_)
        for flags, column in self._parts:
            values[flags] = column.values()
        given: list[Any] = values.tolist()
        return given

    def tokens(self, notation: Notation) -> pa.Array:
        """Those of the parts, or None written."""
        parts = [(flags, column.tokens(notation)) for flags, column in self._parts]
        return gathered(notation.value(None), *parts)


class Partly:
    """A part of texts where flags are up, and nothing elsewhere. It has those places alone."""

    def __init__(self, flags: Flags, part: Part) -> None:
        self._flags = flags
        self._part = part

    def inside(self, notation: Notation) -> pa.Array:
        """What is there, or nothing."""
        return gathered(b"", (self._flags, self._part.inside(notation)))
