"""Past runs are listed and compared, from their records alone."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.records import SCHEMA, Origin, Record, Recorder, described
from streamgauge.report.changes import changes, told
from streamgauge.report.runs import Past
from streamgauge.workspace import workspace

SAMPLE = described({"rows": [1, 2]}, Origin("sample"))
RECORD = Record(
    scenario="copy",
    version=1,
    dialect="sql",
    mode="batch",
    binding="files",
    flink="1.20.5",
    verdict="pass",
    line="1.20",
    lifecycle="once",
    inputs=SAMPLE,
    rows_in=2,
    settings={"parallelism.default": "1", "rest.port": "4711"},
    seconds={"job": 1.0},
)
TABLE = replace(RECORD, dialect="table")
A, B = "20261126-150000-a", "20261126-160000-b"
SEEDED = described({"rows": [1, 2, 3]}, Origin("generated", 7))


def kept(run, *records):
    """A run's records in their file, which it gives."""
    recorder = Recorder(run)
    for record in records:
        recorder.append(replace(record, run=run))
    return recorder.path


def lines_of(a, b, factor=2.0):
    """What is told of two runs."""
    return told(changes(a, b), factor)


def test_runs_are_listed_newest_first(streamgauge):
    """One line each: when, lines, lifecycles, inputs and how many cells of which verdict."""
    kept(A, RECORD, replace(TABLE, verdict="fail"))
    seeded = replace(RECORD, lifecycle="restart", line="2.3", seed=7, inputs=SEEDED, rows_in=3)
    kept(B, RECORD, seeded)
    code, out, err = streamgauge("records", "list", "--json", "told.json")
    header, newest, oldest = out.splitlines()

    assert (0, "") == (code, err)
    assert ["run", "when", "lines", "lifecycles", "inputs", "rows", "cells"] == header.split()
    assert re.split("  +", newest.rstrip()) == [
        *(B, "2026-11-26 16:00:00", "1.20, 2.3", "once, restart", "sample, seed 7", "2-3"),
        "2 cells: 2 pass",
    ]
    assert oldest.startswith(f"{A}  2026-11-26 15:00:00  1.20       once           sample")
    assert oldest.endswith("2     2 cells: 1 pass, 1 fail")
    data = json.loads(Path("told.json").read_text())
    assert [B, A] == [run["run"] for run in data]
    assert {"pass": 1, "fail": 1} == data[1]["verdicts"]
    assert not data[1]["going_on"]


def test_a_run_that_goes_on_is_said_to(streamgauge):
    """Its lock is held; what it has found so far is there."""
    with workspace() as space:
        kept(space.id, RECORD)
        _, listed, _ = streamgauge("records", "list")
        _, shown, _ = streamgauge("records", "show")
        _, compared, _ = streamgauge("records", "diff", space.id, space.id)

    assert listed.endswith("1 cells: 1 pass, still going on\n")
    assert shown.startswith(f"run {space.id}, still going on\n")
    assert f"{space.id} is still going on: what it has found so far is compared" in compared


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"schema": 0}', "written by another version of streamgauge (schema 0)"),
        ("{", "damaged, it is no record"),
    ],
)
def test_list_goes_on_after_what_cannot_be_read(streamgauge, line, said):
    """An older schema, a damaged file: a line, and the others are listed."""
    kept(A, RECORD)
    broken = kept(B)
    broken.write_text(f"{line}\n")
    code, out, err = streamgauge("records", "list", "--json", "told.json")

    assert 0 == code
    assert out.splitlines()[1].split() == [B, "2026-11-26", "16:00:00", "cannot", "be", "read"]
    assert A in out.splitlines()[2]
    assert f"streamgauge: {broken}, line 1: {said}\n" == err
    assert f"{broken}, line 1: {said}" == json.loads(Path("told.json").read_text())[0]["error"]


def test_list_goes_on_after_what_is_no_file(streamgauge):
    """Whatever the system says of it."""
    kept(A, RECORD)
    kept(B).unlink()
    Path(".streamgauge/records", f"{B}.jsonl").mkdir()
    code, out, err = streamgauge("records", "list")

    assert (0, 3) == (code, len(out.splitlines()))
    assert f"{B}.jsonl: cannot be read: Is a directory" in err
    assert (1, 2) == (
        streamgauge("records", "show", B)[0],
        streamgauge("records", "diff", A, B)[0],
    )


