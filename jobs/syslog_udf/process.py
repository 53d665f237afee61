"""Syslog lines with side outputs, and failures counted in keyed state until a timer."""

from datetime import datetime, timedelta

from pyflink.common import Row, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo
from pyflink.datastream import (
    DataStream,
    KeyedProcessFunction,
    OutputTag,
    ProcessFunction,
    RuntimeContext,
)
from pyflink.datastream.state import MapStateDescriptor

from jobs.syslog_udf.parse import (
    client,
    command,
    danger,
    host,
    logged_at,
    login_user,
    reject_reason,
    status,
    topic,
    user_name,
)

MANY = 5
MINUTE_MS = 60_000
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone

LOCAL_DATE_TIME = LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE_TIME)
COMMAND = Types.ROW_NAMED(
    ["topic", "host", "client", "user_name", "login_user", "command", "at", "status"],
    [*[Types.STRING()] * 6, LOCAL_DATE_TIME, Types.INT()],
)
REJECTED = OutputTag(
    "rejected",
    Types.ROW_NAMED(["line", "reason"], [Types.PRIMITIVE_ARRAY(Types.BYTE()), Types.STRING()]),
)
ALERT = Types.ROW_NAMED(
    ["rule", "client", "at", "detail"],
    [Types.STRING(), Types.STRING(), LOCAL_DATE_TIME, Types.STRING()],
)
DANGERS = OutputTag("dangers", ALERT)


class Parse(ProcessFunction):
    """A line's command; to the side, why it has none, and whether it is dangerous."""

    def process_element(self, value: Row, ctx: ProcessFunction.Context):
        """Parse one line."""
        received, line = value
        reason = reject_reason(received, line)
        if reason:
            yield REJECTED, Row(line, reason)
            return
        yield Row(
            topic(line),
            host(line),
            client(line),
            user_name(line),
            login_user(line),
            command(line),
            logged_at(received, line),
            status(line),
        )
        rule = danger(command(line))
        if rule:
            yield DANGERS, Row(rule, client(line), received, command(line))


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
    commands = lines.process(Parse(), output_type=COMMAND)
    failures = (
        commands.filter(lambda row: row["status"] != 0)
        .key_by(lambda row: row["client"], key_type=Types.STRING())
        .process(ManyFailures(), output_type=ALERT)
    )
    alerts = commands.get_side_output(DANGERS).union(failures)
    return commands, commands.get_side_output(REJECTED), alerts
