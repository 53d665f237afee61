"""What online learning is fed with: impressions, clicks on them, and users' profiles.

Impression, click and profile change of an index come at about the same time.
Impressions and clicks are out of order, within `DISORDER`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from streamgauge.draws import below, chance, draws, pick
from streamgauge.values.changelog import Change

_IMPRESSIONS, _CLICKS, _PROFILES = 5, 6, 7
DISORDER = timedelta(seconds=5)
USERS = 50
# The other users have no profile.
_WITH_PROFILE = 40
_GAP = timedelta(seconds=2)
_EPOCH = datetime(2024, 12, 31, 23, 50)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
_WINDOW = timedelta(minutes=10)
# Seconds from an impression to a click on it; the last ones come too late.
_DELAYS = (0, 1, 5, 30, 120, 300, 590, 598, 602, 660)
_NOBODYS = 10**12
_ITEMS = ("book", "café", "ピアノ", "lamp", "")
_CITIES = ("Ulm", "Łódź", "大阪", "Accra", None)


def impressions(seed: int, start: int, stop: int) -> list[tuple[Any, ...]]:
    """Rows (ts, impression_id, user_id, item), for indices start..stop-1."""
    drawn = draws(seed, _IMPRESSIONS, start, stop)
    return [_impression(index, words) for index, words in zip(range(start, stop), drawn)]


def clicks(seed: int, start: int, stop: int) -> list[tuple[Any, ...]]:
    """Rows (ts, impression_id, user_id), for indices start..stop-1.

    One in twenty is on an impression that nobody saw, and more of the first ones
    are; one in ten comes exactly ten minutes after its impression.
    """
    drawn = draws(seed, _CLICKS, start, stop)
    return [_click(seed, index, words) for index, words in zip(range(start, stop), drawn)]


def profiles(seed: int, start: int, stop: int) -> list[Change]:
    """Changes of (user_id, city, level, updated_at), for indices start..stop-1, in order of time.

    The users take turns: each gets a profile, and then new ones. `city` may be NULL.
    """
    drawn = draws(seed, _PROFILES, start, stop)
    return [_profile(index, words) for index, words in zip(range(start, stop), drawn)]


def _impression(index: int, words: list[int]) -> tuple[Any, ...]:
    # Whole seconds, so that times meet: impressions of a user, profile and impression.
    ts = _nominal(index) - timedelta(seconds=below(words[0], 5))
    return ts, index + 1, below(words[1], USERS), pick(words[2], _ITEMS)


def _click(seed: int, index: int, words: list[int]) -> tuple[Any, ...]:
    exact = chance(words[0], 10)
    delay = _WINDOW if exact else timedelta(seconds=pick(words[1], _DELAYS))
    seen = index - delay // _GAP
    if seen < 0 or chance(words[2], 5):
        return _nominal(index), _NOBODYS + index, below(words[3], USERS)
    ((ts, impression, user, _),) = impressions(seed, seen, seen + 1)
    return ts + delay, impression, user


def _profile(index: int, words: list[int]) -> Change:
    row = (index % _WITH_PROFILE, pick(words[0], _CITIES), below(words[1], 100), _nominal(index))
    return Change("+I" if index < _WITH_PROFILE else "+U", row)


def _nominal(index: int) -> datetime:
    return _EPOCH + index * _GAP
