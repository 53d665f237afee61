"""Errors as people make them, and a few rows in which each of them shows."""

from __future__ import annotations

from typing import Any

from streamgauge.planted import PROCESS, SECONDS, SQL, STREAM, TABLE, Cell, Planted


def inputs(dialect: str) -> dict[str, list[Any]]:
    """Texts of all kinds of characters, at the ends and within."""
    texts = (
        "flink",
        "Flink,",
        '"flink"',
        "Straße",
        "कि",
        "it's",
        "C3PO",
        "...",
        "",
        "(état)",
        "x!",
    )
    return {"words": [(text,) for text in texts]}


_INNER = "    inner = ["
_BUSY = f"""    clock = __import__("time").perf_counter
    until = clock() + {SECONDS}
    while clock() < until:
        pass
{_INNER}"""
# So short a sleep would take longer than it is told: it is taken together with others.
_DELAY = f"""    owed = globals().get("owed", 0.0) + {SECONDS}
    if owed > 0.01:
        __import__("time").sleep(owed)
        owed = 0.0
    globals()["owed"] = owed
{_INNER}"""
# What is counted is dropped again, but only when all words of a length have come together.
_EXCHANGE = """FROM (
    SELECT word, COUNT(*) OVER (PARTITION BY CHAR_LENGTH(word) ORDER BY PROCTIME()) AS seen
    FROM words
  )
  WHERE seen > 0
"""

PLANTED = Planted(
    cell=Cell("batch", "files"),
    inputs=inputs,
    errors={
        "sql": (
            ("distinct", SQL, "COUNT(*)", "COUNT(DISTINCT word)"),
            ("case", SQL, "LOWER(", "("),
            ("pattern", SQL, r".*[\p{L}\p{M}\p{N}]", r".*[\p{L}\p{N}]"),
            ("one letter", SQL, ")?'", ")'"),
        ),
        "table": (
            ("distinct", TABLE, "lit(1).count", 'col("word").count.distinct'),
            ("case", TABLE, ".lower_case", ""),
            ("pattern", TABLE, r".*[\p{L}\p{M}\p{N}]", r".*[\p{L}\p{N}]"),
            ("one letter", TABLE, ')?"', ')"'),
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
    slower={
        "sql": (("second exchange", SQL, "FROM words\n", _EXCHANGE),),
        "process": (
            ("busy loop", PROCESS, _INNER, _BUSY),
            ("delay", PROCESS, _INNER, _DELAY),
        ),
    },
)
