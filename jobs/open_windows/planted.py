"""Errors as people make them, and windows that are kept where no savepoint has them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from generators import readings
from streamgauge.planted import PROCESS, SQL, STREAM, TABLE, Cell, Lost, Planted

_MINUTE = datetime(2025, 2, 28, 23, 58)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone


def inputs(dialect: str) -> dict[str, list[Any]]:
    """Some are at the first or last millisecond of a step, or as far apart as a session's end.

    A sensor has read nothing.
    """
    times = (-1, 0, 29_999, 30_000, 30_001)
    by_hand = [(_MINUTE + timedelta(milliseconds=ms), "attic", 1000 + ms) for ms in times]
    nothing = (_MINUTE, "shed", None)
    return {"readings": [*by_hand, nothing, *readings.timed(1, 0, 40, hostile=0)]}


def _forgotten(kind: str) -> Lost:
    """The state of one kind of windows has another name in each task."""
    changes = [(f'"in {kind}"', '__import__("uuid").uuid4().hex')]
    return Lost(f"{kind} windows", (kind,), PROCESS, changes)


_TUMBLING = "SUM(amount) AS amount\nFROM TABLE(TUMBLE("
_OR_ZERO = "COALESCE(SUM(amount), 0)"
_SINKS = ("tumbling", "sliding", "cumulative", "sessions")
# A timer that this very task did not set rings unheard.
_DEAF = [
    (
        "timers.register_event_time",
        "setattr(self, str(window[1]), 1)\n            timers.register_event_time",
    ),
    ("each[1] - 1 == timestamp]", "each[1] - 1 == timestamp and hasattr(self, str(each[1]))]"),
]

PLANTED = Planted(
    cell=Cell("streaming", "kafka"),
    inputs=inputs,
    errors={
        "sql": (
            ("growing from the start", SQL, "CUMULATE(", "HOP("),
            ("gap too short", SQL, "INTERVAL '30' SECOND))", "INTERVAL '29' SECOND))"),
            ("zero for NULL", SQL, _TUMBLING, _TUMBLING.replace("SUM(amount)", _OR_ZERO)),
        ),
        "table": (
            (
                "slide too short",
                TABLE,
                "Slide.over(MINUTE).every(STEP)",
                "Slide.over(STEP).every(STEP)",
            ),
            ("gap too short", TABLE, "Session.with_gap(STEP)", "Session.with_gap(lit(29).seconds)"),
            ("boundary of the minute", TABLE, 'col("window_end") - STEP)', 'col("window_end"))'),
        ),
        "datastream": (
            ("start for end", STREAM, "window.start, window.end", "window.start, window.start"),
            ("one too few", STREAM, "plus(accumulator[0], value[1])", "value[1]"),
            ("forgotten total", STREAM, "plus(one[1], other[1])", "one[1]"),
            ("boundary of the step", "rows.py", "if at < end", "if at <= end"),
        ),
        "process": (
            ("session touches not", PROCESS, "new[0] <= each[1]", "new[0] + 10_000 <= each[1]"),
            ("zero for NULL", PROCESS, "plus(totals.get(window), amount)", "amount or 0"),
            ("timer at the start", PROCESS, "at - MINUTE_MS, -STEP_MS", "at - STEP_MS, -STEP_MS"),
            ("boundary of the step", "rows.py", "if at < end", "if at <= end"),
        ),
    },
    lost={
        "process": (
            *map(_forgotten, _SINKS),
            # Later readings set those of tumbling windows once more.
            Lost("event-time timers", _SINKS[1:], PROCESS, _DEAF),
        ),
    },
)
