"""What hypothesis draws for oracles and whole jobs alike."""

import inspect
from datetime import datetime, timedelta
from itertools import product

from hypothesis import strategies as st

from generators import hostile
from streamgauge.values.changelog import Change

MIDNIGHT = datetime(2024, 3, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone


def one_of_all(values):
    """One draw for a whole row: five draws would take most of the time."""
    return st.sampled_from(list(values))


def ms(number):
    """A time or a span, in ms."""
    return timedelta(milliseconds=number)


def hostile_inputs(scenario, seed, rows, percent=20):
    """Generated rows of all sources, with hostile values wherever a generator has them."""

    def made(generate):
        has = "hostile" in inspect.signature(generate).parameters
        return generate(seed, 0, rows, **({"hostile": percent} if has else {}))

    return scenario.checked({source.name: made(source.generate) for source in scenario.sources})


# A very long text tells no more than once is enough.
hostile_texts = one_of_all(hostile.every(hostile.shorter(hostile.TEXTS, 100)))
# About the edges of five and ten minutes.
MOMENTS = [MIDNIGHT + ms(at) for at in (0, 1, 299_999, 300_000, 300_001, 600_000, 600_001)]
USERS = range(3)
shown = st.lists(
    one_of_all(product(MOMENTS, USERS, ("x", "", "x ", "\U0001f991"))), min_size=1, max_size=5
).map(lambda drawn: [(ts, number, user, item) for number, (ts, user, item) in enumerate(drawn)])
clicked = st.lists(one_of_all(product(MOMENTS, range(7), (*USERS, None))), max_size=5)


def history(versions):
    """Profile changes in order of time: each user's first is an insert."""
    seen, changes = set(), []
    for updated_at, user, city, level in sorted(versions, key=lambda version: version[:2]):
        row = (user, city, level, updated_at)
        changes.append(Change("+U" if user in seen else "+I", row))
        seen.add(user)
    return changes


levels = (0, 1, None, *hostile.every(hostile.whole(-(2**31), 2**31 - 1)))
versions = one_of_all(product(MOMENTS, USERS, ("Ulm", None, "", " Ulm"), levels))


def joined(**more):
    """Inputs of feature_join; what more is to hold of the profiles' versions."""
    profiles = st.lists(versions, max_size=5, **more).map(history)
    return st.fixed_dictionaries({"impressions": shown, "clicks": clicked, "profiles": profiles})
