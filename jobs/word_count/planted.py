"""Errors as people make them, and a few rows in which each of them shows."""

from __future__ import annotations

from typing import Any

from streamgauge.planted import PROCESS, SQL, STREAM, TABLE, Cell, Planted


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
)
