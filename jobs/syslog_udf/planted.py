"""Errors as people make them, and a few rows in which each of them shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from streamgauge.planted import PROCESS, SQL, STREAM, TABLE, Cell, Planted

_MIDNIGHT = datetime(2024, 3, 31)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone


def inputs(dialect: str) -> dict[str, list[Any]]:
    """Five failures in a minute are many, four are not; five more come when it is over."""
    many = [_line(at, "10.0.0.1", 1) for at in (0, 10, 20, 59.999)]
    few = [_line(at, "10.0.0.2", status) for at, status in enumerate((1, 1, 1, 1, 0), 1)]
    others = [_line(at, "10.0.0.3", status) for at, status in ((5, 2), (6, 126), (7, 0))]
    late = [_line(at, "10.0.0.4", 1) for at in (50, 51, 52, 53, 54)]
    bad = [
        (_after(30), b"no PRI"),
        (_after(31), b"<14>Mar 31"),
        (_after(32), "<14>Mar 31 00:00:32 h t: c josé u 0 x".encode("latin-1")),
        (_after(33), b"<191>Mar 29 00:00:33 h t: c u u 0 two days old"),
        (_after(34), b"<191>Mar 30 00:00:34 h t: c u u 0 a day old"),
    ]
    in_time = sorted([*many, *few, *others, *bad, _line(40, "10.0.0.1", 127)])
    over = [_line(60, "10.0.0.2", 1), _line(65.002, "10.0.0.3", 0, "rm -rf /")]
    return {"lines": in_time + over + late + [_line(200, "10.0.0.2", 1)]}


def _line(at: float, client: str, status: int, command: str = "ls") -> tuple[datetime, bytes]:
    received = _after(at)
    text = f"<14>Mar 31 {received:%H:%M:%S} host topic: {client} ada root {status} {command}"
    return received, text.encode()


def _after(seconds: float) -> datetime:
    return _MIDNIGHT + timedelta(seconds=seconds)


PLANTED = Planted(
    cell=Cell("streaming", "files", "thread"),
    inputs=inputs,
    errors={
        "sql": (
            ("> for >=", SQL, ">= 5", "> 5"),
            ("forgotten condition", SQL, " AND status(line) <> 0", ""),
            ("start for end", SQL, "window_end, CAST", "window_start, CAST"),
            ("dropped dead letter", SQL, "WHERE reason IS NOT NULL", "WHERE reason <> 'no PRI'"),
        ),
        "table": (
            ("> for >=", TABLE, 'col("n") >= MANY', 'col("n") > MANY'),
            ("start for end", TABLE, '.end.alias("at")', '.start.alias("at")'),
            ("wrong condition", TABLE, 'col("status") != 0', 'col("status") == 1'),
            (">= for >", "parse.py", "> NEAR", ">= NEAR"),
        ),
        "datastream": (
            ("> for >=", STREAM, "failures >= MANY", "failures > MANY"),
            (
                "boundary of the window",
                STREAM,
                "of(Time.minutes(1))",
                "of(Time.minutes(1), Time.milliseconds(1))",
            ),
            ("wrong charset", "parse.py", ".decode()", '.decode(errors="replace")'),
            ("year turn", "parse.py", "abs(time - received)", "(time - received)"),
        ),
        "process": (
            (
                "late rows counted",
                PROCESS,
                "last > ctx.timer_service().current_watermark()",
                "last >= ctx.timestamp()",
            ),
            (
                "wrong start",
                PROCESS,
                "self.failures.get(last) or 0",
                "self.failures.get(last) or 1",
            ),
            ("boundary of the window", PROCESS, "+ MINUTE_MS - 1", "+ MINUTE_MS"),
            (">= for >", "parse.py", "> MOST_PRI", ">= MOST_PRI"),
        ),
    },
)
