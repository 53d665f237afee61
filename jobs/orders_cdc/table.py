"""The copy in the Table API."""

from pyflink.table import Table
from pyflink.table.expressions import col


def query(orders: Table) -> Table:
    """The rows as they are."""
    return orders.select(
        col("id"), col("customer"), col("amount"), col("status"), col("note"), col("ordered_at")
    )
