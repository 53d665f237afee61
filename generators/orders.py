"""Orders and their items, as the changes of two tables.

Ids live in groups of `_LANES`. Each order goes through one of `_LIVES`, two
changes at a time, side by side with the other orders of its group: so the
change at an index depends on the seed and the index alone, is valid after those
before it, and a transaction that has one of a pair's changes can have both. The item at an
index goes the way of the order there, under the order's id.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Context
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from generators import hostile as hostiles
from streamgauge.locales import localised
from streamgauge.values.columns import Chosen, Column, Columns, Joined, Mixed, Pool, pick
from streamgauge.values.kinds import (
    Blobs,
    Days,
    Exact,
    Floats,
    Moments,
    Numbers,
    days,
    microseconds,
)
from streamgauge.vectors import (
    among,
    below,
    below_wide,
    chance,
    indices,
    less,
    pile,
    taken,
    taken_wide,
    unsigned,
    words,
)

if TYPE_CHECKING:
    from streamgauge.vectors import Flags, Ints, Words

_STREAM = 2
_LIFE_STREAM = 3
_MORE_STREAM = 10
_ITEM_STREAM = 11
_LANES = 10
# I insert, U update, D delete; B and A are an update's two halves that gives the row another key.
_LIVES = ("IUUUBAUU", "IDIUDIUU", "IUDIBAUD", "IUBADIUU", "IUUDIUDI", "IUDIDIBA", "IUBABADI")
_STEPS = len(_LIVES[0])
_GROUP = _LANES * _STEPS
_LETTERS = "IUADB"
_OPS = Pool("+I", "+U", "+U", "-D", "-U")
# From here on a change has the key alone.
_GONE = _LETTERS.index("D")
# Of each step of each life: what happens, and how many new keys there were.
_HAPPENS = [_LETTERS.index(letter) for life in _LIVES for letter in life]
_NEW_KEYS = [life[: at + 1].count("A") for life in _LIVES for at in range(_STEPS)]

_CUSTOMERS = Pool(
    "Ada", "Zoë", "Łukasz", "José 'Pepe'", "李小龍", "Ольга", "مريم", "naïve\tcafé",
    'quote "q"', "back\\slash", "emoji 🦑", "comma, inc", "",
)  # fmt: skip
_STATUS = Pool("new", "paid", "on its way", "reçu")
_TRUTH = Pool(False, True)
_FLAGS = Pool(*(bytes([number]) for number in range(256)))
_FEW_DETAILS = Pool("{}", "[]", "null", '"a"', "0.5")
_TRUTH_AND = Pool("false, ", "true, ")
_TEXTS = Pool(*hostiles.every(hostiles.shorter(hostiles.TEXTS, 100)))
_QUANTITIES = hostiles.every(hostiles.whole(0, 2**32 - 1))
_AMOUNTS = [int(each.scaleb(10, Context(38))) for each in hostiles.every(hostiles.decimals(38, 10))]
_PRICES = [int(each.scaleb(4)) for each in hostiles.every(hostiles.decimals(12, 4))]
_WEIGHTS = hostiles.every(hostiles.DOUBLES)
_DAYS = [*map(days, hostiles.every(hostiles.DATES))]
_TIMES = [*map(microseconds, hostiles.every(hostiles.FINE_MOMENTS))]
_EPOCH = microseconds(datetime(2024, 2, 28, 23, 59, 59))  # noqa: DTZ001 - without a zone in SQL
_FIRST_DAY = days(date(1969, 12, 30))
_SCALES = (1.0, 1e-300, 1e290, 1 / 3, -7e-5)
# The greatest numbers of 1 to 38 digits, and how many there are up to them on both sides of 0.
_BOUNDS = [10**digits - 1 for digits in range(1, 39)]
_SPANS = [2 * bound + 1 for bound in _BOUNDS]


class _Steps(NamedTuple):
    """What happens at each index: to which order, under which id; whether that goes."""

    ops: Column
    orders: Ints
    ids: Column
    gone: Flags


def changes(
    seed: int, start: int, stop: int, locale: str | None = None, hostile: int = hostiles.USUAL
) -> Columns:
    """Changes of orders, with columns of every common type, for indices start..stop-1.

    The columns are those of `jobs/orders_cdc`; any but the id may be NULL. A delete and a
    `-U` have the id alone. A `-U` comes where an update changes the id, right before its `+U`.
    The customers are of a locale. In each of most columns `hostile` of 100 values are hostile.
    """
    customers = localised(_CUSTOMERS, "name", locale)
    steps = _steps(seed, start, stop)
    a, b, c, d = words(seed, _STREAM, start, stop)
    e, f, g, h = words(seed, _MORE_STREAM, start, stop)
    s, t, u, v, w, x, y, *_ = hostiles.draws(seed, start, stop, 7, hostile)

    def number(column: Ints, drawn: Words, values: Sequence[int]) -> Ints:
        return hostiles.numbers(column, drawn, hostile, values)

    def some(word: Words, percent: int, make: Callable[..., Column], *drawn: Words) -> Column:
        return _some(steps.gone | chance(word, percent), make, *drawn)

    return Columns(
        steps.ids,
        some(g, 5, lambda a, s: hostiles.texts(pick(a, customers), s, hostile, _TEXTS), a, s),
        some(b, 10, lambda c, t: Numbers(number(below(c, 2**32), t, _QUANTITIES)), c, t),
        some(c, 10, lambda a, b, d, u: _amount(a, b, d, u, hostile), a, b, d, u),
        some(d, 10, lambda a, b, v: _weight(a, b, v, hostile), a, b, v),
        some(e, 10, lambda f: pick(f, _STATUS), f),
        some(f, 10, lambda g: _flag(chance(g, 50), _TRUTH), g),
        some(g, 10, lambda h: pick(h, _FLAGS), h),
        some(h, 20, lambda *efg: _details(_to(customers), *efg), e, f, g),
        some(a, 20, lambda e, f, w: _scan(e, f, w, hostile), e, f, w),
        some(b, 20, lambda g, x: Days(number(_FIRST_DAY + below(g, 60_000), x, _DAYS)), g, x),
        some(c, 10, lambda h, y: Moments(number(_EPOCH + below(h, 10**15), y, _TIMES)), h, y),
        size=len(steps.gone),
        ops=steps.ops,
    )


def items(
    seed: int, start: int, stop: int, locale: str | None = None, hostile: int = hostiles.USUAL
) -> Columns:
    """Changes of (order_id, line, product, quantity, price) by (order_id, line).

    The item at an index comes, changes and goes with the order of `changes` there.
    Customers, after whom products are called, are of a locale. `hostile` of 100 quantities and
    prices are hostile.
    """
    customers = localised(_CUSTOMERS, "name", locale)
    steps = _steps(seed, start, stop)
    a, b, c, d = words(seed, _ITEM_STREAM, start, stop)
    s, t, *_ = hostiles.draws(seed, start, stop, 2, hostile)

    def quantity(b: Words, s: Words) -> Numbers:
        return Numbers(hostiles.numbers(1 + below(b, 100), s, hostile, _QUANTITIES))

    return Columns(
        steps.ids,
        Numbers(1 + steps.orders % 7),
        _some(steps.gone | chance(a, 10), lambda b, c: _product(b, pick(c, customers)), b, c),
        _some(steps.gone, quantity, b, s),
        _some(steps.gone | chance(d, 10), lambda c, t: _price(c, t, hostile), c, t),
        size=len(steps.gone),
        ops=steps.ops,
    )


def _steps(seed: int, start: int, stop: int) -> _Steps:
    """Half of the ids are too great for a signed BIGINT; each change of the id takes the next."""
    at = indices(start, stop)
    group, place = at // _GROUP, at % _GROUP
    # Two steps of each order of the group, then the next two.
    step, lane = place // (2 * _LANES) * 2 + place % 2, place // 2 % _LANES
    orders = group * _LANES + lane
    first = start // _GROUP * _LANES
    drawn = words(seed, _LIFE_STREAM, first, max(start, stop - 1) // _GROUP * _LANES + _LANES)
    lives, great, *_ = (word[orders - first] for word in drawn)
    step_of_all = below(lives, len(_LIVES)) * _STEPS + step
    number = _STEPS * orders + taken(_NEW_KEYS, step_of_all)
    ids = pile(number + 1, (chance(great, 50), ~number))
    happens = taken(_HAPPENS, step_of_all)
    return _Steps(Chosen(happens, _OPS), orders, Exact(unsigned(ids)), happens >= _GONE)


def _some(missing: Flags, make: Callable[..., Column], *drawn: Words) -> Column:
    """What is made where it is not missing; not by the word that tells that, which is not free."""
    return Mixed((~missing, make(*(words[~missing] for words in drawn))))


def _flag(up: Flags, pool: Pool) -> Chosen:
    """The second of a pool where it is up, or the first."""
    return Chosen(up.astype(int), pool)


def _product(number: Words, name: Chosen) -> Column:
    return Joined("№", Numbers(below(number, 1000)), " ", name)


def _price(drawn: Words, odd: Words, hostile: int) -> Column:
    return Exact(
        hostiles.numbers(below(drawn, 2 * 10**11) - 10**11, odd, hostile, _PRICES), scale=4
    )


def _weight(drawn: Words, scale: Words, odd: Words, hostile: int) -> Column:
    usual = below(drawn, 2**53) * among(scale, _SCALES)
    return Floats(hostiles.numbers(usual, odd, hostile, _WEIGHTS))


def _amount(high: Words, low: Words, size: Words, odd: Words, hostile: int) -> Column:
    """A DECIMAL(38, 10) of 1 to 38 digits."""
    digits = below(size, len(_BOUNDS))
    spans, bounds = taken_wide(_SPANS, digits), taken_wide(_BOUNDS, digits)
    usual = less(below_wide((high, low), spans), bounds)
    above, numbers = hostiles.wide(usual, odd, hostile, _AMOUNTS)
    return Exact(numbers, 10, above)


def _details(to: Pool, number: Words, name: Words, more: Words) -> Column:
    few = chance(more, 20)
    value = Joined(
        '{"no": ',
        Numbers(number[~few]),
        pick(name[~few], to),
        _flag(chance(number[~few], 50), _TRUTH_AND),
        Numbers(-below(more[~few], 2**63)),
        "]}",
    )
    return Mixed((few, pick(number[few], _FEW_DETAILS)), (~few, value))


@cache
def _to(customers: Pool) -> Pool:
    """Part of an order's details, in the form MySQL gives JSON back: a space behind `:` and `,`."""
    names = [json.dumps(name, ensure_ascii=False) for name in customers.values]
    return Pool(*(f', "to": {name}, "gift": {{}}, "tags": [{name}, null, ' for name in names))


def _scan(length: Words, content: Words, odd: Words, hostile: int) -> Column:
    """0 to 40 bytes, of any value."""
    drawn = zip(content.tolist(), below(length, 41).tolist())
    scans = [(word.to_bytes(8, "big") * 5)[:size] for word, size in drawn]
    return Blobs(hostiles.blobs(scans, odd, hostile))
