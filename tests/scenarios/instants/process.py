"""Counts in a map by the window's end, and a timer for each."""

from pyflink.common import Row, Types
from pyflink.common.time import Instant
from pyflink.datastream import KeyedProcessFunction
from pyflink.datastream.state import MapStateDescriptor

TEN_MS = 10_000
UNTIL = Types.ROW_NAMED(["until", "hits"], [Types.INSTANT(), Types.LONG()])


class Windows(KeyedProcessFunction):
    """Tells a window when event time has come to its last millisecond."""

    def open(self, runtime_context):
        """The hits by a window's last millisecond."""
        by_last = MapStateDescriptor("hits", Types.LONG(), Types.LONG())
        self.hits = runtime_context.get_map_state(by_last)

    def process_element(self, value, ctx):
        """Count a hit whose window is open."""
        last = ctx.timestamp() - ctx.timestamp() % TEN_MS + TEN_MS - 1
        if last > ctx.timer_service().current_watermark():
            self.hits.put(last, (self.hits.get(last) or 0) + 1)
            ctx.timer_service().register_event_time_timer(last)

    def on_timer(self, timestamp, ctx):
        """One row."""
        yield Row(Instant.of_epoch_milli(timestamp), self.hits.get(timestamp))
        self.hits.remove(timestamp)


def query(hits):
    """Rows (until, hits)."""
    return hits.key_by(lambda row: row["page"], key_type=Types.STRING()).process(Windows(), UNTIL)
