"""The copies in the Table API."""

from pyflink.table import Table
from pyflink.table.expressions import col

ORDERS = (
    "id", "customer", "quantity", "amount", "weight", "status", "paid", "flags", "details",
    "scan", "due", "ordered_at",
)  # fmt: skip
ITEMS = ("order_id", "line", "product", "quantity", "price")


def query(orders: Table, items: Table) -> tuple[Table, Table]:
    """The rows as they are, of both tables."""
    return orders.select(*map(col, ORDERS)), items.select(*map(col, ITEMS))
