"""Errors as people make them, and a few rows in which each of them shows."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from streamgauge.planted import SQL, STREAM, TABLE, Cell, Planted
from streamgauge.values.changelog import Change

_MIDNIGHT = datetime(2024, 3, 31)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone


def inputs(dialect: str) -> dict[str, list[Any]]:
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


PLANTED = Planted(
    cell=Cell("streaming", "debezium", patience=8),
    inputs=inputs,
    errors={
        "sql": (
            ("NULL is not 0", SQL, "customer, quantity,", "customer, COALESCE(quantity, 0),"),
            (
                "decimal by way of a double",
                SQL,
                "amount",
                "CAST(CAST(amount AS DOUBLE) AS DECIMAL(38, 10))",
            ),
            ("NULL in a condition", SQL, "FROM items", "FROM items WHERE price <> 0"),
        ),
        "table": (
            (
                "NULL in a condition",
                TABLE,
                "orders.select(",
                'orders.where(col("paid") != False).select(',
            ),
            (
                "NULL is not 0",
                TABLE,
                "items.select(",
                'items.add_or_replace_columns(col("price").if_null(0).alias("price")).select(',
            ),
            (
                "rounded",
                TABLE,
                "orders.select(",
                'orders.add_or_replace_columns(col("amount").round(2).alias("amount")).select(',
            ),
        ),
        "datastream": (
            (
                "forgotten delete",
                STREAM,
                "!= RowKind.UPDATE_BEFORE",
                "in (RowKind.INSERT, RowKind.UPDATE_AFTER)",
            ),
            (
                "forgotten update",
                STREAM,
                "!= RowKind.UPDATE_BEFORE",
                "not in (RowKind.UPDATE_BEFORE, RowKind.UPDATE_AFTER)",
            ),
            (
                "NULL in a condition",
                STREAM,
                "change.get_row_kind() != ",
                "change[2] and change.get_row_kind() != ",
            ),
        ),
    },
)
