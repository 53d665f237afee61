"""What both DataStream dialects need: windows in milliseconds, and rows of the answer."""

from datetime import datetime, timezone

from pyflink.common import Row, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo

MINUTE_MS = 60_000
STEP_MS = 30_000

_AT = LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE_TIME)
WINDOW = Types.ROW_NAMED(
    ["window_start", "window_end", "sensor", "amount"],
    [_AT, _AT, Types.STRING(), Types.LONG()],
)


def cumulative(at):
    """The windows (start, end) that grow by a step to the whole minute."""
    start = at - at % MINUTE_MS
    return [
        (start, end) for end in range(start + STEP_MS, start + MINUTE_MS + 1, STEP_MS) if at < end
    ]


def plus(one, other):
    """As SQL adds up: NULL adds nothing, and is the sum of nothing else."""
    if one is None or other is None:
        return other if one is None else one
    return one + other


def window_row(start, end, sensor, amount):
    """A row of the answer."""
    return Row(_moment(start), _moment(end), sensor, amount)


def _moment(milliseconds):
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).replace(tzinfo=None)
