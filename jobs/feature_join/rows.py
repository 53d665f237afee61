"""What both DataStream dialects need: row types, times in ms, versions of a profile."""

from datetime import datetime, timedelta, timezone

from pyflink.common import Row, RowKind, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo

SEEN_MS = 5 * 60_000
CLICKED_MS = 10 * 60_000
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

FEATURE = Types.ROW_NAMED(
    ["impression_id", "ts", "user_id", "item", "city", "level", "seen", "label"],
    [
        Types.LONG(),
        LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE_TIME),
        Types.LONG(),
        Types.STRING(),
        Types.STRING(),
        Types.INT(),
        Types.LONG(),
        Types.INT(),
    ],
)


def millis(moment: datetime) -> int:
    """A time of SQL as ms since 1970, in UTC."""
    return (moment.replace(tzinfo=timezone.utc) - EPOCH) // timedelta(milliseconds=1)


def is_version(change: Row) -> bool:
    """Whether a change of a profile tells what it is from now on."""
    return change.get_row_kind() in (RowKind.INSERT, RowKind.UPDATE_AFTER)


def as_of(versions, time):
    """City and level of the newest of (time, city, level) that is not newer than `time`."""
    known = sorted((v for v in versions if v[0] <= time), key=lambda version: version[0])
    return known[-1][1:] if known else (None, None)


def still_needed(versions, time):
    """The versions that an impression at `time` or later may ask for."""
    current = max((at for at, *_ in versions if at <= time), default=time)
    return [version for version in versions if version[0] >= current]
