"""Windows counted row by row: what event time has closed stays closed."""

from collections import Counter
from datetime import datetime, timedelta, timezone

_TEN = timedelta(seconds=10)
_MS = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def expected(inputs):
    """Rows (last millisecond of the window, hits) of the sink `counts`."""
    counts, newest = Counter(), _EPOCH
    for seen, _ in inputs["hits"]:
        last = seen - (seen - _EPOCH) % _TEN + _TEN - _MS
        if last > newest - timedelta(seconds=5):
            counts[last] += 1
        newest = max(newest, seen)
    return {"counts": list(counts.items())}
