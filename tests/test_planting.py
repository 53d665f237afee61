"""What a user learns of data of his own that is too kind, on Flink."""

import pytest

from streamgauge.cells import make_cell
from streamgauge.lifecycle import once
from streamgauge.planting.catching import tried, unplanted
from streamgauge.planting.dialect import asked
from streamgauge.planting.search import telling
from streamgauge.records import GIVEN
from streamgauge.run import Run
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

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
