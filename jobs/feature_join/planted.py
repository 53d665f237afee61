"""Errors as people make them, and a few rows in which each of them shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from streamgauge.planted import PROCESS, SQL, STREAM, Cell, Planted
from streamgauge.values.changelog import Change

_MIDNIGHT = datetime(2024, 3, 31)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
# The impression that is clicked by whom nobody knows.
_NOBODYS = 8


def inputs(dialect: str) -> dict[str, list[Any]]:
    """User 1 has a profile from midnight on, user 2 none, user 3 one that comes later.

    Who clicked is NULL once, but where an error takes it for a key: that would be no answer.
    """
    someone = 1 if dialect == "process" else None
    impressions = (
        (-10, 1),
        (0, 1),
        (10, 2),
        (20, 3),
        (30, 1),
        (60, 1),
        (90, 1),
        (300, 1),
        (301, 1),
    )
    on = {600: 2, 630.001: 5, 60: 6, 70: 6, 89: 7, 310: 8, 100: 99}
    profiles = ((0, 1, "Ulm"), (60, 1, "Łódź"), (200, 1, "Accra"), (400, 3, "大阪"))
    return {
        "impressions": [
            (_after(at), number, user, "book") for number, (at, user) in enumerate(impressions, 1)
        ],
        "clicks": [
            (_after(at), number, someone if number == _NOBODYS else 1)
            for at, number in sorted(on.items())
        ],
        "profiles": [
            Change("+U" if at in (60, 200) else "+I", (user, city, at, _after(at)))
            for at, user, city in profiles
        ],
    }


def _after(seconds: float) -> datetime:
    return _MIDNIGHT + timedelta(seconds=seconds)


PLANTED = Planted(
    cell=Cell("streaming", "debezium"),
    inputs=inputs,
    errors={
        "sql": (
            ("inner for outer join", SQL, "LEFT JOIN profiles", "JOIN profiles"),
            ("inner for outer join", SQL, "LEFT JOIN clicks", "JOIN clicks"),
            (
                "rows for range",
                SQL,
                "RANGE BETWEEN INTERVAL '5' MINUTE PRECEDING",
                "ROWS BETWEEN 5 PRECEDING",
            ),
            (
                "< for <=",
                SQL,
                "c.ts BETWEEN i.ts AND i.ts + INTERVAL",
                "c.ts >= i.ts AND c.ts < i.ts + INTERVAL",
            ),
            ("duplicates", SQL, "MAX(clicked)", "SUM(clicked)"),
            ("another column", SQL, "c.impression_id IS NULL", "c.user_id IS NULL"),
        ),
        "datastream": (
            ("< for <=", STREAM, "<= click <= timestamp", "<= click < timestamp"),
            ("< for <=", STREAM, "SEEN_MS <= time <= timestamp", "SEEN_MS < time <= timestamp"),
            (
                "forgotten update",
                "rows.py",
                "in (RowKind.INSERT, RowKind.UPDATE_AFTER)",
                "== RowKind.INSERT",
            ),
            ("> for >=", "rows.py", "version[0] >= current", "version[0] > current"),
        ),
        "process": (
            ("< for <=", "rows.py", "v[0] <= time)", "v[0] < time)"),
            ("< for <=", PROCESS, "click <= time + CLICKED", "click < time + CLICKED"),
            ("forgotten too early", PROCESS, "at < time - SEEN_MS]", "at < time]"),
            ("profile of the future", "rows.py", " if v[0] <= time)", ")"),
            ("another key", PROCESS, "return row[1], CLICK", "return row[2], CLICK"),
        ),
    },
)
