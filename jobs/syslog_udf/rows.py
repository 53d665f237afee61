"""What both DataStream dialects need: row types, and the parsing of a line."""

from datetime import datetime

from pyflink.common import Row, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo
from pyflink.datastream import OutputTag, ProcessFunction

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
ALARMS = OutputTag("dangers", ALERT)


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
            yield ALARMS, Row(rule, client(line), received, command(line))
