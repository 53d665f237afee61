"""Syslog lines with DataStream's side outputs and windows."""

from datetime import timedelta

from pyflink.common import Row, Time, Types
from pyflink.datastream import (
    AggregateFunction,
    DataStream,
    ProcessWindowFunction,
)
from pyflink.datastream.window import TumblingEventTimeWindows

from jobs.syslog_udf.rows import ALARMS, ALERT, COMMAND, EPOCH, MANY, REJECTED, Parse


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
    commands = lines.process(Parse(), output_type=COMMAND).uid("commands")
    failures = (
        commands.filter(lambda row: row["status"] != 0)
        .key_by(lambda row: row["client"], key_type=Types.STRING())
        .window(TumblingEventTimeWindows.of(Time.minutes(1)))
        .aggregate(Count(), ManyFailures(), accumulator_type=Types.LONG(), output_type=ALERT)
        .uid("failures")
    )
    alerts = commands.get_side_output(ALARMS).union(failures)
    return commands, commands.get_side_output(REJECTED), alerts
