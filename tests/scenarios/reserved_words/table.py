"""The copy in the Table API."""

from pyflink.table import Table
from pyflink.table.expressions import col


def query(rank: Table) -> Table:
    """The rows as they are."""
    return rank.select(col("group"), col("select"))
