"""Words as people type them, some far more often than others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from generators import hostile as hostiles
from streamgauge.locales import localised
from streamgauge.values.columns import Chosen, Columns, Pool
from streamgauge.vectors import below, chance, indices, pile, ranks, words

if TYPE_CHECKING:
    from streamgauge.vectors import Ints, Words

_STREAM = 1
_VOCABULARY = Pool(
    "flink", "pyflink", "table", "stream", "batch", "window", "watermark", "state", "savepoint",
    "checkpoint", "kafka", "mysql", "join", "count", "late", "key", "value", "sink",
    "source", "row",
)  # fmt: skip
# Inner punctuation, marks of their own beside letters that have them, letters of two
# UTF-16 units, letters whose lower case depends on their place, other digits.
_RARE = (
    "it's", "e-mail", "a,b", 'say"so', "back\\slash", "x  y", "two\nlines", "naïve", "cafe\u0301",
    "café", "कि", "Straße", "ΟΔΟΣ", "Ǆ", "Ольга", "李小龍", "مريم", "𐐀𐐁", "٤٢", "½", "4.5",
    "C3PO", "snake_case",
)  # fmt: skip
# Nothing is left of these.
_EMPTY = ("", "", "", " ", "...", "\t", "🦑", "👩‍💻", "—", '""', "_")
_AROUND = (
    ("", ""), ("", "."), ("", ","), ('"', '"'), ("(", ")"), ("«", "»"), ("", "!?"), ("'", "'"),
    ("_", "_"), (" ", "  "), ("--", ""), ("", "🦑"), ("¡", "!"), ("\t", "\\"), ("#", ":"),
)  # fmt: skip
# Of so many draws of what is around, and of cases, all but the last few are the first.
_AROUND_DRAWS = 42
# In CSV this one is NULL, and may be no text.
_HOSTILE = Pool(*hostiles.NULLS, *hostiles.every(hostiles.without(hostiles.TEXTS, "\\N")))
_LONG = 100_000
_LONG_ONES = 4
_LONG_EVERY = 250
_CASES: tuple[Callable[[str], str], ...] = (str, str.capitalize, str.upper)
_CASE_DRAWS = 10

_COMMON = len(_VOCABULARY.values)
# Zipf: the n-th word has a share of 1/n, in whole numbers so that no machine rounds it.
_SHARES = list(accumulate(10_000 // rank for rank in range(1, _COMMON + 1)))
# Where in the pool they begin.
_EMPTY_AT = (_COMMON + len(_RARE)) * len(_CASES) * len(_AROUND)
_LONG_AT = _EMPTY_AT + len(_EMPTY)


def rows(
    seed: int, start: int, stop: int, locale: str | None = None, hostile: int = hostiles.USUAL
) -> Columns:
    """Rows (word), for indices start..stop-1.

    A third stands between punctuation, a twentieth is no word; each 250th has 100,000 characters.
    The words that come often are of a locale. In `hostile` of 100 rows it is a hostile text, or
    NULL.
    """
    word, case, around, kind = words(seed, _STREAM, start, stop)
    at = pile(
        _typed(word, case, around, kind),
        (chance(kind, 5), _EMPTY_AT + below(word, len(_EMPTY))),
        (
            indices(start, stop) % _LONG_EVERY == _LONG_EVERY - 1,
            _LONG_AT + below(word, _LONG_ONES) * 2 + chance(kind, 50),
        ),
    )
    pool = _pool(localised(_VOCABULARY, "word", locale))
    drawn, *_ = hostiles.draws(seed, start, stop, 1, hostile)
    return Columns(hostiles.texts(Chosen(at, pool), drawn, hostile, _HOSTILE), size=len(at))


def many(seed: int) -> list[tuple[Any, ...]]:
    """Words, one of them more often than fits into 16 bits."""
    return [*rows(seed, 0, 20), *[("many",)] * hostiles.MORE_THAN_16_BITS]


def _typed(word: Words, case: Words, around: Words, kind: Words) -> Ints:
    """Where in the pool a stem in this case, in this punctuation, stands."""
    rare = _COMMON + below(word, len(_RARE))
    stem = pile(ranks(word, _SHARES), (chance(kind, 20), rare))
    cased = stem * len(_CASES) + _mostly_first(case, _CASE_DRAWS, len(_CASES))
    return cased * len(_AROUND) + _mostly_first(around, _AROUND_DRAWS, len(_AROUND))


def _mostly_first(drawn: Words, draws: int, kinds: int) -> Ints:
    return (below(drawn, draws) - (draws - kinds)).clip(0)


@cache
def _pool(vocabulary: Pool) -> Pool:
    """All texts that there are: words in each case and punctuation, what is none, long ones."""
    return Pool(*_texts(vocabulary.values))


def _texts(vocabulary: Sequence[str]) -> Iterable[str]:
    for stem in (*vocabulary, *_RARE):
        for case in _CASES:
            yield from (f"{before}{case(stem)}{after}" for before, after in _AROUND)
    yield from _EMPTY
    for stem in vocabulary[:_LONG_ONES]:
        yield from (_long(stem, "-" * _LONG), _long(stem, stem * _LONG))


def _long(stem: str, inside: str) -> str:
    """A very long word, or one with as much inside that belongs to no word."""
    return f"{stem}{inside[: _LONG - 2 * len(stem)]}{stem}"
