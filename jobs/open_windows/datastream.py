"""Windows of the DataStream API, each with its content kept in another way."""

from functools import reduce

from pyflink.common import Row, Time, Types
from pyflink.datastream import DataStream, ProcessWindowFunction
from pyflink.datastream.functions import AggregateFunction
from pyflink.datastream.window import (
    EventTimeSessionWindows,
    EventTimeTrigger,
    SlidingEventTimeWindows,
    TimeWindow,
    TimeWindowSerializer,
    TumblingEventTimeWindows,
    WindowAssigner,
)

from jobs.open_windows.rows import WINDOW, cumulative, plus, window_row

READING = Types.ROW_NAMED(["sensor", "amount"], [Types.STRING(), Types.LONG()])
# No bare LONG, for that cannot be NULL; with a name, for else a task asks Java for one, which it
# cannot.
TOTAL = Types.ROW_NAMED(["total"], [Types.LONG()])
MINUTE = Time.minutes(1)
STEP = Time.seconds(30)


class CumulativeWindows(WindowAssigner):
    """Windows that grow by a step to a whole minute, which PyFlink has not."""

    def assign_windows(self, element, timestamp, context):
        """One for each step until the minute is over."""
        return [TimeWindow(*window) for window in cumulative(timestamp)]

    def get_default_trigger(self, env):
        """Event time's."""
        return EventTimeTrigger()

    def get_window_serializer(self):
        """That of windows in time."""
        return TimeWindowSerializer()

    def is_event_time(self):
        """They are."""
        return True


class Total(AggregateFunction):
    """Adds amounts up."""

    def create_accumulator(self):
        """Of nothing so far."""
        return Row(None)

    def add(self, value, accumulator):
        """Take one more."""
        return Row(plus(accumulator[0], value[1]))

    def get_result(self, accumulator):
        """All of it, as a row."""
        return Row("", *accumulator)

    def merge(self, acc_a, acc_b):
        """Of both."""
        return Row(plus(acc_a[0], acc_b[0]))


class Tell(ProcessWindowFunction):
    """Tells a window's total, of rows or of what they were made."""

    def process(self, key, context, elements):
        """One row."""
        window = context.window()
        yield window_row(window.start, window.end, key, reduce(plus, (row[1] for row in elements)))


def query(readings: DataStream) -> tuple[DataStream, DataStream, DataStream, DataStream]:
    """Tumbling windows keep a reduced row, sliding ones an accumulator, the others all rows."""
    by_sensor = readings.map(
        lambda row: Row(row["sensor"], row["amount"]), output_type=READING
    ).key_by(lambda row: row[0], key_type=Types.STRING())
    tumbling = by_sensor.window(TumblingEventTimeWindows.of(MINUTE))
    sliding = by_sensor.window(SlidingEventTimeWindows.of(MINUTE, STEP))
    growing = by_sensor.window(CumulativeWindows())
    sessions = by_sensor.window(EventTimeSessionWindows.with_gap(STEP))
    return (
        tumbling.reduce(added, Tell(), WINDOW).uid("tumbling"),
        sliding.aggregate(Total(), Tell(), TOTAL, WINDOW).uid("sliding"),
        growing.process(Tell(), WINDOW).uid("cumulative"),
        sessions.process(Tell(), WINDOW).uid("sessions"),
    )


def added(one, other):
    """Two readings as one."""
    return Row(one[0], plus(one[1], other[1]))
