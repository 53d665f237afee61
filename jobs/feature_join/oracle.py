"""Each impression looked at with all that is known in the end."""

from bisect import bisect_left, bisect_right
from datetime import timedelta

SEEN = timedelta(minutes=5)
CLICKED = timedelta(minutes=10)


def expected(inputs):
    """Rows of the sink `features`."""
    shown = grouped((user, ts) for ts, _, user, _ in inputs["impressions"])
    clicked = grouped((impression, ts) for ts, impression, _ in inputs["clicks"])
    versions = grouped(version(*change.row) for change in inputs["profiles"])
    return {
        "features": [
            (
                impression,
                ts,
                user,
                item,
                *profile(versions.get(user, []), ts),
                between(shown[user], ts - SEEN, ts),
                int(between(clicked.get(impression, []), ts, ts + CLICKED) > 0),
            )
            for ts, impression, user, item in inputs["impressions"]
        ]
    }


def version(user, city, level, updated_at):
    """A user with a version of the profile."""
    return user, Version(updated_at, city, level)


class Version:
    """A profile from its time on; of the same time, the one that came last is the newest."""

    def __init__(self, since, city, level):
        self.since = since
        self.features = (city, level)

    def __lt__(self, other):
        return self.since < other.since


def grouped(pairs):
    """Key -> its values in order; of equals, the first comes first."""
    groups = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: sorted(values) for key, values in groups.items()}


def between(times, first, last):
    """How many of the times, which are in order, are within these two."""
    return bisect_right(times, last) - bisect_left(times, first)


def profile(versions, ts):
    """City and level of the newest version that is not newer than the impression."""
    known = bisect_right(versions, Version(ts, None, None))
    return versions[known - 1].features if known else (None, None)
