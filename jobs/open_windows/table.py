"""Windows in the Table API, which has none that grow: sliding ones stand for them."""

from pyflink.table import Table
from pyflink.table.expression import TimeIntervalUnit
from pyflink.table.expressions import col, lit
from pyflink.table.window import Session, Slide, Tumble

MINUTE = lit(1).minutes
STEP = lit(30).seconds


def query(readings: Table) -> tuple[Table, Table, Table, Table]:
    """Tumbling, sliding, growing, and sessions."""
    slide = Slide.over(MINUTE).every(STEP)
    return (
        totals(readings, Tumble.over(MINUTE)),
        totals(readings, slide),
        cumulative(readings, slide),
        totals(readings, Session.with_gap(STEP)),
    )


def totals(readings: Table, windows) -> Table:
    """Rows (window_start, window_end, sensor, amount)."""
    return (
        readings.window(windows.on(col("at")).alias("w"))
        .group_by(col("w"), col("sensor"))
        .select(
            col("w").start.alias("window_start"),
            col("w").end.alias("window_end"),
            col("sensor"),
            col("amount").sum.alias("amount"),
        )
    )


def cumulative(readings: Table, slide) -> Table:
    """Of each sliding window what is in the minute that its last step is in."""
    in_minutes = readings.select(
        col("at"), minute_of(col("at")).alias("minute"), col("sensor"), col("amount")
    )
    return (
        in_minutes.window(slide.on(col("at")).alias("w"))
        .group_by(col("w"), col("sensor"), col("minute"))
        .select(
            col("minute").alias("window_start"),
            col("w").end.alias("window_end"),
            col("sensor"),
            col("amount").sum.alias("amount"),
        )
        .where(minute_of(col("window_end") - STEP) == col("window_start"))
    )


def minute_of(time):
    """The begin of the minute that a time is in."""
    return time.floor(TimeIntervalUnit.MINUTE)
