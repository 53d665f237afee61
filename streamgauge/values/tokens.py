"""What is written of the values of a column, in pyarrow's memory: no object a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Union

from streamgauge.lazily import Lazily

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from streamgauge.vectors import Flags, Ints
else:
    np, pa, pc = Lazily("numpy"), Lazily("pyarrow"), Lazily("pyarrow.compute")

Piece = Union["pa.Array", bytes]


def tokens(written: Sequence[bytes]) -> pa.Array:
    """Of values that were written one by one."""
    return pa.array(written, type=pa.large_binary())


def as_text(numbers: pa.Array) -> pa.Array:
    """What pyarrow writes of numbers and times."""
    return numbers.cast(pa.large_string()).cast(pa.large_binary())


def joined(*pieces: Piece) -> pa.Array:
    """Pieces of each value one after the other; a piece of all is bytes."""
    scalars = [pa.scalar(p, pa.large_binary()) if isinstance(p, bytes) else p for p in pieces]
    return pc.binary_join_element_wise(*scalars, pa.scalar(b"", pa.large_binary()))


def chosen(table: pa.Array, at: Ints) -> pa.Array:
    """Those of a table that stand at these places."""
    return table.take(pa.array(at))


def gathered(elsewhere: bytes, *parts: tuple[Flags, pa.Array]) -> pa.Array:
    """Each part's values where its flags are up, one after the other."""
    at = np.zeros(len(parts[0][0]), dtype=np.int64)
    begin = 1
    for flags, part in parts:
        at[flags] = np.arange(begin, begin + len(part))
        begin += len(part)
    return chosen(pa.concat_arrays([tokens([elsewhere]), *(part for _, part in parts)]), at)


def as_bytes(written: pa.Array) -> list[bytes]:
    """An object each, at last."""
    values: list[bytes] = written.to_numpy(zero_copy_only=False).tolist()
    return values
