"""Words as people type them, some far more often than others."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

from streamgauge.draws import below, chance, draws, pick

_STREAM = 1
_VOCABULARY = (
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
    *[("", "")] * 28,
    ("", "."), ("", ","), ('"', '"'), ("(", ")"), ("«", "»"), ("", "!?"), ("'", "'"), ("_", "_"),
    (" ", "  "), ("--", ""), ("", "🦑"), ("¡", "!"), ("\t", "\\"), ("#", ":"),
)  # fmt: skip
_LONG = 100_000
_LONG_ONES = 4
_LONG_EVERY = 250
_CASES: tuple[Callable[[str], str], ...] = (*[str] * 8, str.capitalize, str.upper)

# Zipf: the n-th word has a share of 1/n, in whole numbers so that no machine rounds it.
_SHARES = list(accumulate(10_000 // rank for rank in range(1, len(_VOCABULARY) + 1)))


def rows(seed: int, start: int, stop: int) -> list[tuple[str]]:
    """Rows (word), for indices start..stop-1.

    A third stands between punctuation, a twentieth is no word; each 250th has 100,000 characters.
    """
    numbers = draws(seed, _STREAM, start, stop)
    return [(_typed(index, *drawn),) for index, drawn in zip(range(start, stop), numbers)]


def _typed(index: int, word: int, case: int, around: int, kind: int) -> str:
    if index % _LONG_EVERY == _LONG_EVERY - 1:
        return _long(word, kind)
    if chance(kind, 5):
        return pick(word, _EMPTY)
    text = pick(word, _RARE) if chance(kind, 20) else _word(word)
    before, after = pick(around, _AROUND)
    return f"{before}{pick(case, _CASES)(text)}{after}"


def _word(number: int) -> str:
    at = below(number, _SHARES[-1])
    return next(word for word, share in zip(_VOCABULARY, _SHARES) if at < share)


def _long(word: int, kind: int) -> str:
    """One of few very long words, some with as much inside that belongs to no word."""
    stem = _VOCABULARY[below(word, _LONG_ONES)]
    inside = stem * _LONG if chance(kind, 50) else "-" * _LONG
    return f"{stem}{inside[: _LONG - 2 * len(stem)]}{stem}"
