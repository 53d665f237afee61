"""Random draws where each index has its own: any slice can be made alone.

Philox is a counter-based generator: its output is a function of key and
counter (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011).
The key is (seed, stream), the counter is the index, so a slice needs nothing
that came before it. Only raw 64-bit words are taken: numpy promises them to
be the same on every version and machine, which it does not of distributions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from streamgauge.lazily import Lazily

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    # It costs 0.1 s, and a shipped sample is not drawn.
    np = Lazily("numpy")

T = TypeVar("T")

WORDS = 4
_TOP = 2**64


def draws(seed: int, stream: int, start: int, stop: int) -> list[list[int]]:
    """`WORDS` random 64-bit integers for each index in start..stop-1.

    `stream` keeps entities with the same seed apart. `seed` is 0..2**64-1.
    """
    rows: list[list[int]] = raw_words(seed, stream, start, stop).tolist()
    return rows


def raw_words(seed: int, stream: int, start: int, stop: int) -> NDArray[np.uint64]:
    """The same as an array of a row an index, `WORDS` wide."""
    if not 0 <= seed < _TOP:
        raise ValueError(f"seed {seed} is not in 0..2**64-1")
    bits = np.random.Philox(key=seed + (stream << 64), counter=start)
    return bits.random_raw(WORDS * max(0, stop - start)).reshape(-1, WORDS)


def pick(word: int, pool: Sequence[T]) -> T:
    """One of `pool`, evenly."""
    return pool[word * len(pool) >> 64]


def below(word: int, bound: int) -> int:
    """An integer in 0..bound-1, evenly."""
    return word * bound >> 64


def chance(word: int, percent: int) -> bool:
    """True in `percent` of 100 cases."""
    return below(word, 100) < percent
