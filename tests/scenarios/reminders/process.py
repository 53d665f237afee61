"""Keeps no state of its own: what is not told yet, a timer alone knows."""

from pyflink.common import Row, Types
from pyflink.datastream import DataStream, KeyedProcessFunction

TOLD = Types.ROW_NAMED(["name"], [Types.STRING()])


class Remind(KeyedProcessFunction):
    """Sets a timer for each row, and tells its key when that rings."""

    def process_element(self, value, ctx: KeyedProcessFunction.Context) -> None:
        """Set the timer."""
        timers = ctx.timer_service()
        timers.register_processing_time_timer(timers.current_processing_time() + value[1])

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext):
        """Tell the name."""
        yield Row(ctx.get_current_key())


def query(asked: DataStream) -> DataStream:
    """The names that were to be told by now."""
    by_name = asked.key_by(lambda row: row[0], key_type=Types.STRING())
    return by_name.process(Remind(), output_type=TOLD).uid("remind")
