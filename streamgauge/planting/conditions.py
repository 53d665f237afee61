"""Wrong variants of conditions, and of the joins that have some."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from streamgauge.planting.reading import Reading
from streamgauge.planting.variant import Variant

Found = Iterator[Variant]

_BORDERS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_OTHERS = {"=": "<>", "<>": "=", "!=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_JOINS = {"LEFT": "INNER", "INNER": "LEFT", "RIGHT": "INNER", "FULL": "LEFT"}


def _comparisons(read: Reading) -> Found:
    for at in read.places(*_OTHERS):
        yield read.put("comparison", at, at, _OTHERS[read.word(at)])
    for at in read.places(*_BORDERS):
        yield read.put("border", at, at, _BORDERS[read.word(at)])


def _between(read: Reading) -> Found:
    """Without the one border or the other."""
    for at in read.places("BETWEEN"):
        begin, last = read.first(at), read.last(at + 1)
        middle = next((n for n in read.level(at, last) if read.word(n) == "AND"), None)
        if middle is None or begin == at or read.word(at - 1) == "NOT":
            continue
        value, low = read.written(begin, at - 1), read.written(at + 1, middle - 1)
        high = read.written(middle + 1, last)
        for lower, upper in ((">", "<="), (">=", "<")):
            instead = f"{value} {lower} {low} AND {value} {upper} {high}"
            yield read.put("border", begin, last, instead)


def _logic(read: Reading) -> Found:
    for at in filter(read.splits, read.places("AND", "OR")):
        other = {"AND": "OR", "OR": "AND"}[read.word(at)]
        yield read.put("AND/OR", at, at, other)


def _conditions(read: Reading) -> Found:
    """Left out: each condition of several, and one that stands alone."""
    for at in filter(read.splits, read.places("AND", "OR")):
        first = read.first(at - 1)
        kind = _of_join(read, first)
        yield read.without(kind, at, read.last(at + 1))
        if not read.splits(first - 1):
            yield read.put(kind, first, at + 1, read.written(at + 1, at + 1))
    for at in read.places("WHERE", "HAVING"):
        if read.last(at + 1) == read.end(at + 1):
            yield read.without("condition left out", at, read.end(at + 1))


def _of_join(read: Reading, first: int) -> str:
    while first and read.splits(first - 1):
        first = read.first(first - 2)
    return f"{'join ' if read.word(first - 1) == 'ON' else ''}condition left out"


def _negations(read: Reading) -> Found:
    for at in read.places("NOT"):
        yield read.without("NOT", at, at)
    for at in read.places("IS"):
        if read.word(at + 1) == "NULL":
            yield read.put("NOT", at, at, f"{read.written(at, at)} NOT")
    for at in read.places("IN", "LIKE", "BETWEEN"):
        if read.word(at - 1) != "NOT":
            yield read.put("NOT", at, at, f"NOT {read.written(at, at)}")


def _joins(read: Reading) -> Found:
    for at in read.places("JOIN"):
        before = at - 2 if read.word(at - 1) == "OUTER" else at - 1
        if read.word(before) in _JOINS:
            yield read.put("join kind", before, at - 1, _JOINS[read.word(before)])
        elif read.word(before) != "CROSS":
            yield read.put("join kind", at, at, "LEFT JOIN")


def by_one(text: str) -> list[str]:
    """A number more and less by one of its last digit; nothing that is not positive."""
    if not text.replace(".", "", 1).isdigit():
        return []
    number = Decimal(text)
    unit = Decimal(1).scaleb(int(number.as_tuple().exponent))
    return [str(other) for other in (number + unit, number - unit) if other > 0]


def _limits(read: Reading) -> Found:
    """Numbers that something is held against."""
    for at, token in enumerate(read.tokens):
        beside = read.word(at - 1) in _OTHERS or read.word(at + 1) in _OTHERS
        limits = read.word(at - 1) in ("LIMIT", "FIRST", "NEXT")
        if token.token_type.name == "NUMBER" and (beside or limits):
            for other in by_one(token.text):
                yield read.put("limit", at, at, other)


KINDS: tuple[Callable[[Reading], Found], ...] = (
    _comparisons,
    _between,
    _logic,
    _conditions,
    _negations,
    _joins,
    _limits,
)
