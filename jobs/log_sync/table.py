"""Parse JSON logs with the Table API's own functions."""

from pyflink.table import DataTypes, Table
from pyflink.table.expression import Expression, JsonType
from pyflink.table.expressions import (
    and_,
    coalesce,
    col,
    concat,
    date_format,
    if_then_else,
    lit,
    not_,
    null_of,
    or_,
    to_timestamp,
)

ISO = r"^(19|20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-](0\d|1[0-4]):[0-5]\d)\z"
MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
APACHE = rf"^\d\d/({MONTH})/(19|20)\d\d:\d\d:\d\d:\d\d [+-](0\d|1[0-4])[0-5]\d\z"
EPOCH = r"^\d{10}(\d{3})?\z"
NO_TEXT = null_of(DataTypes.STRING())


def iso_clock(moment: Expression) -> Expression:
    """What the writer's clock showed, such as `2026-01-31 23:59:59.000`."""
    millis = if_then_else(moment.substring(20, 1) == ".", moment.substring(20, 4), lit(".000"))
    return concat(moment.substring(1, 10), " ", moment.substring(12, 8), millis)


def apache_clock(moment: Expression) -> Expression:
    """The same of `31/Jan/2026:23:59:59 +0000`."""
    month = (moment.substring(4, 3).position(MONTHS) + 2) / 3
    return concat(
        moment.substring(8, 4),
        "-",
        month.cast(DataTypes.STRING()).lpad(2, "0"),
        "-",
        moment.substring(1, 2),
        " ",
        moment.substring(13, 8),
        ".000",
    )


def ahead(moment: Expression) -> Expression:
    """How many minutes the writer's clock is ahead of UTC."""
    zone = moment.replace(":", "").right(5)
    hours = zone.left(3).try_cast(DataTypes.INT())
    minutes = concat(zone.left(1), zone.right(2)).try_cast(DataTypes.INT())
    return if_then_else(moment.like("%Z"), lit(0), hours * 60 + minutes)


def utc(moment: Expression, wall: Expression, offset: Expression) -> Expression:
    """The moment in UTC."""
    epoch = to_timestamp("1970-01-01 00:00:00.000")
    millis = moment.rpad(13, "0").try_cast(DataTypes.BIGINT())
    zoned = to_timestamp(wall) - lit(1).minutes * offset
    return if_then_else(moment.regexp(EPOCH), epoch + lit(1).milli * millis, zoned)


def is_time(moment: Expression, wall: Expression) -> Expression:
    """Whether the moment is one.

    to_timestamp takes February 30 for February 28: what it made has to read as it was written.
    """
    made = date_format(to_timestamp(wall), "yyyy-MM-dd HH:mm:ss.SSS")
    return or_(moment.regexp(EPOCH), made == wall)


def first_of(*reasons: tuple) -> Expression:
    """The reason of the first condition that holds; NULL where none does."""
    chosen = NO_TEXT
    for condition, reason in reversed(reasons):
        chosen = if_then_else(condition, lit(reason), chosen)
    return chosen


def lacks(name: str) -> Expression:
    """Whether a text is NULL or empty."""
    return coalesce(col(name), "") == ""


def parsed(logs: Table) -> Table:
    """The lines with their fields, and the reason why a line is none of ours."""
    line, moment, size = col("line"), col("moment"), col("size")
    fields = logs.select(
        line,
        line.is_json(JsonType.OBJECT).alias("is_object"),
        line.json_value("$.id").alias("id"),
        line.json_value("$.time").alias("moment"),
        line.json_value("$.request.method").alias("method"),
        line.json_value("$.request.path").alias("path"),
        line.json_value("$.status").alias("status"),
        line.json_value("$.bytes").alias("size"),
        line.json_value("$.user.id").alias("user_id"),
        line.json_value("$.client.ip").alias("client"),
    )
    clock = if_then_else(
        moment.regexp(ISO),
        iso_clock(moment),
        if_then_else(moment.regexp(APACHE), apache_clock(moment), NO_TEXT),
    )
    clocks = fields.add_columns(clock.alias("wall"), ahead(moment).alias("ahead"))
    times = clocks.add_columns(
        utc(moment, col("wall"), col("ahead")).alias("at"),
        is_time(moment, col("wall")).alias("is_time"),
    )
    return times.add_columns(
        first_of(
            (not_(col("is_object")), "not JSON"),
            (lacks("id"), "no id"),
            (lacks("moment"), "no time"),
            (col("is_time").is_not_true, "unknown time"),
            (lacks("method"), "no method"),
            (lacks("path"), "no path"),
            (not_(coalesce(col("status"), "").regexp(r"^[1-5]\d\d\z")), "bad status"),
            (and_(size != "-", not_(size.regexp(r"^\d{1,18}\z"))), "bad bytes"),
        ).alias("reason")
    )


def query(logs: Table) -> tuple:
    """Events with day and hour, requests, and the lines that are neither with the reason."""
    lines = parsed(logs)
    good = lines.where(col("reason").is_null)
    requests = good.select(
        col("id"),
        col("at"),
        col("method"),
        col("path"),
        col("status").try_cast(DataTypes.INT()),
        col("size").try_cast(DataTypes.BIGINT()),
        col("user_id"),
        col("client"),
    )
    events = requests.add_columns(
        date_format(col("at"), "yyyy-MM-dd"), date_format(col("at"), "HH")
    )
    bad = lines.where(col("reason").is_not_null).select(col("line"), col("reason"))
    return events, requests, bad
