"""A record names its cell, lies in a file as soon as it is there, and is read again."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge import records
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.records import Record, Recorder

RECORD = Record(
    scenario="copy",
    version=1,
    dialect="sql",
    mode="batch",
    binding="files",
    flink="1.20.5",
    verdict="pass",
    udf="thread",
    seed=0,
    seconds={"feed": 0.5, "job": 1.25},
)


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    """A folder of one's own to keep records in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("udf", "cell"),
    [
        ("thread", "copy-sql-thread-batch-files-1.20.5"),
        ("", "copy-sql-batch-files-1.20.5"),
    ],
)
def test_cell_names_the_axes(udf, cell):
    """Those that there are, with Flink's whole version."""
    assert cell == replace(RECORD, udf=udf).cell


def test_seconds_add_up():
    """All phases together."""
    assert RECORD.total_seconds == pytest.approx(1.75)


def test_records_are_read_as_they_were(project):
    """Field by field, in their order, whatever characters they have."""
    odd = "a line\nof text\u2028: \u00e9, \udc80"
    told = replace(RECORD, reason=odd, marks=[{"mark": "feed", "at": 1.5}])
    recorder = Recorder("run_1")
    recorder.append(RECORD)
    recorder.append(told)

    assert project / ".streamgauge" / "records" / "run_1.jsonl" == recorder.path
    assert [RECORD, told] == records.read(recorder.path)
    assert ["schema", "run"] == list(json.loads(recorder.path.read_text().splitlines()[0]))[:2]


def test_kill_loses_no_record(project):
    """What was appended is there, however the process ends."""
    code = (
        "import os, signal\n"
        "from streamgauge.records import Record, Recorder\n"
        "recorder = Recorder('run_1')\n"
        "for dialect in ('sql', 'table'):\n"
        "    recorder.append(Record('copy', 1, dialect, 'batch', 'files', '1.20.5', 'pass'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    checkout = Path(__file__).resolve().parents[2]
    env = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run([sys.executable, "-c", code], env=env, check=False)

    assert -signal.SIGKILL == done.returncode
    assert ["sql", "table"] == [record.dialect for record in records.read(records.find())]


def test_line_cut_short_is_told_and_left_out(caplog):
    """A kill in the middle of a line costs that line and no other."""
    recorder = Recorder("run_1")
    recorder.append(RECORD)
    with recorder.path.open("a") as file:
        file.write('{"schema": 6, "scen')

    assert [RECORD] == records.read(recorder.path)
    assert [f"{recorder.path}: its last line was cut short, and is left out"] == caplog.messages


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"schema": 0}', "written by another version of streamgauge (schema 0)"),
        ('{"schema": 7, "more": 1}', "written by another version of streamgauge (schema 7)"),
        ("{}", "written by another version of streamgauge (schema 0)"),
        ('{"schema": 1}', "written by another version of streamgauge (schema 1)"),
        ('{"schema": 6}', "damaged, it is no record"),
        ("[]", "damaged, it is no record"),
        ("\\xff{", "damaged, it is no record"),
    ],
)
def test_what_cannot_be_read_is_one_line(line, told):
    """It names the file and the line."""
    recorder = Recorder("run_1")
    recorder.append(RECORD)
    with recorder.path.open("a") as file:
        file.write(f"{line}\n")

    with pytest.raises(StreamgaugeError) as caught:
        records.read(recorder.path)
    assert f"{recorder.path}, line 2: {told}" == str(caught.value)


def test_run_is_found_by_its_beginning():
    """The newest where none is named."""
    for run in ("20261126-150000-aaaaaa", "20261126-160000-bbbbbb", "20261127-100000-cccccc"):
        Recorder(run)

    assert "20261127-100000-cccccc" == records.find().stem
    assert "20261126-160000-bbbbbb" == records.find("20261126-16").stem
    assert "20261126-150000-aaaaaa" == records.find("20261126-150000-aaaaaa").stem


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ("20261126", "several runs begin with '20261126': 20261126-160000-b, 20261126-150000-a"),
        (
            "20261126-150000-x",
            "unknown run '20261126-150000-x' (did you mean 20261126-150000-a?); newest: 20261126-",
        ),
        ("zzz", "unknown run 'zzz'; newest: 20261126-160000-b, 20261126-150000-a"),
    ],
)
def test_run_that_is_not_there(run, told):
    """The valid ones are told."""
    for there in ("20261126-150000-a", "20261126-160000-b"):
        Recorder(there)

    with pytest.raises(UsageError) as caught:
        records.find(run)
    assert str(caught.value).startswith(told)


def test_no_run_is_a_mistake(project):
    """Not an empty table."""
    with pytest.raises(UsageError, match="no run is recorded in "):
        records.find()


def test_only_the_newest_runs_are_offered():
    """Months of them would not fit a line."""
    for day in range(10, 20):
        Recorder(f"202611{day}-a")

    with pytest.raises(UsageError, match=r"newest: 20261119-a, .*, 20261115-a, and 5 older$"):
        records.find("x")
