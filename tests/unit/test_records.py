"""A record names its cell, and how to run that again."""

import json
from dataclasses import asdict, replace

import pytest

from streamgauge.records import Record, keep

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
    rows=7,
    seconds={"feed": 0.5, "job": 1.25},
)


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


def test_records_are_kept(tmp_path, monkeypatch):
    """A run's records can be read again, field by field."""
    monkeypatch.chdir(tmp_path)
    path = keep([RECORD], "run_1")

    assert "run_1.json" == path.name
    assert [asdict(RECORD)] == json.loads(path.read_text())
