"""What sensors read, some of it sent twice, the weights of grades, and readings over time.

A reading's grade is that of a weight before it, or of one that comes a little later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from streamgauge.values.columns import Columns, Joined, Pool, pick
from streamgauge.values.kinds import Moments, Numbers, microseconds
from streamgauge.vectors import below, chance, indices, pile, words, words_at

_READINGS, _WEIGHTS, _TIMED = 12, 13, 14
_SENSORS = Pool("attic", "cellar", "étage", "garage", "大広間")
_AHEAD = 4
DISORDER = timedelta(seconds=5)
_MS = 1000
_GAP = 4_000 * _MS
_EPOCH = microseconds(datetime(2025, 2, 28, 23, 58, 30))  # noqa: DTZ001 - without a zone in SQL


def rows(seed: int, start: int, stop: int) -> Columns:
    """Rows (id, sensor, grade, amount), for indices start..stop-1.

    One in five is an earlier one once more.
    """
    at = indices(start, stop)
    earlier, *_, again = words(seed, _READINGS, start, stop)
    ids = pile(at, ((at > 0) & chance(again, 20), below(earlier, at)))
    who, what, how, _ = words_at(seed, _READINGS, ids)
    grade = Joined("grade ", Numbers(below(what, ids + _AHEAD)))
    return Columns(
        Numbers(ids), pick(who, _SENSORS), grade, Numbers(below(how, 1000)), size=len(at)
    )


def weights(seed: int, start: int, stop: int) -> Columns:
    """Rows (grade, weight), for indices start..stop-1: each grade has one."""
    at = indices(start, stop)
    weight, *_ = words(seed, _WEIGHTS, start, stop)
    return Columns(Joined("grade ", Numbers(at)), Numbers(1 + below(weight, 9)), size=len(at))


def timed(seed: int, start: int, stop: int) -> Columns:
    """Rows (at, sensor, amount), for indices start..stop-1; out of order, within `DISORDER`."""
    at = indices(start, stop)
    when, who, what, _ = words(seed, _TIMED, start, stop)
    times = Moments(_EPOCH + at * _GAP - below(when, 5000) * _MS)
    return Columns(times, pick(who, _SENSORS), Numbers(below(what, 1000)), size=len(at))
