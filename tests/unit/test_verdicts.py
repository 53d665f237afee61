"""Every cell has a verdict that was seen, or a dated reason for not being there."""

import re
from dataclasses import replace

import pytest

from streamgauge import verdicts, versions
from streamgauge.cells import cells, make_cell
from streamgauge.discovery import discover
from streamgauge.errors import StreamgaugeError
from streamgauge.records import Record

DATED = re.compile(r"\(.*\d{4}-\d{2}-\d{2}\)$")
# Scenarios that have not run on a line since their last version: `list` says "unseen" of their
# cells, and nothing is claimed of them. To be emptied by `run SCENARIO --note --flink LINE`.
OTHERS = ("1.19", "2.0", "2.1")
UNSEEN = {(scenario, line) for scenario in discover() for line in OTHERS}


def test_every_cell_has_a_verdict_or_a_dated_reason():
    """On every line: `pass` for the scenario as it is now, or since when and why it is absent.

    Noted as absent is what met a divergence. What is said to be unseen is just that.
    """
    scenarios = discover().values()
    noted = verdicts.read(*(scenario.folder for scenario in scenarios))
    found = cells(scenarios, versions.lines().values())
    open_ = [
        cell
        for cell in found
        if not (
            DATED.search(cell.absent)
            if cell.absent
            else (verdicts.of(cell, noted) or {}).get("verdict") in {"pass", "absent"}
        )
    ]

    where = {(cell.scenario.id, cell.line.name) for cell in open_}
    assert where == UNSEEN, [cell.id for cell in open_]


def test_a_verdict_is_of_one_version_of_scenario_and_release(tmp_path):
    """After a change of either, what was noted no longer counts."""
    line = versions.line("1.20")
    cell = make_cell(discover()["word_count"], "sql", "batch", "files", line)
    version = cell.scenario.version
    record = Record("word_count", version, "sql", "batch", "files", line.flink, "pass")
    record.lifecycle = "restart"
    absent = Record("word_count", version, "table", "batch", "files", line.flink, "absent")
    known = replace(absent, dialect="process", divergence="FLINK-1")
    other = replace(record, scenario="orders_cdc")
    verdicts.note(replace(cell.scenario, folder=tmp_path), [record, absent, known, other])
    noted = verdicts.read(tmp_path)

    assert {cell.id, cell.id.replace("sql", "process")} == set(noted)
    found = verdicts.of(cell, noted)
    assert ("pass", "restart") == (found["verdict"], found["lifecycle"])
    assert verdicts.of(cell, {cell.id: {**noted[cell.id], "flink": "1.20.4"}}) is None
    assert verdicts.of(cell, {cell.id: {**noted[cell.id], "version": 99}}) is None


@pytest.mark.parametrize("content", ["{", "[1]", '{"cell": 3}', '{"cell": {}}', "\udcff"])
def test_damaged_note_is_told(tmp_path, content):
    """In one line that names the file."""
    path = tmp_path / "verdicts.json"
    path.write_text(content, encoding="utf-8", errors="surrogateescape")

    with pytest.raises(StreamgaugeError) as caught:
        verdicts.read(tmp_path)
    assert str(caught.value).startswith(f"{path} is damaged: ")
    assert "\n" not in str(caught.value)
