"""Values by type that break what is careless, and columns with some of them among others.

Generators have them in `hostile` of 100 rows, by columns; `tests/drawn.py` draws from the same.
What a connector cannot carry is not asked of it: MySQL's DATE and DATETIME begin with the year
1000, its DOUBLE has no NaN, and its VARCHAR so many characters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Context, Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from streamgauge.draws import WORDS
from streamgauge.values.columns import Chosen, Pool, pick, piled
from streamgauge.vectors import (
    below,
    chance,
    indices,
    lower,
    pile,
    places,
    taken,
    taken_wide,
    words,
    words_at,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from streamgauge.vectors import Flags, Ints, Wide, Words

# And the next ones, where a generator has more columns than a draw has words.
_STREAM = 15
_LONG = 10_000
# In so many of 100 places, where nobody asks for more or less.
USUAL = 5
# Of one key, whose count is past what a SMALLINT holds.
MORE_THAN_16_BITS = 2**15
# As often among others as a kind of them.
NULLS = (None,) * 4
_NULL = Pool(None)

TEXTS: Mapping[str, Sequence[str]] = {
    "empty": ("",),
    "blank": (" ", "\t", "\u00a0", "\u3000"),
    "padded": (" a", "a ", " a ", "\u00a0a"),
    "a newline at the end": ("a\n", "a\r\n"),
    # Sharp s, final sigma, I with and without a dot, long s, a ligature, a title case of its own.
    "case that folds oddly": (
        "Stra\u00dfe", "STRASSE", "\u039f\u0394\u039f\u03a3", "\u0130", "\u0131", "\u017f",
        "\ufb01", "\u01c5",
    ),
    "combining marks": ("\u0301a", "a\u0301", "\u00e1", "\u0301"),
    "other digits": ("\u0664\u0662", "\uff14\uff12", "\u00bd"),
    "beyond the BMP": ("\U0001f991", "\U00010400", "\U00010428", "\U0001f469\u200d\U0001f4bb"),
    "not what they seem": ("NULL", "null", "\\N", "true", "1e3", '"', "\\", "'", ","),
    "very long": ("ab" * (_LONG // 2), "\u00e9" * _LONG),
}  # fmt: skip
MOMENTS: Mapping[str, Sequence[datetime]] = {
    kind: [datetime.fromisoformat(text) for text in texts]
    for kind, texts in {
        "leap days": ("2024-02-29 00:00:00", "2000-02-29 23:59:59.999", "2024-02-29 12:00:00"),
        "ends of months": ("2024-01-31 23:59:59.999", "2023-02-28 23:59:59.999", "2023-03-01"),
        "ends of years": ("2024-12-31 23:59:59.999", "2025-01-01", "1999-12-31 23:59:59.999"),
        # In New York and in Berlin.
        "hours that are skipped": ("2024-03-10 02:30:00", "2024-03-31 02:30:00"),
        "hours that come twice": ("2024-11-03 01:30:00", "2024-10-27 02:30:00"),
        "epoch zero": ("1970-01-01",),
        "before it": ("1969-12-31 23:59:59.999", "1969-12-31 23:59:59", "1900-03-01", "1000-01-01"),
        "far": ("2038-01-19 03:14:08", "2106-02-07 06:28:16", "9999-12-31 23:59:59.999"),
    }.items()
}
# What a TIMESTAMP(3) would round.
FINE_MOMENTS: Mapping[str, Sequence[datetime]] = {
    **MOMENTS,
    "less than a millisecond": [
        datetime.fromisoformat(f"{second}.{part}")
        for second in ("2024-02-29 23:59:59", "1969-12-31 23:59:59")
        for part in ("000001", "000500", "999500", "999999")
    ],
}
DATES: Mapping[str, Sequence[date]] = {
    kind: [moment.date() for moment in moments] for kind, moments in MOMENTS.items()
}
DOUBLES: Mapping[str, Sequence[float]] = {
    "zero": (0.0, -0.0),
    "negative": (-1.5,),
    "no float of 32 bits": (0.1, 16_777_217.0, 1e300, 1e-300),
    "all digits": (0.1 + 0.2, 2.0**53 - 1, 1 / 3),
    "least and greatest": (2.2250738585072014e-308, 1.7976931348623157e308, -1.797e308),
}
BYTES: Mapping[str, Sequence[bytes]] = {
    "empty": (b"",),
    "zeros": (b"\0", b"\0a\0"),
    "no text": (b"\xff\xfe", b"\x80", b"\xed\xa0\x80"),
    "ends": (b"a ", b"a\n"),
}


def whole(least: int, greatest: int) -> Mapping[str, Sequence[int]]:
    """Whole numbers of least..greatest, one past what narrower types hold among them."""
    past = [2**bits for bits in (7, 8, 15, 16, 31, 32, 63)]
    kinds = {
        "zero": [0],
        "negative": [-1],
        "least": [least],
        "greatest": [greatest],
        "past narrower types": [*past, *(-1 - number for number in past)],
    }
    found = {
        kind: [n for n in numbers if least <= n <= greatest] for kind, numbers in kinds.items()
    }
    return {kind: numbers for kind, numbers in found.items() if numbers}


def decimals(precision: int, scale: int) -> Mapping[str, Sequence[Decimal]]:
    """DECIMALs of so many digits, of which so many are behind the point."""
    greatest = 10**precision - 1
    numbers = {
        "zero": [0],
        "negative": [-1],
        "least and greatest": [-greatest, greatest],
        "a unit": [1, 10**scale],
        # Halves of the unit before, and one that 53 bits do not hold.
        "a smaller scale changes": [5, 15, 10**scale * 7 + 5],
        "a float changes": [2**53 + 1, -(2**53) - 1, greatest // 3],
    }
    exact = Context(prec=precision)
    return {
        kind: [Decimal(n).scaleb(-scale, exact) for n in each if abs(n) <= greatest]
        for kind, each in numbers.items()
    }


def every(kinds: Mapping[str, Sequence[Any]]) -> list[Any]:
    """The values of all kinds."""
    return list(chain.from_iterable(kinds.values()))


def without(kinds: Mapping[str, Sequence[str]], *left_out: str) -> Mapping[str, Sequence[str]]:
    """All texts but these."""
    return _kept(kinds, lambda text: text not in left_out)


def shorter(kinds: Mapping[str, Sequence[str]], most: int) -> Mapping[str, Sequence[str]]:
    """Those texts that have at most so many characters."""
    return _kept(kinds, lambda text: len(text) <= most)


def _kept(
    kinds: Mapping[str, Sequence[str]], keeps: Callable[[str], bool]
) -> Mapping[str, Sequence[str]]:
    """Without kinds of which no text is left."""
    found = {kind: [*filter(keeps, texts)] for kind, texts in kinds.items()}
    return {kind: texts for kind, texts in found.items() if texts}


_BLOBS = every(BYTES)


def draws(seed: int, start: int, stop: int, columns: int, percent: int) -> list[Words]:
    """A word a row for each of so many columns; what they are is no matter for 0 percent."""
    if not percent:
        return [indices(start, stop).view("u8")] * columns
    streams = range(_STREAM, _STREAM + -(-columns // WORDS))
    return list(chain.from_iterable(words(seed, stream, start, stop) for stream in streams))


def draws_at(seed: int, at: Ints, columns: int, percent: int) -> list[Words]:
    """The same for any indices, of up to four columns."""
    return (words_at(seed, _STREAM, at) if percent else [at.view("u8")] * columns)[:columns]


def texts(column: Chosen, drawn: Words, percent: int, pool: Pool) -> Chosen:
    """The column, with texts of the pool in so many of 100 places."""
    if not percent:
        return column
    return piled(column, (chance(drawn, percent), pick(_which(drawn), pool)))


def nulls(column: Chosen, drawn: Words, percent: int) -> Chosen:
    """The column, with NULL in so many of 100 places."""
    return texts(column, drawn, percent, _NULL)


def numbers(
    column: NDArray[Any], drawn: Words, percent: int, values: Sequence[float]
) -> NDArray[Any]:
    """The same of numbers, which may stand for times or decimals."""
    if not percent:
        return column
    others = taken(values, below(_which(drawn), len(values)))
    return pile(column, (chance(drawn, percent), others))


def wide(column: Wide, drawn: Words, percent: int, values: Sequence[int]) -> Wide:
    """The same of numbers of 128 bits."""
    if not percent:
        return column
    others = taken_wide([value % 2**128 for value in values], below(_which(drawn), len(values)))
    high, low = (pile(one, (chance(drawn, percent), other)) for one, other in zip(column, others))
    return high, low


def blobs(column: list[bytes], drawn: Words, percent: int) -> list[bytes]:
    """The same of bytes."""
    chosen, at = chance(drawn, percent), below(_which(drawn), len(_BLOBS))
    for place in places(chosen):
        column[place] = _BLOBS[at[place]]
    return column


def beside(times: Ints, drawn: Words, percent: int, unit: int) -> Ints:
    """Times of which so many of 100 are a unit earlier or later, or as they were."""
    if not percent:
        return times
    return times + chance(drawn, percent) * (below(_which(drawn), 3) - 1) * unit


def near(times: Ints, drawn: Words, border: int, may: Flags, unit: int) -> Ints:
    """Times of some rows that `may`, which are a border's then, or a unit before it or behind."""
    return pile(times, (may, times - times % border + (below(_which(drawn), 3) - 1) * unit))


def _which(drawn: Words) -> Words:
    """The half of a word that does not say whether."""
    return lower(drawn, 32)
