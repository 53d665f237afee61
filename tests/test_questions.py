"""Functions of the user's own in SQL and the Table API: of Python, plain and pandas."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.testing import assert_matches

_FOLDER = Path(__file__).with_name("scenarios")
WORDS, MEANS = (load(_FOLDER / name) for name in ("split_words", "means_of_windows"))
# Each way of functions, mode and dialect at least once.
CELLS = [
    (WORDS, "sql", "process", "streaming", "kafka"),
    (WORDS, "table", "thread", "batch", "files"),
    (MEANS, "sql", "pandas", "streaming", "kafka"),
    (MEANS, "sql", "pandas", "batch", "files"),
]


@pytest.mark.parametrize(
    ("scenario", "dialect", "udf", "mode", "binding"),
    CELLS,
    ids=[f"{scenario.id}-{'-'.join(axes)}" for scenario, *axes in CELLS],
)
def test_functions_of_each_kind_give_the_answer(flink, scenario, dialect, udf, mode, binding):
    """In the way they were told to run: another is an error of the cell."""
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, dialect, mode, binding, inputs, udf=udf)

    assert_matches(scenario.expected(inputs), outcome)


def test_a_table_function_that_runs_in_another_way_is_told(flink):
    """Flink would give the right words all the same."""
    planted = replace(WORDS, settings={"python.execution-mode": "process"})
    inputs = planted.sample(flink.seed)

    record = flink.run(planted, "table", "batch", "files", inputs, udf="thread").record

    assert record.verdict == "unknown"
    assert record.reason.endswith(
        "were to run in mode thread, but the planner chose PythonTableFunctionOperator"
    )
