"""Syslog lines with DataStream's side outputs and windows."""

from datetime import datetime, timedelta

from pyflink.common import Row, Time, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo
from pyflink.datastream import (
    AggregateFunction,
    DataStream,
    OutputTag,
    ProcessFunction,
    ProcessWindowFunction,
)
from pyflink.datastream.window import TumblingEventTimeWindows

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


class Count(AggregateFunction):
    """The number of elements."""

    def create_accumulator(self) -> int:
        """None so far."""
        return 0

    def add(self, value: Row, accumulator: int) -> int:
        """One more."""
        return accumulator + 1

    def get_result(self, accumulator: int) -> int:
        """The number."""
        return accumulator

    def merge(self, a: int, b: int) -> int:
        """The number of both."""
        return a + b


class ManyFailures(ProcessWindowFunction):
    """An alert where a client's failures in a window are many."""

    def process(self, key: str, context: ProcessWindowFunction.Context, elements):
        """Tell the number of failures."""
        (failures,) = elements
        if failures >= MANY:
            end = EPOCH + timedelta(milliseconds=context.window().end)
            yield Row("many failures", key, end, str(failures))


def query(lines: DataStream) -> tuple[DataStream, DataStream, DataStream]:
    """The commands, the lines that do not parse with the reason, and the alerts."""
    commands = lines.process(Parse(), output_type=COMMAND)
    failures = (
        commands.filter(lambda row: row["status"] != 0)
        .key_by(lambda row: row["client"], key_type=Types.STRING())
        .window(TumblingEventTimeWindows.of(Time.minutes(1)))
        .aggregate(Count(), ManyFailures(), accumulator_type=Types.LONG(), output_type=ALERT)
    )
    alerts = commands.get_side_output(DANGERS).union(failures)
    return commands, commands.get_side_output(REJECTED), alerts