@pytest.mark.parametrize("schema", [SCHEMA - 1, SCHEMA + 1])
def test_run_of_another_schema_is_told(streamgauge, schema):
    """In a line that says so, and not shown as far as it happens to be alike."""
    path = kept(A, RECORD)
    data = json.loads(path.read_text())
    data["differences"] = [{"sink": "copies", "missing": {"count": 1, "first": ["(1,)"]}}]
    path.write_text(json.dumps({**data, "schema": schema}) + "\n")
    told = f"streamgauge: {path}, line 1: written by another version of streamgauge"
    ended = [streamgauge(*words) for words in (("records", "show"), ("records", "diff", A, A))]

    assert [(code, "", f"{told} (schema {schema})\n") for code in (1, 2)] == ended


def test_no_run_is_an_empty_list(streamgauge):
    """Which is said, and no mistake."""
    code, out, err = streamgauge("records", "list", "--json", "told.json")

    assert (0, "") == (code, err)
    assert out.startswith("no run is recorded in ")
    assert [] == json.loads(Path("told.json").read_text())


def test_run_without_a_cell_is_listed():
    """And one of a name that has no time in it."""
    past = Past("run_1")

    assert ("", {}) == (past.data["when"], past.data["verdicts"])
    assert ("", "0 cells: 0 pass") == (past.row["when"], past.row["cells"])


def test_changed_verdict_is_told(streamgauge):
    """With both reasons; exit code 1."""
    kept(A, RECORD, TABLE)
    kept(B, RECORD, replace(TABLE, verdict="fail", reason="copies: missing 1: (1,)"))
    code, out, err = streamgauge("records", "diff", A, B, "--json", "told.json")

    assert (1, "") == (code, err)
    assert out.startswith(f"A is {A}, B is {B}\n")
    assert (
        "another verdict:\n  copy-table-batch-files-1.20\n"
        "    A: pass\n    B: fail: copies: missing 1: (1,)\n"
    ) in out
    assert "2 cells are in both: 1 with another verdict, 0 with another reason\n" in out
    (changed,) = json.loads(Path("told.json").read_text())["verdicts"]
    assert "copy-table-batch-files-1.20" == changed["cell"]
    assert {"verdict": "pass", "reason": "", "seconds": 1.0} == changed["a"]


def test_changed_reason_is_told_and_no_failure(streamgauge):
    """The verdict is the same."""
    kept(A, replace(RECORD, verdict="fail", reason="copies: missing 1: (1,)"))
    kept(B, replace(RECORD, verdict="fail", reason="copies: missing 1: (2,)"))
    code, out, _ = streamgauge("records", "diff", A, B)

    assert 0 == code
    assert "another reason:\n  copy-sql-batch-files-1.20\n    A: fail: copies: missing" in out


def test_nothing_changed_is_said(streamgauge):
    """Runs are named by the beginnings of their ids."""
    kept(A, RECORD, TABLE)
    kept(B, RECORD, TABLE)
    code, out, _ = streamgauge("records", "diff", A[:12], B[:12])

    assert 0 == code
    assert out.endswith("\n\nnothing changed: 2 cells are in both, verdicts and reasons alike\n")


def test_names_of_a_run_are_no_change():
    """A reason may name its run's folder, topics and databases."""
    first = replace(
        RECORD, run=A, reason=f"see runs/{A}/logs of {A.replace('-', '_')}_4", verdict="unknown"
    )
    other = replace(
        RECORD, run=B, reason=f"see runs/{B}/logs of {B.replace('-', '_')}_17", verdict="unknown"
    )

    assert ["nothing changed: 1 cell is in both, verdicts and reasons alike"] == lines_of(
        [first], [other]
    )


def test_cells_of_one_run_alone_are_told():
    """They are no change of a verdict, and not nothing either."""
    process = replace(RECORD, dialect="process")
    shown = lines_of([RECORD, TABLE], [RECORD, process])

    assert shown == [
        *("only in A:", "  copy-table-batch-files-1.20", ""),
        *("only in B:", "  copy-process-batch-files-1.20", ""),
        "1 cell is in both: 0 with another verdict, 0 with another reason",
    ]
    assert ["no cell is in both"] == lines_of([], [])


