"""Top ten in the Table API, which has tumbling and sliding windows, but no ranks."""

from pyflink.table import Table
from pyflink.table.expression import TimeIntervalUnit
from pyflink.table.expressions import col, current_watermark, lit
from pyflink.table.window import Slide, Tumble

STEP = lit(100).millis
PLACES = 10
USER = [col("sex"), col("user_id"), col("name")]


def query(clicks: Table) -> tuple[Table, Table, Table]:
    """Ranks of the last minute, ranks of this minute, late clicks."""
    watermark = current_watermark(col("ts"))
    in_time = clicks.filter(watermark.is_null | (col("ts") > watermark))
    asked_for = (col("action") == "click") & col("sex").in_("f", "m")
    counted = last_minute(steps(in_time.filter(asked_for)))
    this_minute = counted.filter(minute_of(col("window_end") - STEP) == col("minute"))
    late = clicks.filter(col("ts") <= watermark)
    return ranked(both_minutes(counted)), ranked(this_minute), late


def minute_of(time):
    """The begin of the minute that a time is in."""
    return time.floor(TimeIntervalUnit.MINUTE)


def steps(clicks: Table) -> Table:
    """Clicks of each user in each 0.1 s, so that few rows go into 600 windows each."""
    step = Tumble.over(STEP).on(col("ts")).alias("step")
    at = col("step").rowtime
    return (
        clicks.window(step)
        .group_by(col("step"), *USER)
        .select(at.alias("at"), minute_of(at).alias("minute"), *USER, lit(1).count.alias("n"))
    )


def last_minute(counts: Table) -> Table:
    """Clicks of each user in the minute before each step's end, by calendar minute."""
    window = Slide.over(lit(1).minutes).every(STEP).on(col("at")).alias("w")
    return (
        counts.window(window)
        .group_by(col("w"), *USER, col("minute"))
        .select(
            col("w").rowtime.alias("at"),
            col("w").end.alias("window_end"),
            col("minute"),
            *USER,
            col("n").sum.alias("clicks"),
        )
    )


def both_minutes(counts: Table) -> Table:
    """The last minute's clicks, whichever calendar minutes they were in."""
    return (
        counts.window(Tumble.over(STEP).on(col("at")).alias("w"))
        .group_by(col("w"), col("window_end"), *USER)
        .select(
            col("w").rowtime.alias("at"),
            col("window_end"),
            *USER,
            col("clicks").sum.alias("clicks"),
        )
    )


def ranked(counts: Table) -> Table:
    """A user's place is the number of users of that sex who are not behind."""
    other = counts.select(
        col("at").alias("other_at"),
        col("sex").alias("other_sex"),
        col("user_id").alias("other_id"),
        col("clicks").alias("other_clicks"),
    )
    same = (col("at") == col("other_at")) & (col("sex") == col("other_sex"))
    ahead = (col("other_clicks") > col("clicks")) | (
        (col("other_clicks") == col("clicks")) & (col("other_id") <= col("user_id"))
    )
    return (
        counts.join(other, same & ahead)
        .window(Tumble.over(STEP).on(col("at")).alias("w"))
        .group_by(col("w"), col("window_end"), *USER, col("clicks"))
        .select(
            col("window_end"),
            col("sex"),
            lit(1).count.alias("place"),
            col("user_id"),
            col("name"),
            col("clicks"),
        )
        .filter(col("place") <= PLACES)
    )
