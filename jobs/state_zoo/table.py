"""The zoo in the Table API, whose top places are a table aggregate function of Python's."""

from pyflink.table import Table
from pyflink.table.expressions import call, col, lit

from jobs.state_zoo.table_udf import best, variety


def query(readings: Table, weights: Table) -> tuple[Table, ...]:
    """A table an answer."""
    amount = col("amount")
    once = readings.select(col("id"), col("sensor"), amount).distinct()
    weighted = readings.join(
        weights.rename_columns(col("grade").alias("known")), col("grade") == col("known")
    )
    return (
        by_sensor(readings, amount.sum),
        by_sensor(readings, amount.max),
        by_sensor(readings, call("spread", amount)),
        by_sensor(readings, variety(amount)),
        places(readings),
        by_sensor(once, amount.sum),
        by_sensor(readings, lit(1).count),
        by_sensor(weighted, (amount * col("weight")).sum),
    )


def by_sensor(table: Table, answer) -> Table:
    """Rows (sensor, answer)."""
    return table.group_by(col("sensor")).select(col("sensor"), answer.alias("answer"))


def places(readings: Table) -> Table:
    """Rows (sensor, place, amount); grouped by their key, for Flink does not know it."""
    ranked = (
        readings.group_by(col("sensor"))
        .flat_aggregate(best(col("amount")).alias("place", "amount"))
        .select(col("sensor"), col("place"), col("amount"))
    )
    return ranked.group_by(col("sensor"), col("place")).select(
        col("sensor"), col("place"), col("amount").max.alias("amount")
    )
