"""Only a run that was compared may pass or fail; whatever breaks is unknown."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from streamgauge import versions
from streamgauge.cells import make_cell
from streamgauge.discovery import load
from streamgauge.errors import ScenarioError, StreamgaugeError
from streamgauge.lifecycle import restart
from streamgauge.records import Origin
from streamgauge.run import run_cell

JOBS = Path(__file__).resolve().parents[2] / "jobs"
INPUTS = {"words": [("flink",)]}


def cell(name="word_count", attached_by="files"):
    line = versions.line(versions.default_line())
    return make_cell(load(JOBS / name), "sql", "batch", attached_by, line)


def broken(error, logs):
    """A harness whose cluster does not start."""

    def engine(line):
        raise error

    space = SimpleNamespace(id="run_1", logs=logs, zone="UTC")
    more = {"patience": 1, "at_once": 1, "slots": 3, "masked": str, "refusal": lambda *_: None}
    return SimpleNamespace(engine=engine, space=space, ended=lambda _: "", **more)


def test_what_breaks_is_unknown_with_its_reason(tmp_path):
    """A cluster that does not start proves nothing about the cell."""
    harness = broken(StreamgaugeError("the cluster is gone"), tmp_path)
    record = run_cell(harness, cell(), INPUTS, Origin("generated", 3)).record

    assert ("unknown", "the cluster is gone") == (record.verdict, record.reason)
    assert (3, 1) == (record.seed, record.rows_in)


def test_what_breaks_in_an_unforeseen_way_leaves_its_trace(tmp_path):
    """The reason is one line, the trace lies with the run's logs."""
    outcome = run_cell(broken(KeyError("surprise"), tmp_path), cell(), INPUTS)
    (trace,) = tmp_path.glob("*.trace")

    assert ("unknown", "KeyError: 'surprise'") == (outcome.record.verdict, outcome.record.reason)
    assert "Traceback" in trace.read_text()
    assert {} == outcome.rows


def test_ctrl_c_gets_through(tmp_path):
    """An interrupt is no verdict."""
    with pytest.raises(KeyboardInterrupt):
        run_cell(broken(KeyboardInterrupt(), tmp_path), cell(), INPUTS)


def test_absent_cell_needs_nothing(tmp_path):
    """Nothing is started for a cell that is not there."""
    absent = cell("orders_cdc", "cdc")
    record = run_cell(broken(AssertionError(), tmp_path), absent, {"orders": []}).record

    assert ("absent", absent.absent) == (record.verdict, record.reason)


def test_record_tells_what_would_have_run(tmp_path):
    """The run, the line, how many rows each source had; parallelism is that of the start."""
    inputs = {"orders": [()] * 3, "items": [()] * 5}
    harness = broken(AssertionError(), tmp_path)
    lifecycle = restart("plain", before=2, after=3)
    record = run_cell(harness, cell("orders_cdc", "cdc"), inputs, lifecycle=lifecycle).record

    assert ("run_1", "1.20", 3) == (record.run, record.line, record.parallelism)
    assert {"kind": "given", "seed": None, "rows": {"orders": 3, "items": 5}} == record.inputs
    assert (None, 8, str(tmp_path)) == (record.seed, record.rows_in, record.log)


def test_inputs_that_were_generated_say_from_which_seed(tmp_path):
    """What a test has a scenario generate; not what it makes of that."""
    asked = cell()
    sample = asked.scenario.sample(7, 4)
    whole, part, made = (
        run_cell(broken(AssertionError(), tmp_path), asked, inputs).record
        for inputs in (sample, sample.until(0.5), dict(sample))
    )

    assert ("generated", 7, 7) == (whole.inputs["kind"], whole.inputs["seed"], whole.seed)
    assert [("given", None)] * 2 == [(r.inputs["kind"], r.seed) for r in (part, made)]


def test_cell_over_nothing_has_a_record(tmp_path):
    """No rows of any source are no rows."""
    record = run_cell(broken(AssertionError(), tmp_path), cell("orders_cdc", "cdc"), {}).record

    assert 0 == record.rows_in


def test_wrong_oracle_is_unknown_before_anything_is_made(tmp_path):
    """It is told as the oracle's, and no engine is asked for."""
    asked = cell()
    wrong = replace(asked, scenario=replace(asked.scenario, oracle=lambda _: {"count": []}))
    record = run_cell(broken(AssertionError(), tmp_path), wrong, INPUTS).record

    told = "oracle: there is no sink 'count' (did you mean counts?)"
    assert ("unknown", told) == (record.verdict, record.reason)


def test_given_inputs_that_do_not_fit_are_refused(tmp_path):
    """What a test hands over is held against the schema as well."""
    with pytest.raises(ScenarioError, match="source words: row 0: 2 columns, not 1"):
        run_cell(broken(AssertionError(), tmp_path), cell(), {"words": [("flink", 1)]})
