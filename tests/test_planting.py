"""What a user learns of data of his own that is too kind, on Flink."""

from contextlib import suppress

import psutil
import pytest

from streamgauge.cells import make_cell
from streamgauge.discovery import discover
from streamgauge.lifecycle import once
from streamgauge.planting.catching import tried, unplanted
from streamgauge.planting.dialect import asked
from streamgauge.planting.search import telling
from streamgauge.records import GIVEN
from streamgauge.run import Run
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema
from streamgauge.waiting import wait_for

AVERAGE = "SELECT sensor, AVG(degrees) FROM readings WHERE degrees > 0 GROUP BY sensor"
ROWS = [("a", 1.0), ("a", 3.0), ("b", -4.0)]


@pytest.fixture
def planted(flink, tmp_path, monkeypatch):
    """The dialect over rows, and what of its variants passes; the user's file stays as it is."""

    def planted(rows, only=None):
        folder = tmp_path / "average"
        folder.mkdir(exist_ok=True)
        (folder / "query.sql").write_text(AVERAGE)
        schema = Schema.of(sensor="STRING", degrees="DOUBLE")
        scenario = Scenario(
            id="average",
            version=1,
            question="How warm is it?",
            sources=(Source("readings", schema, rows=rows),),
            sinks=(Sink("averages", schema, key=("sensor",)),),
            bindings=("files",),
            folder=folder,
            oracle=_averages,
        )
        cell = make_cell(scenario, "sql", "batch", "files", flink.line)
        dialect = asked([Run(cell, scenario.sample(0), GIVEN, once(cell.form))])
        monkeypatch.setattr(flink.harness, "patience", flink.harness.patience)
        assert ["pass"] == [each.record.verdict for each in unplanted(flink.harness, dialect)]
        became = dict(tried(flink.harness, dialect, only or dialect.variants))
        assert AVERAGE == (folder / "query.sql").read_text()
        return dialect, {v: one for v, one in became.items() if one.result == "not caught"}

    return planted


def _averages(inputs):
    rows = {}
    for sensor, degrees in inputs["readings"]:
        rows.setdefault(sensor, []).extend([degrees] * (degrees > 0))
    return {"averages": [(sensor, sum(all_) / len(all_)) for sensor, all_ in rows.items() if all_]}


def test_rows_that_would_catch_survivors_do(planted, flink):
    """An average over distinct values, and 0 where it is the border, are not told by kind rows."""
    dialect, survivors = planted(ROWS)
    rows = dict(telling(flink.harness, dialect, list(survivors)))
    more = [row for each in rows.values() for row in each["readings"]]
    _, left = planted([*ROWS, *more], only=list(survivors))

    assert {"DISTINCT added", "border"} == {one.kind for one in survivors.values()}
    assert set(survivors) == set(rows)
    assert max(len(each.entries) for each in rows.values()) <= 3
    assert {} == left


@pytest.mark.every_kill
def test_what_loops_is_ended_and_the_next_goes_on(flink, monkeypatch):
    """Neither its job nor its Python process goes on; what is wrong beside it is caught."""
    scenario = discover()["word_count"]
    cell = make_cell(scenario, "process", "batch", "files", flink.line)
    dialect = asked([Run(cell, scenario.shipped(), GIVEN, once(cell.form))])
    text = dialect.texts["process.py"]
    counts = next(v for v in dialect.variants if v.kind == "state not kept")
    looping = counts._replace(kind="loops", instead="while True: pass")
    monkeypatch.setattr(flink.harness, "patience", 10)
    found = tried(flink.harness, dialect, [looping, counts])
    became = [one.result for _, one in found]
    engine = flink.harness.engine(flink.line)

    assert "while True: pass" in looping.planted(text)
    assert ["caught", "ended"] == sorted(became)
    wait_for(_busiest, lambda share: share < 50, 60, str)
    assert engine.alive


def _busiest():
    """The share of a core that the busiest Python process under ours takes, in percent."""
    return max(map(_share, psutil.Process().children(recursive=True)), default=0)


def _share(process):
    with suppress(psutil.Error):
        return process.cpu_percent(interval=0.2) if "python" in process.name() else 0
    return 0
