"""Sessions in Python's windows, which keep whole rows until they close."""

from pyflink.common import Row, Time, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo
from pyflink.datastream import DataStream, ProcessWindowFunction
from pyflink.datastream.window import EventTimeSessionWindows

DAY = LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE)
MOMENT = LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE_TIME)
SESSION = Types.ROW_NAMED(
    ["meter", "began", "readings", "first_day", "last_seen", "total"],
    [Types.LONG(), MOMENT, Types.LONG(), DAY, MOMENT, Types.BIG_DEC()],
)


class Session(ProcessWindowFunction):
    """Tells what a session had."""

    def process(self, key, context, elements):
        """One row."""
        ats, _, days, seen, prices = zip(*elements)
        yield Row(key, min(ats), len(ats), min(days), max(seen), sum(prices))


def query(readings: DataStream) -> DataStream:
    """A row for each session, when it has closed."""
    return (
        readings.filter(lambda row: row["price"] >= 0)
        .key_by(lambda row: row["meter"], key_type=Types.LONG())
        .window(EventTimeSessionWindows.with_gap(Time.milliseconds(4)))
        .process(Session(), output_type=SESSION)
        .uid("sessions")
    )
