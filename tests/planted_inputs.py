"""Few rows for each scenario, at and around all boundaries that it has."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from generators import clicks
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Record

Inputs = dict[str, Sequence[Record]]

_MIDNIGHT = datetime(2024, 3, 31)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone


def inputs(scenario: str, dialect: str) -> Inputs:
    """The scenario's rows; some dialects have rows of their own."""
    return (_INPUTS.get(f"{scenario}-{dialect}") or _INPUTS[scenario])()


def _words() -> Inputs:
    texts = ("flink", "Flink,", '"flink"', "Straße", "कि", "it's", "C3PO", "...", "", "(état)")
    return {"words": [(text,) for text in texts]}


def _clicks_in_time() -> Inputs:
    """Some are at the first or last millisecond of a minute and of steps."""
    times = ((-1, 1), (0, 1), (100, 2), (600, 3), (101, 5), (400, 7))
    by_hand = [_click(ms, user, action) for ms, user in times for action in ("click", "is_delete")]
    return {"clicks": by_hand + clicks.rows(1, 560, 660)}


def _clicks() -> Inputs:
    """Some come too late as well, the first of them by nothing at all.

    Such inputs take Python dialects a minute: they go row by row, and timer by timer.
    """
    early = _clicks_in_time()["clicks"]
    return {"clicks": [*early[:8], _click(100, 5, "click"), *clicks.some_late(1, 560, 660)]}


def _click(ms: int, user: int, action: str) -> tuple[Any, ...]:
    return _after(ms / 1000), user, f"user {user:02}", "fm"[user % 2], action


def _features() -> Inputs:
    """User 1 has a profile from midnight on, user 2 none, user 3 one that comes later."""
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
        "clicks": [(_after(at), number, 1) for at, number in sorted(on.items())],
        "profiles": [
            Change("+U" if at in (60, 200) else "+I", (user, city, at, _after(at)))
            for at, user, city in profiles
        ],
    }


def _syslog() -> Inputs:
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


def _logs() -> Inputs:
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


def _orders() -> Inputs:
    """Half of the changes come before the job begins."""
    orders = [
        *(Change("+I", _order(number, quantity=3)) for number in (1, 2, 3)),
        Change("+I", _order(4, quantity=None)),
        Change("+I", _order(5, quantity=3, paid=None)),
        Change("+U", _order(1, quantity=2)),
        Change("-D", _order(2)),
        Change("-U", _order(3)),
        Change("+U", _order(9, quantity=0)),
        Change("+I", _order(6, quantity=1, amount=None)),
    ]
    prices = (Decimal("2.5000"), None, Decimal("0.0000"), Decimal("-1.0001"))
    items = [Change("+I", (Decimal(1), at, "tea", 1, price)) for at, price in enumerate(prices)]
    return {"orders": orders, "items": [*items, Change("-D", (Decimal(1), 3, None, None, None))]}


def _order(number: int, **columns: Any) -> tuple[Any, ...]:
    usual = {"quantity": 3, "amount": Decimal("12345678901234567.0123456789"), "paid": True}
    quantity, amount, paid = {**usual, **columns}.values()
    empty = [None] * 3
    return (Decimal(number), "Ada", quantity, amount, 0.5, "new", paid, b"\1", *empty, _MIDNIGHT)


def _after(seconds: float) -> datetime:
    return _MIDNIGHT + timedelta(seconds=seconds)


_INPUTS: dict[str, Callable[[], Inputs]] = {
    "word_count": _words,
    "click_top10": _clicks,
    "click_top10-datastream": _clicks_in_time,
    "click_top10-process": _clicks_in_time,
    "feature_join": _features,
    "syslog_udf": _syslog,
    "log_sync": _logs,
    "orders_cdc": _orders,
}
