"""The same in the Table API, which gives a window's last instant as its event time."""

from pyflink.table.expressions import col, lit
from pyflink.table.window import Tumble


def query(hits):
    """Rows (until, hits)."""
    window = Tumble.over(lit(10).seconds).on(col("seen")).alias("w")
    return (
        hits.window(window)
        .group_by(col("w"))
        .select(col("w").rowtime.alias("until"), col("seen").count.alias("hits"))
    )
