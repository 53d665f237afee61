"""Whatever goes wrong is told in one line, and stops no more than it has to."""

import errno
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge import records
from streamgauge.cli import options
from streamgauge.discovery import Scenarios, load
from streamgauge.harness import Harness
from streamgauge.records import Recorder
from tests.unit.world import COPIED, TOO_MANY, World

CHECKOUT = Path(__file__).resolve().parents[2]


def as_process(*arguments, cwd, stdout=subprocess.PIPE, **variables):
    return subprocess.run(
        [sys.executable, "-m", "streamgauge", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **variables},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


def test_mistake_as_a_process(tmp_path):
    """`python -m streamgauge` ends with code 2 and leaves nothing where it ran."""
    done = as_process("run", "--rows", "0", cwd=tmp_path)

    assert (2, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines())
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", ["", "run", "run word_count", "list", "show word_count"])
def test_empty_folder_is_told_what_to_do_next(tmp_path, arguments):
    """Also with a checkout, whose scenarios are not those of the folder."""
    done = as_process(*arguments.split(), cwd=tmp_path)

    assert (2, "") == (done.returncode, done.stdout)
    assert f"streamgauge: {tmp_path}/jobs: no scenarios here; make a folder NAME" in done.stderr
    assert "query.sql (README, 'In your own repository'), or name a folder" in done.stderr
    assert 1 == len(done.stderr.splitlines())
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(("line", "told"), [('{"schema": 0}', "schema 0"), ("{}}", "damaged")])
def test_records_that_cannot_be_read_are_one_line(streamgauge, line, told):
    """Not a traceback."""
    recorder = Recorder("20261126-150000-a")
    recorder.path.write_text(f"{line}\n")
    code, out, err = streamgauge("records", "show")

    assert (1, "") == (code, out)
    assert told in err
    assert 1 == err.count("\n")


def fails_with(error):
    def failing(*_):
        raise error

    return failing


def test_mistake_of_ours_is_one_line_and_a_trace(streamgauge, monkeypatch):
    """The trace is for who mends it, and not for the terminal."""
    monkeypatch.setattr(options, "discover", fails_with(KeyError("surprise\nand more")))
    code, out, err = streamgauge("list")
    told, _, trace = err.strip().partition("; trace in ")

    assert (1, "") == (code, out)
    assert r"streamgauge: internal error: KeyError: 'surprise\nand more'" == told
    assert "Traceback" in Path(trace).read_text()
    Path(trace).unlink()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "/x: Permission denied"),
        (OSError("odd"), "odd"),
    ],
)
def test_what_the_system_refuses_is_one_line(streamgauge, monkeypatch, error, told):
    """With the file, where it is known."""
    monkeypatch.setattr(options, "discover", fails_with(error))

    assert (1, "", f"streamgauge: {told}\n") == streamgauge("list")


@pytest.mark.parametrize(
    "arguments", ["run word_count", "services up", "records show", "list --json .streamgauge/x"]
)
def test_project_that_cannot_be_written_is_told(streamgauge, tmp_path, arguments):
    """`.streamgauge` is no folder: whatever wants to write there says so in one line."""
    (tmp_path / ".streamgauge").touch()
    code, out, err = streamgauge(*arguments.split())

    assert "" == out
    assert code in (1, 2)
    assert str(tmp_path / ".streamgauge") in err or ".streamgauge/x" in err
    assert 1 == err.count("\n")


def test_reader_that_has_seen_enough_is_no_error(tmp_path):
    """As in `list | head`."""
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m streamgauge --version | true"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ("", "") == (done.stdout, done.stderr)


def test_full_disk_at_the_end_is_told(tmp_path):
    """Standard output may be a file."""
    with Path("/dev/full").open("w") as full:
        done = as_process("--version", cwd=tmp_path, stdout=full)

    assert (1, "streamgauge: No space left on device\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_umask_says_who_may_read(streamgauge, tmp_path, mask, mode):
    """As of any file that a command writes."""
    before = os.umask(mask)
    try:
        streamgauge("list", "word_count", "--json", "cells.json")
    finally:
        os.umask(before)

    assert mode == (tmp_path / "cells.json").stat().st_mode & 0o777


def test_inputs_that_cannot_be_made_stop_nobody_else(streamgauge, monkeypatch, tmp_path):
    """Their cells are unknown and say why; nothing is started for them, nor for absent ones."""
    asked = []
    words = load(CHECKOUT / "jobs" / "word_count")
    broken = replace(words.sources[0], generate=fails_with(ZeroDivisionError("by zero")))
    scenario = replace(words, sources=(broken,), absent={"process": "no need"})
    chosen = Scenarios()
    chosen[scenario.id] = scenario
    monkeypatch.setattr(options, "discover", lambda *_: chosen)
    monkeypatch.setattr(Harness, "prepare", lambda _, cells: asked.extend(cells))
    code, out, _ = streamgauge("run", "--rows", "5", "--binding", "files")
    told = records.read(records.find())

    assert 1 == code
    assert [] == [cell for cell in asked if not cell.absent]
    assert {"unknown": 6, "absent": 2} == Counter(record.verdict for record in told)
    reason = "generator of source words: ZeroDivisionError: by zero ("
    assert {reason, "no need"} == {record.reason[: len(reason)] for record in told}
    assert f"\nunknown: {reason}" in out


def test_generator_sees_no_zone_of_the_shell(tmp_path):
    """Nor do oracles: whatever they ask of the local time is UTC's."""
    folder = tmp_path / "jobs" / "clock"
    shutil.copytree(CHECKOUT / "jobs" / "word_count", folder)
    scenario = (folder / "scenario.py").read_text()
    clock = "lambda seed, start, stop: [(__import__('time').strftime('%z %Z'),)]"
    scenario = scenario.replace("words.rows", clock).replace('"word_count"', '"clock"')
    (folder / "scenario.py").write_text(scenario)
    done = as_process("generate", "clock", "--rows", "1", cwd=tmp_path, TZ="Asia/Kolkata")

    assert (0, "word\n+0000 UTC\n") == (done.returncode, done.stdout)


@pytest.mark.parametrize(
    ("contents", "verdict", "reason"),
    [(TOO_MANY, "unknown", "kafka has ended"), (COPIED, "pass", "")],
    ids=["wrong", "right"],
)
def test_service_that_has_ended_is_why(tmp_path, monkeypatch, contents, verdict, reason):
    """Not what came of that; whose answers are right did not need it any more."""
    world = World(tmp_path, COPIED[:2], contents)
    world.lost = "kafka has ended"
    record = world.run(monkeypatch).record

    assert (verdict, reason) == (record.verdict, record.reason)
