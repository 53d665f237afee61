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


@pytest.mark.parametrize(
    ("more", "options"),
    [
        ({}, "--dialect sql --udf thread --mode batch --binding files --flink 1.20 --seed 0"),
        ({"udf": ""}, "--dialect sql --mode batch --binding files --flink 1.20 --seed 0"),
        (
            {"flink": "9.1.10", "seed": 12},
            "--dialect sql --udf thread --mode batch --binding files --flink 9.1 --seed 12",
        ),
    ],
)
def test_repeat_has_every_option_that_matters(more, options):
    """The same cell over the same rows: a seed of 0 is one too."""
    assert f"streamgauge run copy {options} --rows 7" == replace(RECORD, **more).repeat


def test_repeat_of_a_shipped_sample_has_no_rows():
    """Rows whose number is given are generated: the sample is run whole instead."""
    options = "--dialect sql --udf thread --mode batch --binding files --flink 1.20"

    assert f"streamgauge run copy {options}" == replace(RECORD, seed=None).repeat


def test_seconds_add_up():
    """All phases together."""
    assert RECORD.total_seconds == pytest.approx(1.75)


def test_records_are_kept(tmp_path, monkeypatch):
    """A run's records can be read again, field by field."""
    monkeypatch.chdir(tmp_path)
    path = keep([RECORD], "run_1")

    assert "run_1.json" == path.name
    assert [asdict(RECORD)] == json.loads(path.read_text())
