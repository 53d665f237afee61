"""A damaged scenario folder is refused, with the folder and the file that is wrong."""

import shutil
import sys
from pathlib import Path

import pytest

from streamgauge.discovery import discover
from streamgauge.errors import ScenarioError

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def jobs(tmp_path):
    """A copy of the scenarios, to be damaged."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("orders_cdc", "word_count"):
        shutil.copytree(CHECKOUT / "jobs" / name, tmp_path / "jobs" / name, ignore=ignored)
    return tmp_path / "jobs"


def without(file):
    return lambda folder: (folder / file).unlink()


def renamed(file, name):
    return lambda folder: (folder / file).rename(folder / name)


def holding(file, text):
    return lambda folder: (folder / file).write_text(text)


def changed(old, new):
    """Damage to scenario.py, which has to have `old` in it."""

    def damage(folder):
        file = folder / "scenario.py"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return damage


def refusal(jobs):
    """The one complaint; the scenarios that are left are good."""
    found = discover(jobs)
    (error,) = found.broken.values()
    assert {"orders_cdc", "word_count"} - found.broken.keys() <= found.keys()
    return str(error)


def test_good_copy_loads(jobs):
    """A scenario is its folder: it may lie anywhere."""
    found = discover(jobs)

    assert ["orders_cdc", "word_count"] == list(found)
    assert jobs / "word_count" == found["word_count"].folder
    assert {"counts": [("flink", 2)]} == found["word_count"].expected({"words": [("flink",)] * 2})


@pytest.mark.parametrize("file", ["README.md", "udf.py", "__init__.py"])
def test_other_known_files_are_welcome(jobs, file):
    """A scenario may have notes and functions of its own."""
    holding(file, "")(jobs / "word_count")

    assert "word_count" in discover(jobs)


def test_module_that_another_imports_is_welcome(jobs):
    """What dialects share may lie beside them, under any name."""
    folder = jobs / "word_count"
    holding("parse.py", "def words(line): ...")(folder)
    holding("udf.py", "from jobs.word_count.parse import words\n")(folder)

    assert "word_count" in discover(jobs)


@pytest.mark.parametrize("statement", ["from jobs.word_count.tables", "from .tables"])
def test_module_of_a_name_much_like_ours_is_welcome_too(jobs, statement):
    """Where another imports it, it is no slip of the pen."""
    folder = jobs / "word_count"
    holding("tables.py", "ONE = 1")(folder)
    holding("udf.py", f"{statement} import ONE\n")(folder)

    assert "word_count" in discover(jobs)


@pytest.mark.parametrize("name", [".cache", "__pycache__", "empty", "data"])
def test_folders_without_a_scenario_are_passed_over(jobs, name):
    """What starts with a dot or an underscore is not ours, nor is what holds other things."""
    (jobs / name).mkdir()
    if name == "data":
        holding("words.csv", "word\n")(jobs / name)

    found = discover(jobs)

    assert (["orders_cdc", "word_count"], {}) == (list(found), found.broken)


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        ".query.sql.swp",
        ".#oracle.py",
        "#oracle.py#",
        "query.sql~",
        "scenario.py.swp",
        ".words.csv",
        "words.csv~",
        "NOTES.txt",
        "parse.py",
        "diagram.png",
        "Makefile",
    ],
)
def test_stray_files_are_passed_over(jobs, name):
    """What editors, file managers and people leave, in a scenario and beside all of them."""
    (jobs / "word_count" / name).write_bytes(b"\xff\0")
    (jobs / name).write_bytes(b"\xff\0")

    found = discover(jobs)

    assert (["orders_cdc", "word_count"], {}) == (list(found), found.broken)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(
            renamed("scenario.py", "senario.py"),
            "missing file scenario.py",
            id="misspelt scenario.py",
        ),
        pytest.param(without("scenario.py"), "missing file scenario.py", id="no scenario.py"),
        pytest.param(without("oracle.py"), "missing file oracle.py", id="no oracle.py"),
        pytest.param(
            renamed("process.py", "procces.py"),
            "unknown file procces.py (did you mean process.py?)",
            id="misspelt module",
        ),
        pytest.param(
            renamed("query.sql", "querry.sql"),
            "unknown file querry.sql (did you mean query.sql?)",
            id="misspelt file",
        ),
        pytest.param(
            without("table.py"),
            "missing file table.py, and absent gives no reason for it",
            id="dialect neither there nor absent",
        ),
        pytest.param(
            changed("rows=1000,", 'rows=1000,\n    absent={"process": "too hard"},'),
            "process.py is there, but absent says 'too hard'",
            id="dialect there and absent",
        ),
        pytest.param(
            changed("rows=1000,", 'rows=1000,\n    absent={"proces": "too hard"},'),
            "unknown absent entry 'proces' (did you mean process?); valid: sql, table,",
            id="reason for nothing we know",
        ),
        pytest.param(
            changed('id="word_count"', 'id="words"'),
            "id 'words' is not the folder's name",
            id="id that is not the folder's name",
        ),
        pytest.param(
            changed('Schema.of(word="STRING")', 'Schema.of(word="STRIN")'),
            "column word: unknown type 'STRIN' (did you mean STRING?)",
            id="unknown type",
        ),
        pytest.param(
            changed('key=("word",)', 'key=("wrd",)'),
            "unknown column 'wrd' (did you mean word?)",
            id="key of an unknown column",
        ),
        pytest.param(
            changed('"files", "kafka"', '"files", "kafak"'),
            "unknown binding 'kafak' (did you mean kafka?); valid: files, kafka,",
            id="unknown binding",
        ),
        pytest.param(
            changed('shipped="words.csv"', 'shipped="words.csv", key=("word",)'),
            "source words gives changes, files takes rows",
            id="changes over files",
        ),
        pytest.param(
            changed('shipped="words.csv"', 'shipped="words.csv", time="word"'),
            "source words: event time word is no TIMESTAMP(p) or TIMESTAMP_LTZ(p) of at most 3",
            id="event time that is no time",
        ),
        pytest.param(
            changed('key=("word",)', 'partitions=("word",)'),
            "sink counts: its partitions are not its last columns",
            id="partitions that are not last",
        ),
        pytest.param(
            changed("rows=1000", 'rows=1000, udfs=("tread",)'),
            "unknown udf 'tread' (did you mean thread?); valid: process, thread, pandas",
            id="unknown way to run functions",
        ),
        pytest.param(
            changed("rows=1000", 'rows=1000, udfs=("thread",)'),
            "missing file udf.py, whose functions udfs says how to run",
            id="ways to run functions that are not there",
        ),
        pytest.param(
            changed("rows=1000", "rows=0"),
            "sinks, bindings, modes and rows may not be empty",
            id="no rows",
        ),
        pytest.param(
            changed("SCENARIO =", "SCENERY ="), "scenario.py has no SCENARIO", id="no SCENARIO"
        ),
        pytest.param(
            holding("scenario.py", "SCENARIO = 1"),
            "SCENARIO in scenario.py is not a Scenario",
            id="SCENARIO of another kind",
        ),
        pytest.param(
            holding("oracle.py", "def expect(inputs): ..."),
            "oracle.py has no expected",
            id="no oracle in oracle.py",
        ),
        pytest.param(
            holding("scenario.py", "SCENARIO = ("),
            "scenario.py: SyntaxError: ",
            id="scenario.py is no Python",
        ),
        pytest.param(
            holding("scenario.py", "import streamgauge_surely_not_there"),
            "scenario.py: ModuleNotFoundError: No module named 'streamgauge_surely_not_there'",
            id="scenario.py needs what is not there",
        ),
        pytest.param(
            holding("oracle.py", "1 / 0"), "oracle.py: ZeroDivisionError: ", id="oracle.py raises"
        ),
        pytest.param(
            holding("table.py", "x = 1\ndef query(words) return\n"),
            "table.py: line 2: ",
            id="table.py is no Python",
        ),
        pytest.param(
            holding("table.py", "def query(rows): ..."),
            "table.py needs one function query(words)",
            id="query takes another table",
        ),
        pytest.param(
            holding("process.py", "def query(words, more): ..."),
            "process.py needs one function query(words)",
            id="query takes too many tables",
        ),
        pytest.param(
            holding("datastream.py", "def ask(words): ..."),
            "datastream.py needs one function query(words)",
            id="no query",
        ),
        pytest.param(
            holding("words.csv", "wrd\nflink\n"),
            "words.csv: header is wrd, not word",
            id="sample with a wrong header",
        ),
        pytest.param(
            holding("words.csv", "word\nflink,3\n"),
            "words.csv: 2 fields where 1 are expected",
            id="sample with a field too many",
        ),
        pytest.param(
            without("words.csv"), "missing file words.csv, the sample of words", id="no sample"
        ),
    ],
)
def test_damaged_folder_is_refused(jobs, damage, message):
    """The error begins with the folder and says what is wrong."""
    folder = jobs / "word_count"
    damage(folder)

    assert refusal(jobs).startswith(f"{folder}: {message}")


def test_changes_do_not_go_over_kafka(jobs):
    """What a topic of rows cannot say is refused before anything runs."""
    folder = jobs / "orders_cdc"
    changed('bindings=("cdc"', 'bindings=("kafka"')(folder)

    assert f"{folder}: source orders gives changes, kafka takes rows" == refusal(jobs)


def test_rows_and_changes_go_together_over_cdc(jobs):
    """A source without a key is beside those with one: it comes through a topic."""
    changed('"files", "kafka"', '"cdc", "kafka"')(jobs / "word_count")

    assert ("cdc", "kafka") == discover(jobs)["word_count"].bindings


def test_folder_of_another_name_is_refused(jobs):
    """A folder copied as a start of a new scenario needs an id of its own."""
    shutil.copytree(jobs / "word_count", jobs / "word_count_2")

    assert f"{jobs / 'word_count_2'}: id 'word_count' is not the folder's name" == refusal(jobs)


def test_id_twice_is_refused(jobs):
    """A link is the same scenario under two names, which records could not tell apart."""
    first, second = jobs / "word_count", jobs / "word_count_2"
    second.symlink_to(first)

    assert f"{second}: id 'word_count' is that of {first} too" == refusal(jobs)


def test_a_broken_scenario_breaks_itself_alone(jobs):
    """Whatever Python does in it: the others are there, and it is told what is wrong."""
    holding("scenario.py", "raise SystemExit(3)")(jobs / "orders_cdc")

    found = discover(jobs)

    assert (["word_count"], ["orders_cdc"]) == (list(found), list(found.broken))
    assert "scenario.py: SystemExit: 3" in str(found.broken["orders_cdc"])


def test_nothing_but_broken_scenarios_is_refused(jobs):
    """As nothing is left to run."""
    for name in ("orders_cdc", "word_count"):
        holding("oracle.py", "1 / 0")(jobs / name)

    with pytest.raises(ScenarioError, match=r"orders_cdc: oracle.py: ZeroDivisionError"):
        discover(jobs)


def test_folder_without_scenarios_is_refused(tmp_path):
    """To look in the wrong place is no run of nothing."""
    with pytest.raises(ScenarioError, match=f"^{tmp_path}: no scenarios here; make a folder"):
        discover(tmp_path)


def test_discovery_needs_no_pyflink(monkeypatch):
    """What tests are collected from is found without pyflink, and so without a JVM."""
    # To import it is an error, as where it is not installed.
    monkeypatch.setitem(sys.modules, "pyflink", None)
    ids = [path.name for path in (CHECKOUT / "jobs").iterdir() if (path / "scenario.py").exists()]

    assert sorted(ids) == list(discover(CHECKOUT / "jobs"))
