"""Each event's time as UTC has it."""

from datetime import datetime, timedelta

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone


def expected(inputs):
    """Rows of the sink `times`."""
    return {"times": [(at, _time(ms)) for at, ms in inputs["events"]]}


def _time(ms):
    return None if ms is None else _EPOCH + timedelta(milliseconds=ms)
