"""Event time by hand, of what can be read; the rest goes to an output of its own."""

import json
from datetime import datetime, timedelta

from pyflink.common import Row, Time, Types, WatermarkStrategy
from pyflink.common.typeinfo import LocalTimeTypeInfo
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import DataStream, OutputTag, ProcessFunction, ProcessWindowFunction
from pyflink.datastream.window import TumblingEventTimeWindows

MOMENT = LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE_TIME)
COUNT = Types.ROW_NAMED(["begun", "n"], [MOMENT, Types.LONG()])
UNREADABLE = OutputTag("unreadable", Types.ROW_NAMED(["message"], [Types.STRING()]))
EPOCH = datetime.fromisoformat("1970-01-01")


class Read(ProcessFunction):
    """Tells the time of a message, or the message."""

    def process_element(self, value, ctx: ProcessFunction.Context):
        """One of both."""
        try:
            yield int(json.loads(value["message"])["ms"])
        except ValueError:
            yield UNREADABLE, Row(value["message"])


class Itself(TimestampAssigner):
    """The value is the time."""

    def extract_timestamp(self, value: int, record_timestamp: int) -> int:
        """Milliseconds since 1970."""
        return value


class Count(ProcessWindowFunction):
    """Counts a window."""

    def process(self, key, context, elements):
        """When it began and how many."""
        yield Row(EPOCH + timedelta(milliseconds=context.window().start), len(list(elements)))


def query(messages: DataStream) -> tuple[DataStream, DataStream]:
    """Counts, and what cannot be read."""
    times = messages.process(Read(), output_type=Types.LONG())
    strategy = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Itself())
    counts = (
        times.assign_timestamps_and_watermarks(strategy)
        .key_by(lambda _: 0, key_type=Types.LONG())
        .window(TumblingEventTimeWindows.of(Time.seconds(10)))
        .process(Count(), output_type=COUNT)
    )
    return counts, times.get_side_output(UNREADABLE)
