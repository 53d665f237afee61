"""What hypothesis draws for oracles and whole jobs alike."""

from datetime import datetime, timedelta
from itertools import product

from hypothesis import strategies as st

from streamgauge.values.changelog import Change

MIDNIGHT = datetime(2024, 3, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone


def one_of_all(values):
    """One draw for a whole row: five draws would take most of the time."""
    return st.sampled_from(list(values))


def ms(number):
    """A time or a span, in ms."""
    return timedelta(milliseconds=number)


# About the edges of five and ten minutes.
MOMENTS = [MIDNIGHT + ms(at) for at in (0, 1, 299_999, 300_000, 300_001, 600_000, 600_001)]
USERS = range(3)
shown = st.lists(one_of_all(product(MOMENTS, USERS, "xy")), min_size=1, max_size=5).map(
    lambda drawn: [(ts, number, user, item) for number, (ts, user, item) in enumerate(drawn)]
)
clicked = st.lists(one_of_all(product(MOMENTS, range(7), USERS)), max_size=5)


def history(versions):
    """Profile changes in order of time: each user's first is an insert."""
    seen, changes = set(), []
    for updated_at, user, city, level in sorted(versions, key=lambda version: version[:2]):
        row = (user, city, level, updated_at)
        changes.append(Change("+U" if user in seen else "+I", row))
        seen.add(user)
    return changes


versions = one_of_all(product(MOMENTS, USERS, ("Ulm", None), range(5)))


def joined(**more):
    """Inputs of feature_join; what more is to hold of the profiles' versions."""
    profiles = st.lists(versions, max_size=5, **more).map(history)
    return st.fixed_dictionaries({"impressions": shown, "clicks": clicked, "profiles": profiles})
