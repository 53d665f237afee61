"""The draws of `streamgauge.draws` for many indices at once: the same numbers, as arrays.

All arrays have one dimension and a place for each index. Random words are uint64; what is
drawn from them is int64, or uint64 where it may be greater.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from streamgauge.draws import raw_words
from streamgauge.lazily import Lazily

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Words = NDArray[np.uint64]
    Flags = NDArray[np.bool_]
    Some = TypeVar("Some", Ints, Words)
    # Of numbers of 128 bits the upper halves, and the lower ones.
    Wide = tuple[Words, Words]
else:
    np = Lazily("numpy")

_HALF = 32
_LOWER = 2**_HALF - 1
_SIGNED = 2**63
# Philox 4x64: multipliers, what is added to the key after each round, rounds.
_MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
_WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
_ROUNDS = 10


def words(seed: int, stream: int, start: int, stop: int) -> list[Words]:
    """The `WORDS` words of `draws`, each for all indices in start..stop-1."""
    return list(raw_words(seed, stream, start, stop).T)


def words_at(seed: int, stream: int, indices: Ints) -> list[Words]:
    """The same for any indices: ten rounds of Philox, as numpy has it for counters in order."""
    counters = indices.astype(np.uint64) + np.uint64(1)
    zero = np.zeros_like(counters)
    state = (counters, zero, zero, zero)
    for turn in range(_ROUNDS):
        state = _round(state, _key(seed, 0, turn), _key(stream, 1, turn))
    return list(state)


def _key(half: int, which: int, turn: int) -> np.uint64:
    key: np.uint64 = np.uint64((half + turn * _WEYL[which]) % 2**64)
    return key


def _round(
    state: tuple[Words, Words, Words, Words], one: np.uint64, other: np.uint64
) -> tuple[Words, Words, Words, Words]:
    a, b, c, d = state
    first, second = map(np.uint64, _MULTIPLIERS)
    return _high(c, second) ^ b ^ one, c * second, _high(a, first) ^ d ^ other, a * first


def lower(drawn: Words, bits: int) -> Words:
    """Words of what is behind the first `bits` of each."""
    words: Words = drawn << np.uint64(bits)
    return words


def pieces(drawn: Words, bits: int) -> list[Words]:
    """Words of so many bits out of each, beginning with its last ones."""
    return [lower(drawn >> np.uint64(at), 64 - bits) for at in range(0, 64, bits)]


def indices(start: int, stop: int) -> Ints:
    """start..stop-1, or none."""
    return np.arange(start, max(start, stop), dtype=np.int64)


def below(drawn: Words, bound: int | Ints) -> Ints:
    """Integers in 0..bound-1, evenly; `bound` is at most 2**63, and may differ by place."""
    if isinstance(bound, int) and bound <= _LOWER:
        high, low = drawn >> np.uint64(_HALF), drawn & np.uint64(_LOWER)
        factor = np.uint64(bound)
        drawn = (high * factor + (low * factor >> np.uint64(_HALF))) >> np.uint64(_HALF)
    else:
        drawn = _high(drawn, np.asarray(bound, dtype=np.uint64))
    return drawn.view(np.int64)


def among(drawn: Words, numbers: Sequence[float]) -> NDArray[Any]:
    """One of few numbers for each, evenly."""
    return taken(numbers, below(drawn, len(numbers)))


def taken(numbers: Sequence[float], at: Ints) -> NDArray[Any]:
    """Those of few numbers that stand at these places."""
    return np.asarray(numbers)[at]


def places(flags: Flags) -> Sequence[int]:
    """Where flags are up."""
    found: list[int] = flags.nonzero()[0].tolist()
    return found


def unsigned(numbers: Ints) -> Words:
    """The same bits as numbers of 0..2**64-1."""
    return numbers.view(np.uint64)


def taken_wide(numbers: Sequence[int], at: Ints) -> Wide:
    """Those of few numbers of 128 bits that stand at these places."""
    halves = [divmod(number, 2**64) for number in numbers]
    high, low = np.array(halves, dtype=np.uint64).T
    return high[at], low[at]


def below_wide(drawn: Wide, bound: Wide) -> Wide:
    """`below` of 128 bits, by halves: the upper 128 bits of products."""
    (a, b), (c, d) = drawn, bound
    _, carry = _sum(_high(b, d), a * d, b * c)
    low, more = _sum(_high(a, d), _high(b, c), a * c, carry)
    return _high(a, c) + more, low


def less(number: Wide, other: Wide) -> Wide:
    """Their difference of 128 bits, by halves."""
    (a, b), (c, d) = number, other
    return a - c - (b < d), b - d


def _sum(first: Words, *others: Words) -> tuple[Words, Words]:
    """A sum of 64 bits, and how often it has overflowed."""
    carry = np.zeros_like(first)
    for other in others:
        first = first + other
        carry += first < other
    return first, carry


def chance(drawn: Words, percent: int) -> Flags:
    """True in `percent` of 100 cases."""
    flags: Flags = below(drawn, 100) < percent
    return flags


def ranks(drawn: Words, shares: Sequence[int]) -> Ints:
    """Which share each falls in: `shares` are the sums up to each, in rising order."""
    found: Ints = np.searchsorted(np.asarray(shares), below(drawn, shares[-1]), side="right")
    return found


def pile(lowest: Some, *layers: tuple[Flags, Some | int]) -> Some:
    """The numbers of the last layer that has its flag up, or else the lowest."""
    for flags, numbers in layers:
        lowest = np.where(flags, numbers, lowest)
    return lowest


def ranked(numbers: Ints, known: Sequence[int]) -> Ints:
    """Where each stands among known ones, which are in rising order."""
    found: Ints = np.searchsorted(np.asarray(known), numbers)
    return found


def _high(one: Words, other: Words | np.uint64) -> Words:
    """The upper 64 bits of products."""
    half, lower = np.uint64(_HALF), np.uint64(_LOWER)
    a, b = one >> half, one & lower
    c, d = other >> half, other & lower
    middle = (b * d >> half) + (a * d & lower) + b * c
    product: Words = a * c + (a * d >> half) + (middle >> half)
    return product
