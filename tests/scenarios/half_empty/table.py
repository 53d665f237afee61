"""The same in the Table API."""

from pyflink.table.expressions import col, lit
from pyflink.table.window import Tumble


def query(hits):
    """Rows (over, hits)."""
    window = Tumble.over(lit(10).seconds).on(col("seen")).alias("w")
    return (
        hits.window(window)
        .group_by(col("w"))
        .select(col("w").end.alias("over"), col("seen").count.alias("hits"))
    )
