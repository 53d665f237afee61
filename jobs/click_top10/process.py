"""Top ten with keyed state and timers alone."""

from collections import Counter
from datetime import datetime, timezone

from pyflink.common import Types
from pyflink.datastream import DataStream, KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor

from jobs.click_top10.ranking import (
    LATE,
    MINUTE_MS,
    RANK,
    STEP_MS,
    THIS_MINUTE,
    Totals,
    ranks,
    step_end,
    untold,
)


class TopTen(KeyedProcessFunction):
    """Counts the clicks of a sex by steps, and ranks at the end of each step."""

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

    def process_element(self, value, ctx: KeyedProcessFunction.Context):
        """Count a click in time; put a late one aside."""
        if ctx.timer_service().current_watermark() >= ctx.timestamp():
            yield LATE, value
        elif value[4] == "click":
            self.count(value[1], value[2], step_end(ctx.timestamp()), ctx.timer_service())

    def count(self, user, name, end, timers) -> None:
        """Add a click to its step, and see to it that all windows with it are told."""
        step = self.steps.get(end) or Counter()
        step[user, name] += 1
        self.steps.put(end, step)
        since, until = self.told.value() or (end, end - STEP_MS)
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


def query(clicks: DataStream) -> tuple[DataStream, DataStream, DataStream]:
    """Ranks of the last minute, ranks of this minute, late clicks."""
    last_minute = clicks.key_by(lambda row: row[3], key_type=Types.STRING()).process(
        TopTen(), output_type=RANK
    )
    return last_minute, last_minute.get_side_output(THIS_MINUTE), last_minute.get_side_output(LATE)
