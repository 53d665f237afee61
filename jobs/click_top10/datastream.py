"""Top ten with DataStream's windows: steps of 0.1 s are counted first, then added up."""

from collections import Counter
from datetime import datetime, timezone

from pyflink.common import Time, Types
from pyflink.datastream import (
    AggregateFunction,
    DataStream,
    KeyedProcessFunction,
    ProcessFunction,
    ProcessWindowFunction,
    RuntimeContext,
)
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor
from pyflink.datastream.window import TumblingEventTimeWindows

from jobs.click_top10.ranking import (
    CLICK,
    LATE,
    MINUTE_MS,
    RANK,
    STEP_MS,
    THIS_MINUTE,
    Totals,
    ranks,
    untold,
)

# One user's clicks in one step.
STEP = Types.TUPLE([Types.STRING(), Types.LONG(), Types.STRING(), Types.LONG(), Types.LONG()])
USER = Types.TUPLE([Types.STRING(), Types.LONG(), Types.STRING()])


class InTime(ProcessFunction):
    """Puts rows whose time the watermark has passed aside."""

    def process_element(self, value, ctx: ProcessFunction.Context):
        """Pass the row on, or put it aside."""
        if ctx.timer_service().current_watermark() >= ctx.timestamp():
            yield LATE, value
        else:
            yield value


class Count(AggregateFunction):
    """Counts."""

    def create_accumulator(self):
        """Nothing yet."""
        return 0

    def add(self, value, accumulator):
        """One more."""
        return accumulator + 1

    def get_result(self, accumulator):
        """The count."""
        return accumulator

    def merge(self, a, b):
        """Both counts."""
        return a + b


class WithEnd(ProcessWindowFunction):
    """Gives the count its user and its window's end."""

    def process(self, key, context, elements):
        """One tuple (sex, user id, name, window end in ms, clicks)."""
        (clicks,) = elements
        yield (*key, context.window().end, clicks)


class Rank(KeyedProcessFunction):
    """Adds up the steps of a sex, and ranks at the end of each."""

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

    def process_element(self, value, ctx: KeyedProcessFunction.Context) -> None:
        """Take a user's step in, and see to it that all its windows are told."""
        _, user, name, end, clicks = value
        step = self.steps.get(end) or Counter()
        step[user, name] += clicks
        self.steps.put(end, step)
        since, until = self.told.value() or (end, end - STEP_MS)
        for told in untold(since, until, end):
            ctx.timer_service().register_event_time_timer(told - 1)
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
    in_time = clicks.process(InTime(), output_type=CLICK)
    steps = (
        in_time.filter(lambda row: row[4] == "click")
        .key_by(lambda row: (row[3], row[1], row[2]), key_type=USER)
        .window(TumblingEventTimeWindows.of(Time.milliseconds(STEP_MS)))
        .aggregate(Count(), WithEnd(), accumulator_type=Types.LONG(), output_type=STEP)
    )
    last_minute = steps.key_by(lambda step: step[0], key_type=Types.STRING()).process(
        Rank(), output_type=RANK
    )
    return last_minute, last_minute.get_side_output(THIS_MINUTE), in_time.get_side_output(LATE)
