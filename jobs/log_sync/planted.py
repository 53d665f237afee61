"""Errors as people make them, and a few rows in which each of them shows."""

from __future__ import annotations

import json
from typing import Any

from streamgauge.planted import SQL, STREAM, TABLE, Cell, Planted


def inputs(dialect: str) -> dict[str, list[Any]]:
    """Most differ from a good one in one field."""
    different: tuple[dict[str, Any], ...] = (
        *({"time": time} for time in ("2026-01-01T01:30:00+05:30", 1767222000, "1767222000123")),
        *({"time": time} for time in ("31/Dec/2025:13:59:59 +0000", "2026-02-30T10:00:00Z", "")),
        *({"status": status} for status in ("404", 99, 600, None)),
        *({"bytes": size} for size in (7, "-", "many")),
        *({"request": {"method": method, "path": ""}} for method in ("GET", None)),
    )
    good = {
        "time": "2025-12-31T18:00:00Z",
        "status": 200,
        "request": {"method": "GET", "path": "/"},
    }
    lines = [json.dumps({**good, "id": f"w{at}", **one}) for at, one in enumerate(different)]
    return {"logs": [(line,) for line in ("{", "[]", *lines)]}


PLANTED = Planted(
    cell=Cell("batch", "parquet"),
    inputs=inputs,
    errors={
        "sql": (
            ("wrong time zone", SQL, "TO_TIMESTAMP(wall) - ahead", "TO_TIMESTAMP(wall) + ahead"),
            ("wrong date format", SQL, "DATE_FORMAT(`at`, 'HH')", "DATE_FORMAT(`at`, 'hh')"),
            ("wrong unit", SQL, "RPAD(moment, 13, '0')", "moment"),
            ("wrong condition", SQL, r"'^[1-5]\d\d\z'", r"'^\d\d\d\z'"),
            ("dropped dead letter", SQL, "WHERE reason IS NOT NULL", "WHERE reason <> 'not JSON'"),
        ),
        "table": (
            ("wrong time zone", TABLE, "to_timestamp(wall) - lit", "to_timestamp(wall) + lit"),
            ("wrong date format", TABLE, '"yyyy-MM-dd")', '"YYYY-MM-dd")'),
            ("wrong unit", TABLE, 'moment.rpad(13, "0")', "moment"),
            ("forgotten condition", TABLE, '(lacks("path"), "no path"),', ""),
        ),
        "datastream": (
            ("wrong time zone", STREAM, "at.astimezone(timezone.utc).replace", "at.replace"),
            ("wrong date format", STREAM, "{row[1]:%H}", "{row[1]:%I}"),
            ("wrong unit", STREAM, "milliseconds", "microseconds"),
            ("dropped dead letter", STREAM, "yield BAD, Row(value[0], str(bad))", "pass"),
        ),
    },
)
