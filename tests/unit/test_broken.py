"""A broken scenario is told, and breaks itself alone."""

import shutil
import sys
from pathlib import Path

import pytest

from streamgauge import cli
from streamgauge.cli import running
from streamgauge.records import Record

CHECKOUT = Path(__file__).resolve().parents[2]
FAULT = "oracle.py: ZeroDivisionError: division by zero (jobs/orders_cdc/oracle.py:1)\n"
TOLD = f"streamgauge: {{}}: {FAULT}"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A project with a good scenario, a broken one and what is none; the broken one's folder."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("word_count", "orders_cdc"):
        shutil.copytree(CHECKOUT / "jobs" / name, tmp_path / "jobs" / name, ignore=ignored)
    shutil.copytree(CHECKOUT / "generators", tmp_path / "generators", ignore=ignored)
    (tmp_path / "jobs" / "empty").mkdir()
    (tmp_path / "jobs" / "NOTES.txt").touch()
    folder = tmp_path / "jobs" / "orders_cdc"
    (folder / "oracle.py").write_text("1 / 0")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def streamgauge(monkeypatch, capsys):
    """The command line, in this process: exit code, standard output and error; all cells pass."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["streamgauge", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        return (caught.value.code, *capsys.readouterr())

    monkeypatch.setattr("os._exit", sys.exit)
    monkeypatch.setattr(running, "run_all", run_all)
    return call


def run_all(wanted, _, ran):
    ran.records = [passed(one.cell) for one in wanted]
    ran.kept = {"logs": Path()}


def passed(cell):
    axes = (cell.scenario.id, cell.scenario.version, cell.dialect, cell.mode, cell.binding)
    inputs = {"kind": "sample"}
    return Record(*axes, flink=cell.line.flink, verdict="pass", inputs=inputs)


def test_the_others_are_listed(streamgauge, folder):
    """With a line on the broken one."""
    code, out, err = streamgauge("list")

    assert (0, TOLD.format(folder)) == (code, err)
    assert "word_count" in out
    assert "orders_cdc" not in out


@pytest.mark.parametrize(("arguments", "cells"), [(["run"], 20), ([], 16)])
def test_the_others_are_run(streamgauge, folder, arguments, cells):
    """But not all is well: one was not tried. Corners are of a plain run."""
    code, out, err = streamgauge(*arguments)

    assert (1, TOLD.format(folder)) == (code, err)
    assert f"{cells} cells: {cells} pass" in out


@pytest.mark.parametrize("name", ["word_count", "jobs/word_count"])
def test_a_good_one_is_run(streamgauge, folder, name):
    """Nobody asked for the other."""
    code, out, err = streamgauge("run", name)

    assert (0, "") == (code, err)
    assert "20 cells: 20 pass" in out


@pytest.mark.parametrize("name", ["orders_cdc", "jobs/orders_cdc"])
def test_the_broken_one_is_not_run(streamgauge, folder, name):
    """It is all that was asked for."""
    code, out, err = streamgauge("run", name)

    assert (2, "") == (code, out)
    assert err.endswith(f"orders_cdc: {FAULT}")


def test_doctor_tells_it(streamgauge, folder):
    """It is what is wrong."""
    code, out, _ = streamgauge("doctor")

    assert 1 == code
    assert "scenario orders_cdc" in out
    # It is folded, where its path is long.
    assert "division by zero" in " ".join(out.split())


def test_another_root_is_run_beside_ours(streamgauge, folder, tmp_path):
    """A folder of scenarios stands for all of them; each id is there once."""
    shutil.copytree(folder.parent / "word_count", tmp_path / "mine" / "words")
    file = tmp_path / "mine" / "words" / "scenario.py"
    file.write_text(file.read_text().replace('id="word_count"', 'id="words"'))

    code, out, err = streamgauge("run", "mine", "word_count")
    again, _, told = streamgauge("run", "word_count", str(CHECKOUT / "jobs" / "word_count"))

    assert (0, "") == (code, err)
    assert "40 cells: 40 pass" in out
    assert 1 == again
    assert "id 'word_count' is that of" in told


def test_tests_of_the_others_pass(folder, pytester):
    """The plugin has one test for the broken scenario, which says why."""
    pytester.makepyfile("def test_own(scenario, flink): pass\ndef test_none(dialect, flink): pass")
    root = f"--streamgauge-jobs={folder.parent}"

    result = pytester.runpytest_inprocess(root, plugins=["streamgauge.plugin"])

    result.assert_outcomes(passed=5, errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR at setup of test_own[[]orders_cdc]*", "*by zero (*oracle.py:1)"]
    )


def test_several_roots_are_tested(folder, pytester, tmp_path):
    """Side by side, by repeating the option."""
    pytester.makepyfile("def test_own(scenario, flink): assert scenario.id == 'word_count'")
    options = [f"--streamgauge-jobs={root}" for root in (folder.parent / "word_count", folder)]

    result = pytester.runpytest_inprocess(*options, plugins=["streamgauge.plugin"])

    result.assert_outcomes(passed=1, errors=1)
