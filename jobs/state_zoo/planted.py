"""Errors as people make them, and state that is kept where no savepoint has it."""

from __future__ import annotations

from typing import Any

from generators import readings
from streamgauge.planted import PROCESS, SQL, TABLE, Cell, Lost, Planted

_UDF, _TABLE_UDF = "udf.py", "table_udf.py"


def inputs(dialect: str) -> dict[str, list[Any]]:
    """Different readings of one amount; a sensor with one reading, whose grade has no weight.

    And one without a grade.
    """
    by_hand = [
        (-1, "attic", "grade 0", 7),
        (-2, "attic", "grade 0", 7),
        (-3, "shed", "none", 7),
        (-4, "attic", None, 7),
    ]
    rows = [*by_hand, *readings.rows(1, 0, 57, hostile=0)]
    return {"readings": rows, "weights": readings.weights(1, 0, 60)}


def _renamed(kind: str, sink: str, name: str) -> Lost:
    """The state has another name in each task, as PyFlink gives that of `reduce`."""
    written = f'Descriptor("{name}", '
    return Lost(kind, (sink,), PROCESS, [(written, 'Descriptor(__import__("uuid").uuid4().hex, ')])


PLANTED = Planted(
    cell=Cell("streaming", "kafka"),
    inputs=inputs,
    errors={
        "sql": (
            ("copies counted once", SQL, "COUNT(*)", "COUNT(DISTINCT id)"),
            ("off-by-one place", SQL, "place <= 2", "place < 2"),
            ("wrong order", SQL, "amount DESC", "amount ASC"),
            ("wrong key", SQL, "BY id ", "BY amount "),
            ("outer for inner join", SQL, "readings JOIN", "readings LEFT JOIN"),
            ("forgotten least", _UDF, "accumulator[-1] - accumulator[0]", "accumulator[-1]"),
        ),
        "table": (
            ("copies counted once", TABLE, "lit(1).count", 'col("id").count.distinct'),
            ("off-by-one place", _TABLE_UDF, "[:PLACES]", "[: PLACES - 1]"),
            ("wrong key", TABLE, 'select(col("id"), col("sensor")', 'select(col("sensor")'),
            (
                "forgotten condition",
                _TABLE_UDF,
                "if not accumulator[0].contains(amount)",
                "if True",
            ),
        ),
        "process": (
            ("off-by-one place", PROCESS, "self.ranked(amount), 1)", "self.ranked(amount))"),
            ("counts twice", PROCESS, "added(self.count, 1)", "added(self.count, 2)"),
            ("forgotten weight", PROCESS, "weights[grade] * n for", "n for"),
            ("forgotten amount", PROCESS, "(self.amounts.get(grade) or 0) + amount", "amount"),
        ),
    },
    lost={
        "process": (
            _renamed("value", "total", "total"),
            _renamed("reducing", "greatest", "greatest"),
            _renamed("aggregating", "spread", "spread"),
            _renamed("map", "variety", "seen"),
            _renamed("list", "best", "best"),
            _renamed("time to live", "sent_once", "ids"),
            _renamed("broadcast", "weighted", "weights"),
            _renamed("value told by timers", "told_in_time", "count"),
        ),
    },
)
