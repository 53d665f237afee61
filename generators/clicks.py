"""Clicks of users, a few of whom click far more often than the others.

A click's event time is that of its index, moved back by a little: rows are out
of order, within `DISORDER`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from streamgauge.locales import localised
from streamgauge.values.columns import Chosen, Columns, Pool
from streamgauge.values.kinds import Moments, microseconds
from streamgauge.vectors import below, chance, indices, ranks, words

if TYPE_CHECKING:
    from streamgauge.vectors import Ints, Words

_STREAM = 4
USERS = 60
DISORDER = timedelta(milliseconds=500)
_MS = 1000
# A hundred clicks a second.
_GAP = 10 * _MS
_LATE = 10
_BEHIND = 2_000 * _MS
_EPOCH = microseconds(datetime(2024, 3, 30, 23, 59, 55))  # noqa: DTZ001 - without a zone in SQL

_IDS = range(1, USERS + 1)
# Zipf: the n-th user has a share of 1/n, in whole numbers so that no machine rounds it.
_SHARES = list(accumulate(10_000 // rank for rank in _IDS))
_USERS, _SEXES = Pool(*_IDS), Pool(*("fm"[user % 2] for user in _IDS))
_NAMES = Pool(*(f"user {user:02}" for user in _IDS))
_ACTIONS = Pool("click", "is_delete")


def rows(seed: int, start: int, stop: int, locale: str | None = None) -> Columns:
    """Rows (ts, user_id, name, sex, action), for indices start..stop-1.

    `sex` is f or m; `action` is `click` in nine of ten rows, else `is_delete`. Of a locale are
    the names.
    """
    who, when, what, _ = words(seed, _STREAM, start, stop)
    return _clicks(_times(start, stop, when), who, what, localised(_NAMES, "name", locale))


def some_late(seed: int, start: int, stop: int) -> Columns:
    """The same, but one in `_LATE` comes when its time is over."""
    who, when, what, late = words(seed, _STREAM, start, stop)
    behind = (below(late, _LATE) == 0) * _BEHIND
    return _clicks(_times(start, stop, when) - behind, who, what, _NAMES)


def _times(start: int, stop: int, when: Words) -> Ints:
    return _EPOCH + indices(start, stop) * _GAP - below(when, 500) * _MS


def _clicks(times: Ints, who: Words, what: Words, names: Pool) -> Columns:
    user = ranks(who, _SHARES)
    action = chance(what, 10).astype(int)
    about = (Chosen(user, pool) for pool in (_USERS, names, _SEXES))
    return Columns(Moments(times), *about, Chosen(action, _ACTIONS), size=len(times))
