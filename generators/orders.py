"""Orders and their items, as the changes of two tables.

Ids live in groups of `_LANES`. Each order goes through one of `_LIVES`, two
changes at a time, side by side with the other orders of its group: so the
change at an index depends on the seed and the index alone, is valid after those
before it, and a transaction that has one of a pair's changes can have both. The item at an
index goes the way of the order there, under the order's id.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from streamgauge.draws import below, chance, draws, pick
from streamgauge.values.changelog import Change, Op

_STREAM = 2
_LIFE_STREAM = 3
_MORE_STREAM = 10
_ITEM_STREAM = 11
_LANES = 10
# I insert, U update, D delete; B and A are an update's two halves that gives the row another key.
_LIVES = ("IUUUBAUU", "IDIUDIUU", "IUDIBAUD", "IUBADIUU", "IUUDIUDI", "IUDIDIBA", "IUBABADI")
_STEPS = len(_LIVES[0]) // 2
_GROUP = 2 * _LANES * _STEPS
_OPS: dict[str, Op] = {"I": "+I", "U": "+U", "D": "-D", "B": "-U", "A": "+U"}
_UNSIGNED = 2**64

_CUSTOMERS = (
    "Ada", "Zoë", "Łukasz", "José 'Pepe'", "李小龍", "Ольга", "مريم", "naïve\tcafé",
    'quote "q"', "back\\slash", "emoji 🦑", "comma, inc", "",
)  # fmt: skip
_STATUS = ("new", "paid", "on its way", "reçu")
_EPOCH = datetime(2024, 2, 28, 23, 59, 59)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
_FIRST_DAY = date(1969, 12, 30)
_SCALES = (1.0, 1e-300, 1e290, 1 / 3, -7e-5)


class _Step(NamedTuple):
    """What happens at an index: to which order, under which id."""

    op: Op
    order: int
    id: Decimal


def changes(seed: int, start: int, stop: int) -> list[Change]:
    """Changes of orders, with columns of every common type, for indices start..stop-1.

    The columns are those of `jobs/orders_cdc`; any but the id may be NULL. A delete and a
    `-U` have the id alone. A `-U` comes where an update changes the id, right before its `+U`.
    """
    words = zip(draws(seed, _STREAM, start, stop), draws(seed, _MORE_STREAM, start, stop))
    steps = _steps(seed, start, stop)
    return [_change(step, 1, _order(step, *drawn)) for step, drawn in zip(steps, words)]


def items(seed: int, start: int, stop: int) -> list[Change]:
    """Changes of (order_id, line, product, quantity, price) by (order_id, line).

    The item at an index comes, changes and goes with the order of `changes` there.
    """
    words = draws(seed, _ITEM_STREAM, start, stop)
    steps = _steps(seed, start, stop)
    return [_change(step, 2, _item(step, *drawn)) for step, drawn in zip(steps, words)]


def _change(step: _Step, key: int, row: tuple[Any, ...]) -> Change:
    gone = step.op in ("-D", "-U")
    return Change(step.op, row[:key] + (None,) * (len(row) - key) if gone else row)


def _steps(seed: int, start: int, stop: int) -> Iterator[_Step]:
    first, last = (index // _GROUP for index in (start, max(start, stop - 1)))
    drawn = draws(seed, _LIFE_STREAM, first * _LANES, (last + 1) * _LANES)
    for index in range(start, stop):
        group, place = divmod(index, _GROUP)
        step, rest = divmod(place, 2 * _LANES)
        lane, half = divmod(rest, 2)
        words = drawn[(group - first) * _LANES + lane]
        yield _step(group * _LANES + lane, 2 * step + half, words)


def _step(order: int, at: int, words: list[int]) -> _Step:
    """Half of the ids are too great for a signed BIGINT; each change of the id takes the next."""
    life = pick(words[0], _LIVES)
    number = len(life) * order + life[: at + 1].count("A")
    id_ = _UNSIGNED - 1 - number if chance(words[1], 50) else number + 1
    return _Step(_OPS[life[at]], order, Decimal(id_))


def _order(step: _Step, drawn: list[int], more: list[int]) -> tuple[Any, ...]:
    a, b, c, d = drawn
    e, f, g, h = more
    return (
        step.id,
        _null(g, 5, lambda: pick(a, _CUSTOMERS)),
        _null(b, 10, lambda: below(c, 2**32)),
        _null(c, 10, lambda: _amount(a, b, d)),
        _null(d, 10, lambda: below(a, 2**53) * pick(b, _SCALES)),
        _null(e, 10, lambda: pick(f, _STATUS)),
        _null(f, 10, lambda: chance(g, 50)),
        _null(g, 10, lambda: bytes([below(h, 256)])),
        _null(h, 20, lambda: _details(e, f, g)),
        _null(a, 20, lambda: _scan(e, f)),
        _null(b, 20, lambda: _FIRST_DAY + timedelta(days=below(g, 60_000))),
        _null(c, 10, lambda: _EPOCH + timedelta(microseconds=below(h, 10**15))),
    )


def _item(step: _Step, a: int, b: int, c: int, d: int) -> tuple[Any, ...]:
    return (
        step.id,
        1 + step.order % 7,
        _null(a, 10, lambda: f"№{below(b, 1000)} {pick(c, _CUSTOMERS)}"),
        1 + below(b, 100),
        _null(d, 10, lambda: Decimal(below(c, 2 * 10**11) - 10**11).scaleb(-4)),
    )


def _null(word: int, percent: int, make: Callable[[], Any]) -> Any:
    """None in `percent` of 100 cases. `make` should take another word: this one is not free."""
    return None if chance(word, percent) else make()


def _amount(high: int, low: int, size: int) -> Decimal:
    """A DECIMAL(38, 10) of 1 to 38 digits. By way of text: arithmetic would round to 28."""
    bound = 10 ** (1 + below(size, 38))
    number = (((high << 64) + low) * (2 * bound - 1) >> 128) - (bound - 1)
    return Decimal(f"{number}E-10")


def _details(number: int, name: int, more: int) -> str:
    """JSON in the form MySQL gives it back: short names first, a space behind `:` and `,`."""
    if chance(more, 20):
        return pick(number, ("{}", "[]", "null", '"a"', "0.5"))
    tags = [pick(name, _CUSTOMERS), None, chance(number, 50), -below(more, 2**63)]
    value = {"no": below(number, 2**64), "to": pick(name, _CUSTOMERS), "gift": {}, "tags": tags}
    return json.dumps(value, ensure_ascii=False)


def _scan(length: int, content: int) -> bytes:
    """0 to 40 bytes, of any value."""
    return (content.to_bytes(8, "big") * 5)[: below(length, 41)]
