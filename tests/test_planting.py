"""What a user learns of data of his own that is too kind, on Flink."""

import pytest

from streamgauge.cells import make_cell
from streamgauge.lifecycle import once
from streamgauge.planting.catching import tried, unplanted
from streamgauge.planting.dialect import asked, drawn
from streamgauge.records import GIVEN
from streamgauge.run import Run
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

AVERAGE = "SELECT sensor, AVG(degrees) FROM readings WHERE degrees > 0 GROUP BY sensor"
ROWS = [("a", 1.0), ("a", 3.0), ("b", 2.0), ("b", -4.0)]


@pytest.fixture
def survivors(flink, tmp_path, monkeypatch):
    """The lines of the variants that pass over rows; the user's file stays as it is."""

    def survivors(rows):
        folder = tmp_path / "average"
        folder.mkdir(exist_ok=True)
        (folder / "query.sql").write_text(AVERAGE)
        schema = Schema.of(sensor="STRING", degrees="DOUBLE")
        averages = Sink("averages", schema, key=("sensor",))
        scenario = Scenario(
            id="average",
            version=1,
            question="How warm is it?",
            sources=(Source("readings", schema, rows=rows),),
            sinks=(averages,),
            bindings=("files",),
            modes=("batch",),
            folder=folder,
            oracle=_averages,
        )
        cell = make_cell(scenario, "sql", "batch", "files", flink.line)
        runs = [Run(cell, scenario.sample(0), GIVEN, once(cell.form))]
        monkeypatch.setattr(flink.harness, "patience", flink.harness.patience)
        dialect = asked(runs)
        assert ["pass"] == [each.record.verdict for each in unplanted(flink.harness, dialect)]
        found = list(tried(flink.harness, dialect, drawn(dialect, None, 0)))
        assert AVERAGE == (folder / "query.sql").read_text()
        return {each.kind: each.diff[1] for _, each in found if each.result == "not caught"}

    return survivors


def _averages(inputs):
    rows = {}
    for sensor, degrees in inputs["readings"]:
        rows.setdefault(sensor, []).extend([degrees] * (degrees > 0))
    return {"averages": [(sensor, sum(all_) / len(all_)) for sensor, all_ in rows.items() if all_]}


def test_an_average_over_distinct_values(survivors):
    """It is not told from one over rows where no value comes twice; nor 0 where none is."""
    distinct = AVERAGE.replace("AVG(", "AVG(DISTINCT ")
    kind = survivors(ROWS)
    harsh = survivors([*ROWS, ("a", 3.0), ("b", 0.0)])

    assert {"DISTINCT added": f"+ {distinct}", "border": f"+ {AVERAGE.replace('>', '>=')}"} == {
        name: kind[name] for name in ("DISTINCT added", "border")
    }
    assert {} == harsh
