"""Errors as people make them: where each stands in a dialect, and a cell in which it shows.

For each dialect of a scenario: the kind of error, the file, what is written there
(once), and what stands there instead. All of them run; all of them answer wrongly.
"""

from __future__ import annotations

from typing import NamedTuple

SQL, TABLE, STREAM, PROCESS = "query.sql", "table.py", "datastream.py", "process.py"

_HOP = """AS place
  FROM (
    SELECT window_start, window_end, sex, user_id, name, COUNT(*) AS clicks
    FROM TABLE(HOP("""

PLANTED = {
    "word_count": {
        "sql": (
            ("distinct", SQL, "COUNT(*)", "COUNT(DISTINCT word)"),
            ("case", SQL, "LOWER(", "("),
            ("pattern", SQL, r".*[\p{L}\p{M}\p{N}]", r".*[\p{L}\p{N}]"),
            ("forgotten condition", SQL, "WHERE word IS NOT NULL\n", ""),
        ),
        "table": (
            ("distinct", TABLE, "lit(1).count", 'col("word").count.distinct'),
            ("case", TABLE, ".lower_case", ""),
            ("pattern", TABLE, r".*[\p{L}\p{M}\p{N}]", r".*[\p{L}\p{N}]"),
            ("forgotten condition", TABLE, '.where(col("word").is_not_null)', ""),
        ),
        "datastream": (
            ("forgotten total", STREAM, "total[1] + one[1]", "one[1]"),
            ("case", STREAM, ".lower()", ".casefold()"),
            ("off by one", STREAM, "inner[-1] + 1]", "inner[-1]]"),
            ("pattern", STREAM, '"LMN"', '"LN"'),
        ),
        "process": (
            ("wrong start", PROCESS, "(self.count.value() or 0)", "(self.count.value() or 1)"),
            ("case", PROCESS, ".lower()", ".casefold()"),
            ("off by one", PROCESS, "text[inner[0] :", "text[inner[0] + 1 :"),
            ("forgotten condition", PROCESS, ".filter(lambda word: word)", ""),
        ),
    },
    "click_top10": {
        "sql": (
            ("late rows counted", SQL, "OR ts > CURRENT", "OR ts >= CURRENT"),
            ("forgotten condition", SQL, "action = 'click' AND ", ""),
            ("late rows lost unseen", SQL, "ts <= CURRENT", "ts < CURRENT"),
            ("tie order", SQL, f"user_id) {_HOP}", f"user_id DESC) {_HOP}"),
            ("off-by-one rank", SQL, "place <= 10;\n\nSELECT ts", "place < 10;\n\nSELECT ts"),
            ("wrong window", SQL, "CUMULATE", "HOP"),
        ),
        "table": (
            ("late rows counted", TABLE, 'col("ts") > watermark', 'col("ts") >= watermark'),
            ("window too short", TABLE, "lit(1).minutes", "lit(59).seconds"),
            ("tie order", TABLE, '<= col("user_id")', '>= col("user_id")'),
            ("off-by-one rank", TABLE, 'col("place") <= PLACES', 'col("place") < PLACES'),
            (
                "boundary of the minute",
                TABLE,
                '_of(col("window_end") - STEP)',
                '_of(col("window_end"))',
            ),
        ),
        "datastream": (
            ("start for end", STREAM, "context.window().end", "context.window().start"),
            (
                "boundary of the window",
                "ranking.py",
                "leaving = self.steps.get(end - MINUTE_MS)",
                "leaving = self.steps.get(end - MINUTE_MS + STEP_MS)",
            ),
            ("tie order", "ranking.py", "item[0][0]))", "-item[0][0]))"),
            ("wrong condition", STREAM, 'row[4] == "click"', 'row[4] != "delete"'),
        ),
        "process": (
            ("off-by-one rank", "ranking.py", "order[:PLACES], 1)", "order[:PLACES])"),
            ("boundary of the minute", "ranking.py", "(end - STEP_MS) % MINUTE", "end % MINUTE"),
            (
                "boundary of the step",
                "ranking.py",
                "timestamp - timestamp % STEP_MS + STEP_MS",
                "-(-timestamp // STEP_MS) * STEP_MS",
            ),
            ("forgotten delete", "ranking.py", "self.last_minute = +self.last_minute", ""),
        ),
    },
    "feature_join": {
        "sql": (
            ("inner for outer join", SQL, "LEFT JOIN profiles", "JOIN profiles"),
            ("inner for outer join", SQL, "LEFT JOIN clicks", "JOIN clicks"),
            (
                "rows for range",
                SQL,
                "RANGE BETWEEN INTERVAL '5' MINUTE PRECEDING",
                "ROWS BETWEEN 5 PRECEDING",
            ),
            (
                "< for <=",
                SQL,
                "c.ts BETWEEN i.ts AND i.ts + INTERVAL",
                "c.ts >= i.ts AND c.ts < i.ts + INTERVAL",
            ),
            ("duplicates", SQL, "MAX(clicked)", "SUM(clicked)"),
        ),
        "datastream": (
            ("< for <=", STREAM, "<= click <= timestamp", "<= click < timestamp"),
            ("< for <=", STREAM, "SEEN_MS <= time <= timestamp", "SEEN_MS < time <= timestamp"),
            (
                "forgotten update",
                "rows.py",
                "in (RowKind.INSERT, RowKind.UPDATE_AFTER)",
                "== RowKind.INSERT",
            ),
            ("> for >=", "rows.py", "version[0] >= current", "version[0] > current"),
        ),
        "process": (
            ("< for <=", "rows.py", "v[0] <= time)", "v[0] < time)"),
            ("< for <=", PROCESS, "click <= time + CLICKED", "click < time + CLICKED"),
            ("forgotten too early", PROCESS, "at < time - SEEN_MS]", "at < time]"),
            ("profile of the future", "rows.py", " if v[0] <= time)", ")"),
        ),
    },
    "syslog_udf": {
        "sql": (
            ("> for >=", SQL, ">= 5", "> 5"),
            ("forgotten condition", SQL, " AND status(line) <> 0", ""),
            ("start for end", SQL, "window_end, CAST", "window_start, CAST"),
            ("dropped dead letter", SQL, "WHERE reason IS NOT NULL", "WHERE reason <> 'no PRI'"),
        ),
        "table": (
            ("> for >=", TABLE, 'col("n") >= MANY', 'col("n") > MANY'),
            ("start for end", TABLE, '.end.alias("at")', '.start.alias("at")'),
            ("wrong condition", TABLE, 'col("status") != 0', 'col("status") == 1'),
            (">= for >", "parse.py", "> NEAR", ">= NEAR"),
        ),
        "datastream": (
            ("> for >=", STREAM, "failures >= MANY", "failures > MANY"),
            (
                "boundary of the window",
                STREAM,
                "of(Time.minutes(1))",
                "of(Time.minutes(1), Time.milliseconds(1))",
            ),
            ("wrong charset", "parse.py", ".decode()", '.decode(errors="replace")'),
            ("year turn", "parse.py", "abs(time - received)", "(time - received)"),
        ),
        "process": (
            (
                "late rows counted",
                PROCESS,
                "last > ctx.timer_service().current_watermark()",
                "last >= ctx.timestamp()",
            ),
            (
                "wrong start",
                PROCESS,
                "self.failures.get(last) or 0",
                "self.failures.get(last) or 1",
            ),
            ("boundary of the window", PROCESS, "+ MINUTE_MS - 1", "+ MINUTE_MS"),
            (">= for >", "parse.py", "> MOST_PRI", ">= MOST_PRI"),
        ),
    },
    "log_sync": {
        "sql": (
            ("wrong time zone", SQL, "TO_TIMESTAMP(wall) - ahead", "TO_TIMESTAMP(wall) + ahead"),
            ("wrong date format", SQL, "DATE_FORMAT(`at`, 'HH')", "DATE_FORMAT(`at`, 'hh')"),
            ("wrong unit", SQL, "RPAD(moment, 13, '0')", "moment"),
            ("wrong condition", SQL, r"'^[1-5]\d\d\z'", r"'^\d\d\d\z'"),
            ("dropped dead letter", SQL, "WHERE reason IS NOT NULL", "WHERE reason <> 'not JSON'"),
        ),
        "table": (
            ("wrong time zone", TABLE, "to_timestamp(wall) - lit", "to_timestamp(wall) + lit"),
            ("wrong date format", TABLE, '"yyyy-MM-dd")', '"YYYY-MM-dd")'),
            ("wrong unit", TABLE, 'moment.rpad(13, "0")', "moment"),
            ("forgotten condition", TABLE, '(lacks("path"), "no path"),', ""),
        ),
        "datastream": (
            ("wrong time zone", STREAM, "at.astimezone(timezone.utc).replace", "at.replace"),
            ("wrong date format", STREAM, "{row[1]:%H}", "{row[1]:%I}"),
            ("wrong unit", STREAM, "milliseconds", "microseconds"),
            ("dropped dead letter", STREAM, "yield BAD, Row(value[0], str(bad))", "pass"),
        ),
    },
    "orders_cdc": {
        "sql": (
            ("NULL is not 0", SQL, "customer, quantity,", "customer, COALESCE(quantity, 0),"),
            (
                "decimal by way of a double",
                SQL,
                "amount",
                "CAST(CAST(amount AS DOUBLE) AS DECIMAL(38, 10))",
            ),
            ("NULL in a condition", SQL, "FROM items", "FROM items WHERE price <> 0"),
        ),
        "table": (
            (
                "NULL in a condition",
                TABLE,
                "orders.select(",
                'orders.where(col("paid") != False).select(',
            ),
            (
                "NULL is not 0",
                TABLE,
                "items.select(",
                'items.add_or_replace_columns(col("price").if_null(0).alias("price")).select(',
            ),
            (
                "rounded",
                TABLE,
                "orders.select(",
                'orders.add_or_replace_columns(col("amount").round(2).alias("amount")).select(',
            ),
        ),
        "datastream": (
            (
                "forgotten delete",
                STREAM,
                "!= RowKind.UPDATE_BEFORE",
                "in (RowKind.INSERT, RowKind.UPDATE_AFTER)",
            ),
            (
                "forgotten update",
                STREAM,
                "!= RowKind.UPDATE_BEFORE",
                "not in (RowKind.UPDATE_BEFORE, RowKind.UPDATE_AFTER)",
            ),
            (
                "NULL in a condition",
                STREAM,
                "change.get_row_kind() != ",
                "change[2] and change.get_row_kind() != ",
            ),
        ),
    },
}


class Cell(NamedTuple):
    """Where a scenario's errors are sought: the cheapest cell in which all of them show.

    `patience`: how many seconds to wait for what never comes, where input has no end.
    """

    mode: str
    binding: str
    udf: str | None = None
    patience: float = 60


CELLS = {
    "word_count": Cell("batch", "files"),
    "click_top10": Cell("streaming", "files"),
    "feature_join": Cell("streaming", "debezium"),
    "syslog_udf": Cell("streaming", "files", "thread"),
    "log_sync": Cell("batch", "parquet"),
    "orders_cdc": Cell("streaming", "debezium", patience=8),
}


class Planted(NamedTuple):
    """One error in one dialect."""

    scenario: str
    dialect: str
    kind: str
    file: str
    written: str
    instead: str

    def __str__(self) -> str:
        return f"{self.scenario}-{self.dialect}-{self.kind}"


def errors() -> list[Planted]:
    """All of them, scenario by scenario."""
    return [
        Planted(scenario, dialect, *error)
        for scenario, dialects in PLANTED.items()
        for dialect, planted in dialects.items()
        for error in planted
    ]
