"""Windows of a stream, whose bounds are milliseconds since 1970 whatever the zone is."""

from pyflink.common import Row, Time, Types
from pyflink.common.time import Instant
from pyflink.datastream import AggregateFunction, ProcessWindowFunction
from pyflink.datastream.window import TumblingEventTimeWindows

UNTIL = Types.ROW_NAMED(["until", "hits"], [Types.INSTANT(), Types.LONG()])


class Count(AggregateFunction):
    """One more for each."""

    def create_accumulator(self):
        """None yet."""
        return 0

    def add(self, value, accumulator):
        """One more."""
        return accumulator + 1

    def get_result(self, accumulator):
        """So many."""
        return accumulator

    def merge(self, acc_a, acc_b):
        """Those of both."""
        return acc_a + acc_b


class Tell(ProcessWindowFunction):
    """With the window's last millisecond."""

    def process(self, key, context, elements):
        """One row."""
        last = context.window().max_timestamp()
        yield Row(Instant.of_epoch_milli(last), sum(elements))


def query(hits):
    """Rows (until, hits)."""
    windows = hits.key_by(lambda row: row["page"], key_type=Types.STRING()).window(
        TumblingEventTimeWindows.of(Time.seconds(10))
    )
    return windows.aggregate(Count(), Tell(), Types.LONG(), UNTIL)
