"""The same in the Table API."""

from pyflink.table import Table
from pyflink.table.expressions import call, col


def query(lines: Table) -> Table:
    """Rows (id, word, length)."""
    parts = call("words_of", col("line")).alias("word", "length")
    return lines.left_outer_join_lateral(parts).select(col("id"), col("word"), col("length"))
