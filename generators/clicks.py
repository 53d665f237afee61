"""Clicks of users, a few of whom click far more often than the others.

A click's event time is that of its index, moved back by a little: rows are out
of order, within `DISORDER`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import accumulate

from streamgauge.draws import below, chance, draws

_STREAM = 4
USERS = 60
DISORDER = timedelta(milliseconds=500)
# A hundred clicks a second.
_GAP = timedelta(milliseconds=10)
_LATE = 10
_BEHIND = timedelta(seconds=2)
_EPOCH = datetime(2024, 3, 30, 23, 59, 55)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone

Click = tuple[datetime, int, str, str, str]

# Zipf: the n-th user has a share of 1/n, in whole numbers so that no machine rounds it.
_SHARES = list(accumulate(10_000 // rank for rank in range(1, USERS + 1)))


def rows(seed: int, start: int, stop: int) -> list[Click]:
    """Rows (ts, user_id, name, sex, action), for indices start..stop-1.

    `sex` is f or m; `action` is `click` in nine of ten rows, else `is_delete`.
    """
    drawn = draws(seed, _STREAM, start, stop)
    return [_row(index, *words[:3]) for index, words in zip(range(start, stop), drawn)]


def some_late(seed: int, start: int, stop: int) -> list[Click]:
    """The same, but one in `_LATE` comes when its time is over."""
    drawn = draws(seed, _STREAM, start, stop)
    return [
        (row[0] - _BEHIND, *row[1:]) if below(word, _LATE) == 0 else row
        for row, (*_, word) in zip(rows(seed, start, stop), drawn)
    ]


def _row(index: int, who: int, when: int, what: int) -> Click:
    user = _user(who)
    ts = _EPOCH + index * _GAP - timedelta(milliseconds=below(when, 500))
    return (
        ts,
        user,
        f"user {user:02}",
        "fm"[user % 2],
        "is_delete" if chance(what, 10) else "click",
    )


def _user(number: int) -> int:
    at = below(number, _SHARES[-1])
    return next(user for user, share in enumerate(_SHARES, 1) if at < share)
