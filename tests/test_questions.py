"""Functions of the user's own in SQL and the Table API: of Python, plain and pandas."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.testing import assert_matches

_FOLDER = Path(__file__).with_name("scenarios")
_NAMES = ("split_words", "means_of_windows", "said_in_sql")
WORDS, MEANS, SAID = (load(_FOLDER / name) for name in _NAMES)
# Each way of functions, mode and dialect at least once.
CELLS = [
    (WORDS, "sql", "process", "streaming", "kafka"),
    (WORDS, "table", "thread", "batch", "files"),
    (MEANS, "sql", "pandas", "streaming", "kafka"),
    (MEANS, "sql", "pandas", "batch", "files"),
    (SAID, "sql", "thread", "batch", "files"),
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


def test_sql_that_flink_cannot_read_is_told_with_its_place(flink, tmp_path):
    """The statement's line, and the line and column in the file where it goes wrong."""
    (tmp_path / "query.sql").write_text("SELECT id, line AS word,\n  1 FORM lines, 2")
    scenario = replace(WORDS, udfs=(), folder=tmp_path)
    inputs = scenario.sample(flink.seed)

    record = flink.run(scenario, "sql", "batch", "files", inputs).record

    assert record.verdict == "unknown"
    assert record.reason.startswith("query.sql, in the statement of line 1: ")
    assert "at line 2, column 10" in record.reason


def test_a_table_function_that_runs_in_another_way_is_told(flink):
    """Flink would give the right words all the same."""
    planted = replace(WORDS, settings={"python.execution-mode": "process"})
    inputs = planted.sample(flink.seed)

    record = flink.run(planted, "table", "batch", "files", inputs, udf="thread").record

    assert record.verdict == "unknown"
    assert record.reason.endswith(
        "were to run in mode thread, but the planner chose PythonTableFunctionOperator"
    )
