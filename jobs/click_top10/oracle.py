"""Count by hand: every window, every click in it, sorted."""

from collections import Counter
from datetime import datetime, timedelta

STEP = timedelta(milliseconds=100)
MINUTE = timedelta(minutes=1)
DISORDER = timedelta(milliseconds=500)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
PLACES = 10


def expected(inputs):
    """Rows of the sinks `last_minute`, `this_minute` and `late`."""
    in_time, late = split(inputs["clicks"])
    slices = counted(row for row in in_time if row[4] == "click")
    return {
        "last_minute": ranked(slices, sliding_ends),
        "this_minute": ranked(slices, cumulative_ends),
        "late": late,
    }


def split(rows):
    """Rows that come in time, and rows whose time the watermark has passed."""
    in_time, late, newest = [], [], EPOCH
    for row in rows:
        (late if row[0] <= newest - DISORDER else in_time).append(row)
        newest = max(newest, row[0])
    return in_time, late


def counted(rows):
    """End of the step of 0.1 s -> how often each (sex, user, name) clicked in it."""
    slices = {}
    for ts, user, name, sex, _ in rows:
        end = ts - (ts - EPOCH) % STEP + STEP
        slices.setdefault(end, Counter())[sex, user, name] += 1
    return slices


def sliding_ends(end):
    """The ends of all windows of a minute that a step is in."""
    return [end + number * STEP for number in range(600)]


def cumulative_ends(end):
    """The ends of the windows from the minute's begin that a step is in."""
    minute_ends = end - STEP - (end - STEP - EPOCH) % MINUTE + MINUTE
    return [end + number * STEP for number in range((minute_ends - end) // STEP + 1)]


def ranked(slices, ends):
    """Rows (window end, sex, place, user, name, clicks): the first ten of each window and sex."""
    windows = {}
    for slice_end, counts in slices.items():
        for end in ends(slice_end):
            windows.setdefault(end, Counter()).update(counts)
    return [
        (end, sex, place, user, name, clicks)
        for end, counts in windows.items()
        for sex in ("f", "m")
        for place, (clicks, user, name) in enumerate(best(counts, sex), 1)
    ]


def best(counts, sex):
    """The first ten of a sex: most clicks first, of equals the smaller user id."""
    users = [(clicks, user, name) for (its, user, name), clicks in counts.items() if its == sex]
    return sorted(users, key=lambda user: (-user[0], user[1]))[:PLACES]
