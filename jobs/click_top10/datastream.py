"""Top ten with DataStream's windows: steps of 0.1 s are counted first, then added up."""

from pyflink.common import Row, Time, Types
from pyflink.datastream import (
    AggregateFunction,
    DataStream,
    KeyedProcessFunction,
    ProcessFunction,
    ProcessWindowFunction,
)
from pyflink.datastream.window import TumblingEventTimeWindows

from jobs.click_top10.ranking import CLICK, LATE, RANK, SEXES, STEP_MS, THIS_MINUTE, Ranking

# One user's clicks in one step. No tuples: a name may be NULL, which those cannot hold.
STEP = Types.ROW([Types.STRING(), Types.LONG(), Types.STRING(), Types.LONG(), Types.LONG()])
USER = Types.ROW([Types.STRING(), Types.LONG(), Types.STRING()])


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
        """One row (sex, user id, name, window end in ms, clicks)."""
        (clicks,) = elements
        yield Row(*key, context.window().end, clicks)


class Rank(Ranking):
    """Adds up the steps of a sex, and ranks at the end of each."""

    def process_element(self, value, ctx: KeyedProcessFunction.Context) -> None:
        """Take a user's step in."""
        _, user, name, end, clicks = value
        self.count(user, name, end, clicks, ctx.timer_service())


def query(clicks: DataStream) -> tuple[DataStream, DataStream, DataStream]:
    """Ranks of the last minute, ranks of this minute, late clicks."""
    in_time = clicks.process(InTime(), output_type=CLICK).uid("in-time")
    steps = (
        in_time.filter(lambda row: row[4] == "click" and row[3] in SEXES)
        .key_by(lambda row: Row(row[3], row[1], row[2]), key_type=USER)
        .window(TumblingEventTimeWindows.of(Time.milliseconds(STEP_MS)))
        .aggregate(Count(), WithEnd(), accumulator_type=Types.LONG(), output_type=STEP)
        .uid("steps")
    )
    last_minute = (
        steps.key_by(lambda step: step[0], key_type=Types.STRING())
        .process(Rank(), output_type=RANK)
        .uid("ranks")
    )
    return last_minute, last_minute.get_side_output(THIS_MINUTE), in_time.get_side_output(LATE)
