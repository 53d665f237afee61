"""Word count in the Table API."""

from pyflink.table import Table
from pyflink.table.expressions import col, lit


def query(words: Table) -> Table:
    """Rows (word, n)."""
    return words.group_by(col("word")).select(col("word"), lit(1).count.alias("n"))