def test_cells_that_ran_several_times_are_told_apart():
    """In their order."""
    failed = replace(RECORD, verdict="fail")
    found = changes([RECORD, RECORD], [RECORD, failed, RECORD])

    assert ["copy-sql-batch-files-1.20 (2)"] == [
        pair.cell for pair in found.pairs if pair.verdict_changed
    ]
    assert ["copy-sql-batch-files-1.20 (3)"] == found.only_b


def test_two_lines_are_compared():
    """Where each run is of one line, or lifecycle, alone, that is what is compared."""
    other = replace(RECORD, flink="2.3.0", line="2.3", lifecycle="restart", verdict="fail")
    shown = lines_of([RECORD], [other])

    assert shown[:4] == [
        "not the same in both runs:",
        "  Flink: 1.20.5 in A, 2.3.0 in B (all cells)",
        "  lifecycle: once in A, restart in B (all cells)",
        "",
    ]
    assert "  copy-sql-batch-files" in shown


def test_lines_are_told_apart_where_there_are_several():
    """A cell on a line that the other run has not is one of its own."""
    other = replace(RECORD, flink="2.3.0", line="2.3")
    found = changes([RECORD], [RECORD, other])

    assert ([], ["copy-sql-batch-files-2.3"]) == (found.only_a, found.only_b)


def test_other_settings_and_inputs_are_named():
    """So that they are not taken for a change of Flink; what each run has of its own is not."""
    settings = {"parallelism.default": "1", "python.fn-execution.bundle.size": "1"}
    changed = replace(RECORD, inputs=SEEDED, seed=7, settings=settings, verdict="fail")
    shown = lines_of([RECORD, TABLE], [changed, replace(TABLE, inputs=SEEDED, seed=7)])

    assert shown[:5] == [
        "not the same in both runs:",
        "  inputs: sample (rows 2) in A, generated, seed 7 (rows 3) in B (all cells)",
        "  python.fn-execution.bundle.size: nothing in A, 1 in B",
        "    copy-sql-batch-files-1.20",
        "",
    ]
    assert "    not of the same inputs, python.fn-execution.bundle.size" in shown
    assert not any("rest.port" in line for line in shown)


def test_a_cell_that_did_not_run_has_no_other_settings():
    """An absent one has none, which says nothing."""
    absent = replace(RECORD, verdict="absent", reason="why", inputs={}, settings={}, seconds={})
    (pair,) = changes([RECORD], [absent]).pairs

    assert {} == pair.conditions


def test_seconds_are_told_beyond_the_factor(streamgauge):
    """In either direction; the factor is stated."""
    slow, fast = replace(RECORD, seconds={"job": 3.5}), replace(TABLE, seconds={"job": 0.4})
    kept(A, RECORD, TABLE)
    kept(B, slow, fast)
    code, out, _ = streamgauge("records", "diff", A, B)

    assert 0 == code
    assert (
        "seconds, where they differ by more than a factor of 2:\n"
        "  copy-sql-batch-files-1.20        1.00 ->     3.50\n"
        "  copy-table-batch-files-1.20      1.00 ->     0.40\n"
    ) in out
    assert "nothing changed" in out
    assert "seconds" not in streamgauge("records", "diff", A, B, "--factor", "4")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2026", B), "several runs begin with '2026': "),
        ((A, "x"), "unknown run 'x'"),
        ((A, B, "--factor", "0.5"), "--factor 0.5: at least 1"),
        ((A, B, "--factor", "nan"), "--factor nan: at least 1"),
    ],
)
def test_mistake_is_no_difference(streamgauge, arguments, said):
    """Exit code 2: 1 is that verdicts differ."""
    kept(A, RECORD)
    kept(B, RECORD)
    code, out, err = streamgauge("records", "diff", *arguments)

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert said in err


@pytest.mark.parametrize("line", ['{"schema": 0}', "{"])
def test_what_cannot_be_read_is_not_compared(streamgauge, line):
    """It is a mistake to ask for it, and no changed verdict."""
    kept(A, RECORD)
    kept(B).write_text(f"{line}\n")
    code, out, err = streamgauge("records", "diff", A, B)

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert f"{B}.jsonl, line 1: " in err
