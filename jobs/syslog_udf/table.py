"""Syslog lines in the Table API, by Python scalar functions."""

from pyflink.table import DataTypes, Table
from pyflink.table.expressions import call, col, lit
from pyflink.table.window import Tumble

MANY = 5


def query(lines: Table) -> tuple[Table, Table, Table]:
    """The commands, the lines that do not parse with the reason, and the alerts."""
    read = lines.add_columns(call("reject_reason", col("received"), col("line")).alias("reason"))
    parsed = read.where(col("reason").is_null).select(
        call("topic", col("line")).alias("topic"),
        call("host", col("line")).alias("host"),
        call("client", col("line")).alias("client"),
        call("user_name", col("line")).alias("user_name"),
        call("login_user", col("line")).alias("login_user"),
        call("command", col("line")).alias("command"),
        call("logged_at", col("received"), col("line")).alias("at"),
        call("status", col("line")).cast(DataTypes.INT()).alias("status"),
        col("received"),
    )
    rejected = read.where(col("reason").is_not_null).select(col("line"), col("reason"))
    return parsed.drop_columns(col("received")), rejected, alerts(parsed)


def alerts(parsed: Table) -> Table:
    """Rows (rule, client, at, detail)."""
    dangers = parsed.select(
        call("danger", col("command")).alias("rule"),
        col("client"),
        col("received").cast(DataTypes.TIMESTAMP(3)).alias("at"),
        col("command").alias("detail"),
    ).where(col("rule").is_not_null)
    failures = (
        parsed.where(col("status") != 0)
        .window(Tumble.over(lit(1).minutes).on(col("received")).alias("minute"))
        .group_by(col("client"), col("minute"))
        .select(col("client"), col("minute").end.alias("at"), lit(1).count.alias("n"))
        .where(col("n") >= MANY)
        .select(
            lit("many failures").cast(DataTypes.STRING()).alias("rule"),
            col("client"),
            col("at"),
            col("n").cast(DataTypes.STRING()).alias("detail"),
        )
    )
    return dangers.union_all(failures)
