"""Orders, as the changes of a table: inserts, updates and deletes.

Ids live in groups of `_LANES`. Each id goes through one of `_LIVES`, a step at
a time, side by side with the other ids of its group. So the change at an index
depends on the seed and the index alone, and is valid after those before it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from generators.primitives import below, chance, draws, pick
from streamgauge.values.changelog import Change, Op

_STREAM = 2
_LIFE_STREAM = 3
_LANES = 10
# I insert, U update, D delete. A D followed by an I uses the key again.
_LIVES = ("IUUUUU", "IUUUUD", "IUDIUU", "IDIDIU", "IUDIUD", "IUUDIU")
_STEPS = len(_LIVES[0])
_GROUP = _LANES * _STEPS
_OPS: dict[str, Op] = {"I": "+I", "U": "+U", "D": "-D"}

_CUSTOMERS = (
    "Ada", "Zoë", "Łukasz", "José 'Pepe'", "李小龍", "Ольга", "مريم", "naïve\tcafé",
    'quote "q"', "back\\slash", "emoji 🦑", "comma, inc", "",
)  # fmt: skip
_STATUS = ("new", "paid", "shipped", "returned")
_EPOCH = datetime(2024, 2, 28, 23, 59, 59)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone


def changes(seed: int, start: int, stop: int) -> list[Change]:
    """Changes of (id, customer, amount, status, note, ordered_at), for indices start..stop-1.

    `amount` is a DECIMAL(12, 4), `ordered_at` has microseconds, `note` is
    NULL in a third of the rows, `status` in a tenth. A delete has the id alone.
    """
    numbers = draws(seed, _STREAM, start, stop)
    return [_change(seed, index, drawn) for index, drawn in zip(range(start, stop), numbers)]


def _change(seed: int, index: int, drawn: list[int]) -> Change:
    group, place = divmod(index, _GROUP)
    step, lane = divmod(place, _LANES)
    order = group * _LANES + lane
    op = _OPS[_life(seed, order)[step]]
    row = _row(order + 1, index, drawn)
    return Change(op, row if op != "-D" else (row[0],) + (None,) * (len(row) - 1))


def _life(seed: int, order: int) -> str:
    ((word, *_),) = draws(seed, _LIFE_STREAM, order, order + 1)
    return pick(word, _LIVES)


def _row(order: int, index: int, drawn: list[int]) -> tuple[Any, ...]:
    a, b, c, d = drawn
    return (
        order,
        pick(a, _CUSTOMERS),
        Decimal(below(b, 2 * 10**11) - 10**11).scaleb(-4),
        None if chance(c, 10) else pick(d, _STATUS),
        None if chance(d, 33) else f"№{index} {pick(c, _CUSTOMERS)}",
        _EPOCH + timedelta(microseconds=below(c, 10**15)),
    )
