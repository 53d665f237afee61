"""What asks the machine's clock is found before the job runs, and noted."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge import by_clock
from streamgauge.cells import make_cell
from streamgauge.discovery import discover, load
from streamgauge.records import Record
from streamgauge.report import difference
from streamgauge.scenario import Script
from tests.unit.world import LINE, copying

OF_EXPRESSIONS = "from pyflink.table.expressions import"
FOLDER = Path(__file__).parents[1] / "scenarios"


def asking(folder, dialect, text, **changes):
    """The places in a scenario with this text as its dialect's file."""
    job = Script("main.sql" if dialect == "sql job" else "main.py", tables={})
    files = {"sql": "query.sql", "job": job.file, "sql job": job.file}
    (folder / files.get(dialect, f"{dialect}.py")).write_text(text, encoding="utf-8")
    name = dialect.rpartition(" ")[2]
    scenario = replace(copying(), folder=folder, **changes)
    if name == "job":
        scenario = replace(scenario, job=job)
    return by_clock.places(make_cell(scenario, name, "streaming", "kafka", LINE))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("SELECT word,\n  PROCTIME() FROM words", ["query.sql:2: PROCTIME"]),
        ("SELECT 1;\n\nSELECT now ( ) FROM words", ["query.sql:3: NOW"]),
        ("SELECT Current_Timestamp", ["query.sql:1: CURRENT_TIMESTAMP"]),
        ("SELECT UNIX_TIMESTAMP()", ["query.sql:1: UNIX_TIMESTAMP"]),
        ("SELECT UNIX_TIMESTAMP('2024-01-01 00:00:00')", []),
        # A name, a text, a comment, another function.
        ("SELECT now, `LOCALTIME`, 'PROCTIME()', CURRENT_WATERMARK(ts) -- NOW()", []),
    ],
)
def test_functions_of_sql_are_found(tmp_path, text, places):
    """Not what only looks like one."""
    assert places == asking(tmp_path, "sql", text)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("w = TumblingProcessingTimeWindows.of(s)", ["1: TumblingProcessingTimeWindows"]),
        (
            "\ntimers.register_processing_time_timer(1)",
            ["2: register_processing_time_timer"],
        ),
        ("words.window(Tumble.over(five).on(col('at').proctime))", ["1: proctime"]),
        ("at = datetime.datetime.now()", ["1: datetime.now"]),
        ("at = time.time()", ["1: time.time"]),
        ('t_env.execute_sql("SELECT proctime() FROM words")', ["1: proctime"]),
        ('t_env.execute_sql(\n    """\n    SELECT\n      NOW( )\n    """)', ["4: NOW"]),
        ('t_env.execute_sql("SELECT 1,\\n UNIX_TIMESTAMP()")', ["1: UNIX_TIMESTAMP"]),
        (f"{OF_EXPRESSIONS} current_timestamp as at\nat()", ["2: current_timestamp"]),
        (f"{OF_EXPRESSIONS} *\nlocal_time()", ["2: local_time"]),
        ("from pyflink.table import expressions as E\nE.local_time()", ["2: local_time"]),
        # A user's own.
        ("current_time = row.current_timestamp, self.local_time(), local_timestamp()", []),
        (f"{OF_EXPRESSIONS} col\ncurrent_time = col('a')", []),
        ("proctime = row.processing_time_ms + average_processing_time", []),
        ('"""Never asks NOW()."""\nwindow = TumblingEventTimeWindows.of(s)', []),
        ("at = clock.now() + time.sleep(1)", []),
        ("this is no Python", []),
    ],
)
@pytest.mark.parametrize("dialect", ["table", "process", "job"])
def test_names_of_python_are_found(tmp_path, dialect, text, places):
    """And SQL within texts, but not in prose."""
    file = "main.py" if dialect == "job" else f"{dialect}.py"

    assert [f"{file}:{place}" for place in places] == asking(tmp_path, dialect, text)


def test_a_program_of_sql_is_looked_through(tmp_path):
    """Its DDL too."""
    text = "CREATE TABLE t (a INT, b AS PROCTIME());"

    assert ["main.sql:1: PROCTIME"] == asking(tmp_path, "sql job", text)
    assert [] == asking(tmp_path, "sql job", "SELECT 'PROCTIME()")


def test_sql_that_is_not_utf_8_is_left_to_who_runs_it(tmp_path):
    """It is told there."""
    asking(tmp_path, "sql job", "SELECT 1")
    (tmp_path / "main.sql").write_bytes(b"SELECT '\xe9', NOW()")
    scenario = replace(copying(), folder=tmp_path, job=Script("main.sql"))

    assert ["main.sql:1: NOW"] == by_clock.places(
        make_cell(scenario, "job", "streaming", "kafka", LINE)
    )


def test_a_helper_beside_the_root_is_looked_through(tmp_path):
    """It goes with the job, so its functions may ask there."""
    folder = tmp_path / "jobs" / "copy"
    folder.mkdir(parents=True)
    (tmp_path / "ours.py").write_text("import time\n\nAT = time.time()\n")

    assert ["ours.py:3: time.time"] == asking(folder, "process", "import ours\n")


def test_a_column_that_is_added_is_found():
    """For every dialect that has the table."""
    scenario = load(FOLDER / "one_looked_up")
    cell = make_cell(scenario, scenario.dialects[0], "streaming", "kafka", LINE)

    assert "probes.came: PROCTIME" in by_clock.places(cell)


def test_ours_ask_the_clock_where_that_is_known():
    """Two refresh by it, one is about it."""
    found = {
        (scenario.id, dialect)
        for scenario in discover().values()
        for dialect in scenario.dialects
        if by_clock.places(make_cell(scenario, dialect, "streaming", "kafka", LINE))
    }

    assert {("word_count", "process"), ("state_zoo", "process"), ("state_zoo", "sql")} == found


def test_the_note_is_there_once_a_dialect():
    """With the places; none of what asks no clock."""
    record = Record(
        "late", 1, "sql", "batch", "files", "1.20.5", "pass", clock=["query.sql:2: NOW"]
    )
    without = replace(record, dialect="table", clock=[])

    (note,) = difference.clock_notes([record, replace(record, mode="streaming"), without])

    assert note.startswith("clock note: late-sql asks the machine's clock (query.sql:2: NOW): ")
