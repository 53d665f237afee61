"""Word count in the Table API."""

from pyflink.table import Table
from pyflink.table.expressions import col, lit

# From the first letter, mark or digit to the last.
WORD = r"[\p{L}\p{M}\p{N}](?s:.*[\p{L}\p{M}\p{N}])?"


def query(words: Table) -> Table:
    """Rows (word, n)."""
    return (
        words.select(col("word").regexp_extract(WORD, 0).lower_case.alias("word"))
        .where(col("word").is_not_null)
        .group_by(col("word"))
        .select(col("word"), lit(1).count.alias("n"))
    )
