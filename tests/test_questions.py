"""Functions of the user's own in SQL and the Table API: of Python, plain and pandas."""

import zipfile
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.testing import assert_matches
from tests import assembled

_FOLDER = Path(__file__).with_name("scenarios")
_NAMES = (
    "split_words",
    "means_of_windows",
    "said_in_sql",
    "plain_means",
    "days_after",
    "days_in_rows",
    "two_rows",
    "two_highest",
)
SCENARIOS = [load(_FOLDER / name) for name in _NAMES]
WORDS, MEANS, SAID, _, _, DAYS_IN_ROWS, TWO_ROWS, _ = SCENARIOS
# Each way of functions, mode and dialect at least once.
CELLS = [
    (WORDS, "sql", "process", "streaming", "kafka"),
    (WORDS, "table", "thread", "batch", "files"),
    (MEANS, "sql", "pandas", "streaming", "kafka"),
    (MEANS, "sql", "pandas", "batch", "files"),
    (SAID, "sql", "thread", "batch", "files"),
    # Known differences, which have to be met.
    (DAYS_IN_ROWS, "sql", "thread", "batch", "files"),
    (TWO_ROWS, "sql", "thread", "batch", "files"),
]
ALL = [
    (scenario, dialect, udf, mode, binding)
    for scenario in SCENARIOS
    for dialect, udf in product(scenario.dialects, scenario.udfs)
    for mode, binding in product(scenario.modes, scenario.bindings)
    if mode not in scenario.absent
]


def _param(scenario, *axes):
    marks = [] if (scenario, *axes) in CELLS else [pytest.mark.every_question]
    return pytest.param(scenario, *axes, id="-".join((scenario.id, *axes)), marks=marks)


@pytest.mark.parametrize(
    ("scenario", "dialect", "udf", "mode", "binding"), [_param(*cell) for cell in ALL]
)
def test_functions_of_each_kind_give_the_answer(flink, scenario, dialect, udf, mode, binding):
    """In the way they were told to run: another is an error of the cell."""
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, dialect, mode, binding, inputs, udf=udf)

    assert_matches(scenario.expected(inputs), outcome)


def test_a_function_that_flinks_own_hides_is_told(flink, tmp_path):
    """Flink would call its own without a word."""
    for file, called in ("query.sql", "TABLE(words_of("), ("udf.py", '{"words_of"'):
        text = (WORDS.folder / file).read_text()
        assert called in text
        (tmp_path / file).write_text(text.replace(called, called.replace("words_of", "Upper")))
    scenario = replace(WORDS, folder=tmp_path)

    record = flink.run(scenario, "sql", "batch", "files", scenario.sample(0), udf="process").record

    assert "unknown" == record.verdict
    assert "function Upper: Flink has one of this name, and calls that: call" in record.reason


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


def test_what_functions_import_and_read_travels_with_the_job(flink, tmp_path):
    """Helpers of the repository, sub-packages with their data, and archives that settings name."""
    scenario = load(_written(tmp_path, _REPOSITORY) / "mine" / "carried")
    _zip(scenario.folder / "dictionary.zip", {"words.txt": "be"})
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "batch", "files", inputs)

    assert_matches(scenario.expected(inputs), outcome)


# To install them takes seconds.
@pytest.mark.every_question
def test_requirements_are_installed_where_the_job_runs(flink, tmp_path):
    """From a wheel beside the scenario, which nobody else has."""
    scenario = load(_written(tmp_path, _WANTING) / "mine" / "wanting")
    _zip(scenario.folder / "wheels" / "streamgauge_wanted-1.0-py3-none-any.whl", _WHEEL)
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", "batch", "files", inputs)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.parametrize("dialect", ["sql", "table"])
def test_functions_of_java_come_from_a_jar(flink, tmp_path, dialect):
    """One that udf.py registers, and one that SQL creates; Flink ships neither."""
    scenario = load(_written(tmp_path, _OF_JAVA) / "mine" / "shouted")
    assembled.write(scenario.folder / "shouted.jar")
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, dialect, "batch", "files", inputs)

    assert_matches(scenario.expected(inputs), outcome)


def _written(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def _zip(path, files):
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)


