"""What both DataStream dialects need: steps of 0.1 s, running totals, and the first ten."""

from collections import Counter

from pyflink.common import Row, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo
from pyflink.datastream import OutputTag

STEP_MS = 100
MINUTE_MS = 60_000
PLACES = 10

LOCAL_DATE_TIME = LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE_TIME)
CLICK = Types.ROW_NAMED(
    ["ts", "user_id", "name", "sex", "action"],
    [LOCAL_DATE_TIME, Types.LONG(), Types.STRING(), Types.STRING(), Types.STRING()],
)
RANK = Types.ROW_NAMED(
    ["window_end", "sex", "place", "user_id", "name", "clicks"],
    [LOCAL_DATE_TIME, Types.STRING(), Types.LONG(), Types.LONG(), Types.STRING(), Types.LONG()],
)
THIS_MINUTE = OutputTag("this_minute", RANK)
LATE = OutputTag("late", CLICK)


def step_end(timestamp):
    """The end, in ms, of the step of 0.1 s that a timestamp is in."""
    return timestamp - timestamp % STEP_MS + STEP_MS


def untold(since, until, end):
    """The ends, in ms, of the windows with the step that ends at `end`.

    But for those from `since` to `until`, for which there are timers already.
    """
    after = max(end, until + STEP_MS)
    return [*range(end, since, STEP_MS), *range(after, end + MINUTE_MS + 1, STEP_MS)]


class Totals:
    """Clicks of each (user id, name): in the last minute, and in the calendar minute so far."""

    def __init__(self):
        self.last_minute = Counter()
        self.this_minute = Counter()

    def advance(self, end, entering, leaving):
        """Move both windows on by the step that ends at `end`, in ms."""
        if (end - STEP_MS) % MINUTE_MS == 0:
            self.this_minute.clear()
        self.this_minute.update(entering)
        self.last_minute.update(entering)
        self.last_minute.subtract(leaving)
        self.last_minute = +self.last_minute


def ranks(counts, end, sex):
    """Rows of the first ten: most clicks first, of equals the smaller user id."""
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0][0]))
    return [
        Row(end, sex, place, user, name, clicks)
        for place, ((user, name), clicks) in enumerate(order[:PLACES], 1)
    ]
