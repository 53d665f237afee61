"""What online learning is fed with: impressions, clicks on them, and users' profiles.

Impression, click and profile change of an index come at about the same time.
Impressions and clicks are out of order, within `DISORDER`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from generators import hostile as hostiles
from streamgauge.locales import localised
from streamgauge.values.columns import Chosen, Columns, Pool, pick
from streamgauge.values.kinds import Moments, Numbers, microseconds
from streamgauge.vectors import among, below, chance, indices, lower, pile, words, words_at

if TYPE_CHECKING:
    from streamgauge.vectors import Flags, Ints, Words

_IMPRESSIONS, _CLICKS, _PROFILES = 5, 6, 7
DISORDER = timedelta(seconds=5)
USERS = 50
# The other users have no profile.
_WITH_PROFILE = 40
_SECOND = 10**6
_MS = 1000
# Not one: an outer interval join tells a row without a partner a millisecond after its watermark
# has gone by (FLINK-8158, closed unmended), so one in the last of a window's is late now and then.
_OFF = 2 * _MS
_GAP = 2 * _SECOND
_EPOCH = microseconds(datetime(2024, 12, 31, 23, 50))  # noqa: DTZ001 - without a zone in SQL
_WINDOW = 600
# Seconds from an impression to a click on it; the last ones come too late.
_DELAYS = (0, 1, 5, 30, 120, 300, 590, 598, 602, 660)
# Seconds until what was clicked too early is clicked again, two clicks later.
_AGAIN = 5
_FARTHEST = max(_DELAYS) * _SECOND // _GAP
_NOBODYS = 10**12
# So many impressions are five minutes, in which those of a user are counted.
_SEEN = 5 * 60 * _SECOND // _GAP
# In so many of 100 places a time is a millisecond off, or not, where rows are hostile at all.
_BESIDE = 40
_ITEMS = Pool("book", "café", "ピアノ", "lamp", "")
_CITIES = Pool("Ulm", "Łódź", "大阪", "Accra", None)
_OPS = Pool("+I", "+U")
_HOSTILE = Pool(*hostiles.NULLS, *hostiles.every(hostiles.TEXTS))
# Those of cities lie in MySQL, in a VARCHAR(255).
_STORED = Pool(*hostiles.every(hostiles.shorter(hostiles.TEXTS, 255)))
_LEVELS = Pool(*range(100))
_ODD_LEVELS = Pool(*hostiles.NULLS, *hostiles.every(hostiles.whole(-(2**31), 2**31 - 1)))
# Who clicks need not be known.
_WHOSE = Pool(*range(USERS))


class _Shown(NamedTuple):
    """When an impression was, and whose."""

    times: Ints
    users: Ints


def impressions(seed: int, start: int, stop: int, hostile: int = hostiles.USUAL) -> Columns:
    """Rows (ts, impression_id, user_id, item), for indices start..stop-1.

    In `hostile` of 100 rows the item is a hostile text, or NULL. With it some are of a profile's
    user and time, or five minutes after another of the same user, and some two milliseconds off.
    """
    at, drawn = indices(start, stop), words(seed, _IMPRESSIONS, start, stop)
    shown = _shown(seed, at, drawn, hostile)
    ids, users = Numbers(at + 1), Numbers(shown.users)
    odd, moved, *_ = hostiles.draws(seed, start, stop, 2, hostile)
    items = hostiles.texts(pick(drawn[2], _ITEMS), odd, hostile, _HOSTILE)
    times = Moments(hostiles.beside(shown.times, moved, hostile and _BESIDE, _OFF))
    return Columns(times, ids, users, items, size=len(at))


def clicks(seed: int, start: int, stop: int, hostile: int = hostiles.USUAL) -> Columns:
    """Rows (ts, impression_id, user_id), for indices start..stop-1.

    One in twenty is on an impression that nobody saw, and more of the first ones
    are; one in ten comes exactly ten minutes after its impression, one in ten is another user's.
    With `hostile` some are a millisecond earlier or later, and some right before their impression,
    which is clicked again five seconds later; in so many of 100 rows the user is NULL.
    """
    at = indices(start, stop)
    exact, how_late, unseen, user = words(seed, _CLICKS, start, stop)
    seconds = pile(among(how_late, _DELAYS), (chance(exact, 10), _WINDOW))
    odd, whose, *_ = hostiles.draws(seed, start, stop, 2, hostile)
    twice = _of_triples(seed, at) if hostile else at < 0
    before, again = twice & (at % 3 == 0), twice & ((at + 1) % 3 == 0)
    seconds = pile(seconds, (before, 0), (again, _AGAIN))
    delay = seconds * _SECOND
    clicked = at - delay // _GAP
    nobodys = ~(before | again) & ((clicked < 0) | chance(unseen, 5))
    shown = _shown_at(seed, max(start - _FARTHEST, 0), clicked.clip(0), hostile)
    times = pile(shown.times + delay, (nobodys, _nominal(at)))
    ids = pile(clicked + 1, (nobodys, _NOBODYS + at))
    others = nobodys | chance(lower(user, 32), 10)
    times = pile(hostiles.beside(times, odd, hostile and _BESIDE, _MS), (before, times - _MS))
    users = pile(shown.users, (others, below(user, USERS)))
    known = hostiles.nulls(Chosen(users, _WHOSE), whose, hostile)
    return Columns(Moments(times), Numbers(ids), known, size=len(at))


def profiles(
    seed: int, start: int, stop: int, locale: str | None = None, hostile: int = hostiles.USUAL
) -> Columns:
    """Changes of (user_id, city, level, updated_at), for indices start..stop-1, in order of time.

    The users take turns: each gets a profile, and then new ones. `city` may be NULL,
    and is of a locale. In `hostile` of 100 rows it is a hostile text, and in as many the level
    is a hostile number, or NULL.
    """
    at = indices(start, stop)
    city, level, *_ = words(seed, _PROFILES, start, stop)
    users, times = Numbers(at % _WITH_PROFILE), Moments(_nominal(at))
    in_city, in_level, *_ = hostiles.draws(seed, start, stop, 2, hostile)
    cities = pick(city, localised(_CITIES, "city", locale))
    levels = hostiles.texts(pick(level, _LEVELS), in_level, hostile, _ODD_LEVELS)
    row = users, hostiles.texts(cities, in_city, hostile, _STORED), levels, times
    return Columns(*row, size=len(at), ops=Chosen((at >= _WITH_PROFILE).astype(int), _OPS))


def _of_triples(seed: int, at: Ints) -> Flags:
    """Whether the three clicks that one is of are of those whose impression is clicked twice."""
    *_, drawn = words_at(seed, _CLICKS, at - at % 3)
    return chance(drawn, 20)


def _shown_at(seed: int, first: int, at: Ints, hostile: int) -> _Shown:
    """Of the impressions at any indices from `first` on, near to each other."""
    stop = int(at.max(initial=first)) + 1
    shown = _shown(seed, indices(first, stop), words(seed, _IMPRESSIONS, first, stop), hostile)
    return _Shown(*(column[at - first] for column in shown))


def _shown(seed: int, at: Ints, drawn: list[Words], hostile: int) -> _Shown:
    # Whole seconds, so that times meet: impressions of a user, profile and impression.
    back, user = below(drawn[0], 5), below(drawn[1], USERS)
    if hostile:
        # Of two times five minutes, the second has what the first has not.
        second, chosen = at // _SEEN % 2 == 1, chance(drawn[3], 20)
        before, whose, *_ = words_at(seed, _IMPRESSIONS, at - second * _SEEN)
        again, known = chosen & second, chosen & ~second
        back = pile(back, (again, below(before, 5)), (known, 0))
        user = pile(user, (again, below(whose, USERS)), (known, at % _WITH_PROFILE))
    return _Shown(_nominal(at) - back * _SECOND, user)


def _nominal(at: Ints) -> Ints:
    return _EPOCH + at * _GAP
