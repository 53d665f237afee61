"""What both DataStream dialects need: steps of 0.1 s, running totals, ranks at timers."""

from collections import Counter
from datetime import datetime, timezone

from pyflink.common import Row, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo
from pyflink.datastream import KeyedProcessFunction, OutputTag, RuntimeContext
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor

STEP_MS = 100
MINUTE_MS = 60_000
PLACES = 10
SEXES = ("f", "m")

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


class Ranking(KeyedProcessFunction):
    """Keeps the steps of a sex, and ranks at the end of each."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state: steps by end, totals, and for which ends there are timers."""
        clicks = MapStateDescriptor("steps", Types.LONG(), Types.PICKLED_BYTE_ARRAY())
        self.steps = runtime_context.get_map_state(clicks)
        self.totals = runtime_context.get_state(
            ValueStateDescriptor("totals", Types.PICKLED_BYTE_ARRAY())
        )
        self.told = runtime_context.get_state(
            ValueStateDescriptor("told", Types.PICKLED_BYTE_ARRAY())
        )

    def count(self, user, name, end, clicks, timers) -> None:
        """Add clicks to their step, and see to it that all windows with it are told."""
        step = self.steps.get(end) or Counter()
        step[user, name] += clicks
        self.steps.put(end, step)
        since, until = self.told.value() or (end, end - STEP_MS)
        if end > until + STEP_MS:
            # Between there are windows without a timer: a click from there may yet come.
            since, until = end, end - STEP_MS
        for told in untold(since, until, end):
            timers.register_event_time_timer(told - 1)
        self.told.update((min(since, end), max(until, end + MINUTE_MS)))

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext):
        """Tell both windows that end here."""
        end, sex = timestamp + 1, ctx.get_current_key()
        totals = self.totals.value() or Totals()
        leaving = self.steps.get(end - MINUTE_MS) or Counter()
        totals.advance(end, self.steps.get(end) or Counter(), leaving)
        self.steps.remove(end - MINUTE_MS)
        self.totals.update(totals)
        window_end = datetime.fromtimestamp(end / 1000, timezone.utc).replace(tzinfo=None)
        yield from ranks(totals.last_minute, window_end, sex)
        for row in ranks(totals.this_minute, window_end, sex):
            yield THIS_MINUTE, row
