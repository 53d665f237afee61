"""Errors as people make them, and a few rows in which each of them shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from generators import clicks
from streamgauge.planted import SQL, STREAM, TABLE, Cell, Planted

_MIDNIGHT = datetime(2024, 3, 31)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone

_ACTIONS = ("click", "is_delete", None)
# A click of no sex that is known.
_NEITHER = _MIDNIGHT, 9, "user 09", None, "click"
_HOP = """AS place
  FROM (
    SELECT window_start, window_end, sex, user_id, name, COUNT(*) AS clicks
    FROM TABLE(HOP("""


def inputs(dialect: str) -> dict[str, list[Any]]:
    """Late rows take Python dialects a minute: they go row by row, and timer by timer."""
    return _clicks() if dialect in ("sql", "table") else _clicks_in_time()


def _clicks_in_time() -> dict[str, list[Any]]:
    """Some are at the first or last millisecond of a minute and of steps."""
    times = ((-1, 1), (0, 1), (100, 2), (600, 3), (101, 5), (400, 7))
    by_hand = [_click(ms, user, action) for ms, user in times for action in _ACTIONS]
    return {"clicks": [_NEITHER, *by_hand, *clicks.rows(1, 560, 660, hostile=0)]}


def _clicks() -> dict[str, list[Any]]:
    """Some come too late as well, the first of them by nothing at all."""
    early = _clicks_in_time()["clicks"]
    return {
        "clicks": [
            *early[: 1 + 4 * len(_ACTIONS)],
            _click(100, 5, "click"),
            *clicks.some_late(1, 560, 660),
        ]
    }


def _click(ms: int, user: int, action: str | None) -> tuple[Any, ...]:
    return _after(ms / 1000), user, f"user {user:02}", "fm"[user % 2], action


def _after(seconds: float) -> datetime:
    return _MIDNIGHT + timedelta(seconds=seconds)


PLANTED = Planted(
    cell=Cell("streaming", "files"),
    inputs=inputs,
    errors={
        "sql": (
            ("late rows counted", SQL, "OR ts > CURRENT", "OR ts >= CURRENT"),
            ("forgotten condition", SQL, "action = 'click' AND ", ""),
            ("NULL for a click", SQL, "action = 'click'", "action IS DISTINCT FROM 'is_delete'"),
            ("neither a man nor a woman", SQL, " AND sex IN ('f', 'm')", ""),
            ("late rows lost unseen", SQL, "ts <= CURRENT", "ts < CURRENT"),
            ("tie order", SQL, f"user_id) {_HOP}", f"user_id DESC) {_HOP}"),
            ("off-by-one rank", SQL, "place <= 10;\n\nSELECT ts", "place < 10;\n\nSELECT ts"),
            ("wrong window", SQL, "CUMULATE", "HOP"),
        ),
        "table": (
            ("late rows counted", TABLE, 'col("ts") > watermark', 'col("ts") >= watermark'),
            ("window too short", TABLE, "lit(1).minutes", "lit(59).seconds"),
            ("tie order", TABLE, '<= col("user_id")', '>= col("user_id")'),
            ("off-by-one rank", TABLE, 'col("place") <= PLACES', 'col("place") < PLACES'),
            (
                "boundary of the minute",
                TABLE,
                '_of(col("window_end") - STEP)',
                '_of(col("window_end"))',
            ),
        ),
        "datastream": (
            ("start for end", STREAM, "context.window().end", "context.window().start"),
            (
                "boundary of the window",
                "ranking.py",
                "leaving = self.steps.get(end - MINUTE_MS)",
                "leaving = self.steps.get(end - MINUTE_MS + STEP_MS)",
            ),
            ("tie order", "ranking.py", "item[0][0]))", "-item[0][0]))"),
            ("wrong condition", STREAM, 'row[4] == "click"', 'row[4] != "delete"'),
        ),
        "process": (
            ("off-by-one rank", "ranking.py", "order[:PLACES], 1)", "order[:PLACES])"),
            ("boundary of the minute", "ranking.py", "(end - STEP_MS) % MINUTE", "end % MINUTE"),
            (
                "boundary of the step",
                "ranking.py",
                "timestamp - timestamp % STEP_MS + STEP_MS",
                "-(-timestamp // STEP_MS) * STEP_MS",
            ),
            ("forgotten delete", "ranking.py", "self.last_minute = +self.last_minute", ""),
        ),
    },
)