_OF_JAVA = {
    "mine/shouted/udf.py": f'JAVA = {{"shouted": "{assembled.NAME}"}}',
    "mine/shouted/query.sql": f"""
CREATE TEMPORARY FUNCTION louder AS '{assembled.NAME}' LANGUAGE JAVA;
SELECT shouted(word) AS word, louder(word) AS again FROM words
""",
    "mine/shouted/table.py": """
from pyflink.table.expressions import call, col


def query(words):
    return words.select(call("shouted", col("word")), call("shouted", col("word")))
""",
    "mine/shouted/scenario.py": """
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="shouted",
    version=1,
    question="What is each word, shouted?",
    sources=(Source("words", Schema.of(word="STRING"), rows=[("one",), ("two",)]),),
    sinks=(
        Sink(
            "shouts",
            Schema.of(word="STRING", again="STRING"),
            rows=[("ONE", "ONE"), ("TWO", "TWO")],
        ),
    ),
    bindings=("files",),
    settings={"pipeline.jars": "shouted.jar"},
)
""",
}


_REPOSITORY = {
    "helpers/__init__.py": "",
    "helpers/clean.py": "def tidy(word):\n    return word.strip()\n",
    "mine/carried/lookup/__init__.py": """
from importlib.resources import files

NUMBERS = dict(line.split(",") for line in files(__name__).joinpath("n.csv").read_text().split())
""",
    "mine/carried/lookup/n.csv": "one,1\ntwo,2\n",
    "mine/carried/udf.py": """
from pathlib import Path

from helpers.clean import tidy
from mine.carried.lookup import NUMBERS
from pyflink.table import DataTypes
from pyflink.table.udf import udf


def known(word):
    return NUMBERS[tidy(word)] + Path("dictionary/words.txt").read_text()


FUNCTIONS = {"known": udf(known, result_type=DataTypes.STRING())}
""",
    "helpers/functions.py": """
from pyflink.table import DataTypes
from pyflink.table.udf import udf

shorter = udf(lambda word: word[1:], result_type=DataTypes.STRING())
""",
    "mine/carried/query.sql": """
CREATE TEMPORARY FUNCTION shorter AS 'helpers.functions.shorter' LANGUAGE PYTHON;
SELECT known(shorter(word)) AS known FROM words
""",
    "mine/carried/scenario.py": """
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

SCENARIO = Scenario(
    id="carried",
    version=1,
    question="Which number is each word?",
    sources=(Source("words", Schema.of(word="STRING"), rows=[("1 one",), ("2two ",)]),),
    sinks=(Sink("known", Schema.of(known="STRING"), rows=[("1be",), ("2be",)]),),
    bindings=("files",),
    udfs=("process",),
    settings={"python.archives": "dictionary.zip#dictionary"},
)
""",
}

_WANTING = {
    "mine/wanting/requirements.txt": "streamgauge-wanted==1.0\n",
    "mine/wanting/udf.py": """
from pyflink.table import DataTypes
from pyflink.table.udf import udf


def marked(word):
    # Only the job has it.
    from streamgauge_wanted import MARK

    return word + MARK


FUNCTIONS = {"marked": udf(marked, result_type=DataTypes.STRING())}
""",
    "mine/wanting/query.sql": "SELECT marked(word) AS word FROM words",
    "mine/wanting/scenario.py": """
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

WORDS = Schema.of(word="STRING")
SCENARIO = Scenario(
    id="wanting",
    version=1,
    question="What is each word with a mark?",
    sources=(Source("words", WORDS, rows=[("one",), ("two",)]),),
    sinks=(Sink("marked", WORDS, rows=[("one!",), ("two!",)]),),
    bindings=("files",),
    udfs=("process",),
    settings={"python.requirements": "requirements.txt#wheels"},
)
""",
}
_ABOUT = "streamgauge_wanted-1.0.dist-info"
_WHEEL = {
    "streamgauge_wanted.py": "MARK = '!'",
    f"{_ABOUT}/METADATA": "Metadata-Version: 2.1\nName: streamgauge-wanted\nVersion: 1.0\n",
    f"{_ABOUT}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{_ABOUT}/RECORD": "",
}
