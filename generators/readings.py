"""What sensors read, some of it sent twice, the weights of grades, and readings over time.

A reading's grade is that of a weight before it, or of one that comes a little later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from generators import hostile as hostiles
from streamgauge.values.columns import Chosen, Columns, Joined, Mixed, Pool, pick, piled
from streamgauge.values.kinds import Moments, Numbers, microseconds
from streamgauge.vectors import below, chance, indices, lower, pile, words, words_at

_READINGS, _WEIGHTS, _TIMED = 12, 13, 14
_SENSORS = Pool("attic", "cellar", "étage", "garage", "大広間")
_AHEAD = 4
_HOSTILE = Pool(*hostiles.every(hostiles.TEXTS))
_NAMELESS = Pool(*hostiles.NULLS, *hostiles.every(hostiles.TEXTS))
_SAME = 7
# Sums of some hundred, each nine times, are BIGINTs.
_AMOUNTS = hostiles.every(hostiles.whole(-(2**40), 2**40))
_MOST = 1000
# The last is that of a sensor that read nothing.
_READ, _ODD_READ = Pool(*range(_MOST), None), Pool(*_AMOUNTS)
DISORDER = timedelta(seconds=5)
_MS = 1000
_GAP = 4_000 * _MS
_HALF = 30_000 * _MS
_MOST_MS = 4998
# Of so many rows the first is on a half minute, and that of this index half a minute later.
_FEW, _HALF_ON = 30, 8
_ENDS = datetime(2025, 3, 1)  # noqa: DTZ001 - without a zone in SQL
_EPOCH = microseconds(datetime(2025, 2, 28, 23, 58, 30))  # noqa: DTZ001 - without a zone in SQL


def rows(seed: int, start: int, stop: int, hostile: int = hostiles.USUAL) -> Columns:
    """Rows (id, sensor, grade, amount), for indices start..stop-1.

    One in five is an earlier one once more. Of `hostile` in 100 the sensor is a hostile text, of
    as many the amount a hostile number, and as many have no grade; nor have half of those sensors.
    """
    at = indices(start, stop)
    earlier, *_, again = words(seed, _READINGS, start, stop)
    ids = pile(at, ((at > 0) & chance(again, 20), below(earlier, at)))
    who, what, how, _ = words_at(seed, _READINGS, ids)
    where, which, graded = hostiles.draws_at(seed, ids, 3, hostile)
    # Of half of the hostile sensors, most of which read once, nothing is weighted.
    unknown = chance(where, hostile) & chance(lower(graded, 32), 50)
    known = ~(chance(graded, hostile) | unknown)
    grades = Joined("grade ", Numbers(below(what, ids + _AHEAD)[known]))
    sensors = hostiles.texts(pick(who, _SENSORS), where, hostile, _HOSTILE)
    amounts = hostiles.numbers(below(how, 1000), which, hostile, _AMOUNTS)
    return Columns(Numbers(ids), sensors, Mixed((known, grades)), Numbers(amounts), size=len(at))


def weights(seed: int, start: int, stop: int) -> Columns:
    """Rows (grade, weight), for indices start..stop-1: each grade has one."""
    at = indices(start, stop)
    weight, *_ = words(seed, _WEIGHTS, start, stop)
    return Columns(Joined("grade ", Numbers(at)), Numbers(1 + below(weight, 9)), size=len(at))


def late_ones(_seed: int) -> list[tuple[Any, ...]]:
    """Readings whose windows have ended not long ago, by a millisecond first, and not by one.

    Those that come between tell the time; of the attic the second is in time for its session alone,
    which ends where the first one's begins. Each sum says of which amounts it is.
    """
    porch, attic = (-45, 4.998, -40, 4.999, -40, 10, -40), (8, -22)
    read = [("porch", after) for after in porch] + [("attic", after) for after in attic]
    times = ((_ENDS + timedelta(seconds=after), sensor) for sensor, after in read)
    return [(time, sensor, 2**number) for number, (time, sensor) in enumerate(times)]


def timed(seed: int, start: int, stop: int, hostile: int = hostiles.USUAL) -> Columns:
    """Rows (at, sensor, amount), for indices start..stop-1; out of order, within `DISORDER`.

    With `hostile` half of the rows that can be are on a border of half a minute, or a millisecond
    off, a fifth has one and the same amount, and of so many in 100 the sensor or the amount is
    hostile; a sensor's row may come right before an earlier one of its own, and one of a sensor
    that has few is half a minute after another, or a millisecond more. One amount in 20 is
    NULL, and half of those of hostile sensors, which have windows of their own; so has NULL.
    """
    at = indices(start, stop)
    when, who, what, _ = words(seed, _TIMED, start, stop)
    back, named = below(when, 5000), pick(who, _SENSORS)
    border, where, which, again = hostiles.draws(seed, start, stop, 4, hostile)
    amounts = below(what, _MOST)
    if hostile:
        _, whose, _, pair = words_at(seed, _TIMED, at - at % 2)
        paired, first, second = chance(pair, 30), at % _FEW == 0, at % _FEW == _HALF_ON
        back = pile(back, (paired, at % 2 * _MOST_MS), (first, 0), (second, 2000 - at // _FEW % 2))
        named = piled(pick(pile(who, (paired, whose)), _SENSORS), (first | second, "roof"))
        empty = lower(again, 32)
        nothing = chance(empty, 5) | (chance(where, hostile) & chance(empty, 50))
        amounts = pile(amounts, (chance(again, 20), _SAME), (nothing, _MOST))
    times = _EPOCH + at * _GAP - back * _MS
    if hostile:
        free = ~(paired | first | second) & (times % _HALF < (_MOST_MS - back) * _MS)
        times = hostiles.near(times, border, _HALF, free & chance(border, 50), _MS)
    sensors = hostiles.texts(named, where, hostile, _NAMELESS)
    told = hostiles.texts(Chosen(amounts, _READ), which, hostile, _ODD_READ)
    return Columns(Moments(times), sensors, told, size=len(at))
