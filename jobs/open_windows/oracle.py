"""Windows row by row, as a stream sees them: what the watermark has closed stays closed."""

from datetime import datetime, timedelta
from functools import reduce

MINUTE = timedelta(minutes=1)
STEP = timedelta(seconds=30)
GAP = timedelta(seconds=30)
DISORDER = timedelta(seconds=5)
MS = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone


def expected(inputs):
    """Rows of the sinks `tumbling`, `sliding`, `cumulative` and `sessions`."""
    totals = {name: {} for name in WINDOWS}
    sessions, newest = [], EPOCH
    for at, sensor, amount in inputs["readings"]:
        watermark = newest - DISORDER
        for name, windows in WINDOWS.items():
            for start, end in windows(at):
                if end - MS > watermark:
                    key = start, end, sensor
                    totals[name][key] = plus(totals[name].get(key), amount)
        if at + GAP - MS > watermark:
            sessions = merged(sessions, [at, at + GAP, sensor, amount], watermark)
        newest = max(newest, at)
    return {
        **{name: [(*key, total) for key, total in found.items()] for name, found in totals.items()},
        "sessions": [tuple(session) for session in sessions],
    }


def merged(sessions, new, watermark):
    """The sessions, those of the sensor that touch the new one made one with it."""
    start, end, sensor, _ = new
    touching, others = [new], []
    for each in sessions:
        is_open = each[1] - MS > watermark
        touches = each[2] == sensor and each[0] <= end and start <= each[1]
        (touching if is_open and touches else others).append(each)
    starts, ends, _, amounts = zip(*touching)
    return [*others, [min(starts), max(ends), sensor, reduce(plus, amounts)]]


def plus(one, other):
    """As SQL adds up: what is NULL adds nothing, and of nothing else the sum is NULL."""
    return sum(known) if (known := [n for n in (one, other) if n is not None]) else None


def begin(at, size):
    """The begin of the span of that size that a time is in."""
    return at - (at - EPOCH) % size


def tumbling(at):
    """The minute."""
    return [(begin(at, MINUTE), begin(at, MINUTE) + MINUTE)]


def sliding(at):
    """The minutes that end with this half and with the next one."""
    half = begin(at, STEP)
    return [(half - STEP, half + STEP), (half, half + MINUTE)]


def cumulative(at):
    """The minute, as far as the end of this half and as far as the next, if it has one."""
    start, half = begin(at, MINUTE), begin(at, STEP)
    return [(start, end) for end in (half + STEP, half + MINUTE) if end <= start + MINUTE]


WINDOWS = {"tumbling": tumbling, "sliding": sliding, "cumulative": cumulative}
