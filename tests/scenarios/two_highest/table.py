"""Asked by `flat_aggregate`."""

from pyflink.table import Table
from pyflink.table.expressions import call, col


def query(points: Table) -> Table:
    """Rows (player, place, n); grouped by their key, for Flink does not know it."""
    ranked = (
        points.group_by(col("player"))
        .flat_aggregate(call("two_of", col("n")).alias("place", "n"))
        .select(col("player"), col("place"), col("n"))
    )
    return ranked.group_by(col("player"), col("place")).select(
        col("player"), col("place"), col("n").max.alias("n")
    )
