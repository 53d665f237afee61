"""No row comes late."""

from collections import Counter
from datetime import datetime, timedelta

_TEN = timedelta(seconds=10)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone


def expected(inputs):
    """Rows (end of the window, hits) of the sink `counts`."""
    counts = Counter(seen - (seen - _EPOCH) % _TEN + _TEN for (seen,) in inputs["hits"])
    return {"counts": list(counts.items())}
