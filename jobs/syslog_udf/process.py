"""Syslog lines with side outputs, and failures counted in keyed state until a timer."""

from datetime import timedelta

from pyflink.common import Row, Types
from pyflink.datastream import (
    DataStream,
    KeyedProcessFunction,
    RuntimeContext,
)
from pyflink.datastream.state import MapStateDescriptor

from jobs.syslog_udf.rows import ALARMS, ALERT, COMMAND, EPOCH, MANY, REJECTED, Parse

MINUTE_MS = 60_000


class ManyFailures(KeyedProcessFunction):
    """Counts a client's failures by the minute they were received in."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state: failures by the last millisecond of their minute."""
        self.failures = runtime_context.get_map_state(
            MapStateDescriptor("failures", Types.LONG(), Types.LONG())
        )

    def process_element(self, value: Row, ctx: KeyedProcessFunction.Context) -> None:
        """Count one failure, unless its minute is over."""
        last = ctx.timestamp() // MINUTE_MS * MINUTE_MS + MINUTE_MS - 1
        if last > ctx.timer_service().current_watermark():
            self.failures.put(last, (self.failures.get(last) or 0) + 1)
            ctx.timer_service().register_event_time_timer(last)

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext):
        """Tell the failures of the minute that is over, where they are many."""
        failures = self.failures.get(timestamp)
        self.failures.remove(timestamp)
        if failures >= MANY:
            end = EPOCH + timedelta(milliseconds=timestamp + 1)
            yield Row("many failures", ctx.get_current_key(), end, str(failures))


def query(lines: DataStream) -> tuple[DataStream, DataStream, DataStream]:
    """The commands, the lines that do not parse with the reason, and the alerts."""
    commands = lines.process(Parse(), output_type=COMMAND).uid("commands")
    failures = (
        commands.filter(lambda row: row["status"] != 0)
        .key_by(lambda row: row["client"], key_type=Types.STRING())
        .process(ManyFailures(), output_type=ALERT)
        .uid("failures")
    )
    alerts = commands.get_side_output(ALARMS).union(failures)
    return commands, commands.get_side_output(REJECTED), alerts
