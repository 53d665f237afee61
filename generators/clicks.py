"""Clicks of users, a few of whom click far more often than the others.

A click's event time is that of its index, moved back by a little: rows are out
of order, within `DISORDER`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, cast

from generators import hostile as hostiles
from streamgauge.locales import localised
from streamgauge.values.columns import Chosen, Columns, Pool
from streamgauge.values.kinds import Moments, microseconds
from streamgauge.vectors import below, chance, indices, lower, ranks, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamgauge.vectors import Ints, Words

_STREAM = 4
USERS = 60
DISORDER = timedelta(milliseconds=500)
_MS = 1000
# A hundred clicks a second.
_GAP = 10 * _MS
_BACK = 500 * _MS
_STEP = 100 * _MS
_MINUTE = 60_000 * _MS
_LATE = 10
_BEHIND = 2_000 * _MS
_EPOCH = microseconds(datetime(2024, 3, 30, 23, 59, 55))  # noqa: DTZ001 - without a zone in SQL

_IDS = range(1, USERS + 1)
# Zipf: the n-th user has a share of 1/n, in whole numbers so that no machine rounds it.
_SHARES = list(accumulate(10_000 // rank for rank in _IDS))
_USERS, _SEXES = Pool(*_IDS), Pool(*("fm"[user % 2] for user in _IDS))
_NAMES = Pool(*(f"user {user:02}" for user in _IDS))
# A very long one would be told in 1,200 ranks; in CSV another one is NULL, and may be no text.
_TEXTS = hostiles.every(hostiles.without(hostiles.shorter(hostiles.TEXTS, 100), "\\N"))
# Of the users who click most two of a sex are called the same.
_SAME = (3, 5)
# The first of each so many users has a hostile text for a name, or NULL.
_ODD_EVERY = 3
_ACTIONS = Pool("click", "is_delete")


def rows(
    seed: int, start: int, stop: int, locale: str | None = None, hostile: int = hostiles.USUAL
) -> Columns:
    """Rows (ts, user_id, name, sex, action), for indices start..stop-1.

    `sex` is f or m; `action` is `click` in nine of ten rows, else `is_delete`. Of a locale are
    the names. With `hostile` a third of the names are hostile texts or NULL, and two users of a
    sex have the same; of so many of 100 rows the action is NULL, and of as many the sex; as many,
    and half of those near a minute's turn, are on the border of a step, or a millisecond off.
    """
    who, when, what, _ = words(seed, _STREAM, start, stop)
    names = localised(_NAMES, "name", locale)
    names = _odd(names) if hostile else names
    border, undone, unknown, *_ = hostiles.draws(seed, start, stop, 3, hostile)
    times = _on_borders(_times(start, stop, when), start, border, hostile)
    actions = hostiles.nulls(_actions(what), undone, hostile)
    user = ranks(who, _SHARES)
    sexes = hostiles.nulls(Chosen(user, _SEXES), unknown, hostile)
    return _clicks(times, user, names, sexes, actions)


def some_late(seed: int, start: int, stop: int) -> Columns:
    """The same, but one in `_LATE` comes when its time is over."""
    who, when, what, late = words(seed, _STREAM, start, stop)
    behind = (below(late, _LATE) == 0) * _BEHIND
    user, times = ranks(who, _SHARES), _times(start, stop, when) - behind
    return _clicks(times, user, _NAMES, Chosen(user, _SEXES), _actions(what))


def late_ones(seed: int) -> list[tuple[Any, ...]]:
    """A few clicks and deletes of one sex, some too late: of the last by much, by nothing, and not.

    And one of no sex that is too late. Each end of a step is a bundle of its own for Python, of
    each sex.
    """
    clicks = cast("Sequence[tuple[Any, ...]]", some_late(seed, 0, 40))
    rows = [row for row in clicks if row[3] == _SEXES.values[0]]
    newest = max(row[0] for row in rows) + 2 * DISORDER
    over = newest - DISORDER
    times = newest, over - DISORDER, over, over + timedelta(milliseconds=1)
    unknown = times[1], *rows[0][1:3], None, "click"
    told = ((time, *rows[0][1:4], what) for time in times for what in _ACTIONS.values)
    return [*rows, *told, unknown]


def many(seed: int) -> list[tuple[Any, ...]]:
    """Clicks of which one user has more than fit into 16 bits, all within a step.

    And one more a minute and a half later: between are windows of nobody, and neither state nor
    timers of the first are the last one's.
    """
    (row,) = cast("Sequence[tuple[Any, ...]]", rows(seed, 0, 1, hostile=0))
    time, *who = row
    return [*[row] * hostiles.MORE_THAN_16_BITS, (time + timedelta(seconds=90), *who)]


@cache
def _odd(names: Pool) -> Pool:
    """The names, some of them hostile."""
    made = list(names.values)
    made[::_ODD_EVERY] = (None, *_TEXTS[::2])[: len(made[::_ODD_EVERY])]
    one, other = (_IDS.index(user) for user in _SAME)
    made[other] = made[one]
    return Pool(*made)


def _on_borders(times: Ints, start: int, drawn: Words, percent: int) -> Ints:
    """Moved back as far as leaves them in time."""
    if not percent:
        return times
    room = _BACK - 2 * _MS - (_EPOCH + indices(start, start + len(times)) * _GAP - times)
    for border, share in ((_STEP, percent), (_MINUTE, 50)):
        may = chance(drawn, share) & (times % border < room)
        times, drawn = hostiles.near(times, drawn, border, may, _MS), lower(drawn, 16)
    return times


def _times(start: int, stop: int, when: Words) -> Ints:
    return _EPOCH + indices(start, stop) * _GAP - below(when, _BACK // _MS) * _MS


def _actions(what: Words) -> Chosen:
    return Chosen(chance(what, 10).astype(int), _ACTIONS)


def _clicks(times: Ints, user: Ints, names: Pool, sexes: Chosen, actions: Chosen) -> Columns:
    about = Chosen(user, _USERS), Chosen(user, names), sexes
    return Columns(Moments(times), *about, actions, size=len(times))
