"""What is on the screen of a real terminal, and where there is none."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pyte
import pytest

from streamgauge.records import Record, Recorder
from streamgauge.values.changelog import Change
from streamgauge.values.comparison import Answer, compare
from streamgauge.values.difference import differences

# A deadline, also where many work on the machine.
_SECONDS = 120
CHECKOUT = Path(__file__).resolve().parents[2]
ACTED = [str(Path(__file__).with_name("acted.py")), "run", "word_count", "--binding", "files"]
ACTED += ["--lifecycle", "once"]
ALL = "pass " * 8
# Pseudo-terminals are forked, which Python 3.12 and newer warn of where there are threads.
pytestmark = pytest.mark.filterwarnings("ignore:.*forkpty:DeprecationWarning")


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """Of a process in a project of its own, with a terminal that can do everything."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jobs").symlink_to(CHECKOUT / "jobs")
    known = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PYTHONIOENCODING")
    env = {name: value for name, value in os.environ.items() if name not in known}
    return {**env, "PYTHONPATH": str(CHECKOUT), "TERM": "xterm-256color", "PYTHONUTF8": "1"}


class Screen:
    """A pseudo-terminal with a process on it."""

    def __init__(self, arguments, columns, env):
        self._screen = pyte.Screen(columns, 60)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""
        self.child = pexpect.spawn(
            sys.executable, arguments, env=env, dimensions=(60, columns), timeout=_SECONDS
        )

    def wait(self, text):
        """Read until the text is there."""
        until = time.monotonic() + _SECONDS
        while text not in "\n".join(self.lines):
            assert time.monotonic() < until, self.lines
            self._read(self.child.read_nonblocking(4096, _SECONDS))

    def end(self):
        """Read to the end; the exit code."""
        self._read(self.child.read())
        self.child.close()
        return self.child.exitstatus

    @property
    def lines(self):
        """What can be seen, without the empty lines at the bottom."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip().split("\n")

    def _read(self, data):
        self.raw += data
        self._stream.feed(data)


@pytest.fixture
def screen(environment):
    """A screen of so many columns with a run on it."""

    def begin(columns, acted, *arguments, **variables):
        env = {**environment, "ACTED": acted, **variables}
        return Screen([*ACTED, *arguments], columns, env)

    return begin


def table(lines):
    """The lines of the table, from what all cells have in common on."""
    (start,) = (n for n, line in enumerate(lines) if line.startswith("scenario word_count"))
    return lines[start:]


HEAD = "scenario word_count, binding files, flink 1.20.5, inputs sample"
VERDICTS = (
    "pass 1.50 s word_count-sql-batch-files-1.20.5 "
    "fail 1.50 s word_count-table-batch-files-1.20.5: counts: extra 1: ('caf\u00e9', 2)"
)
WHOLE = """\
dialect     mode       verdict  rows in  out  seconds
sql         batch      pass     5        0    1.50
table       batch      fail     5        0    1.50"""


@pytest.mark.parametrize("columns", [80, 120])
def test_table_of_a_run(screen, columns):
    """Axes that do not vary are said once, reasons stand below, then where it is kept."""
    seen = screen(columns, f"pass fail {ALL}")
    code = seen.end()
    lines = table(seen.lines)

    assert 1 == code
    assert [HEAD, "", *WHOLE.split("\n")] == lines[:5]
    assert "fail: counts: extra 1: ('caf\u00e9', 2)" in lines
    assert lines[-3].startswith("8 cells: 7 pass, 1 fail")
    assert lines[-2].startswith("records: .streamgauge/records/")
    assert lines[-1].startswith("logs: .streamgauge/runs/")


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_verdicts_come_while_it_runs_and_are_left_by_an_interrupt(screen, columns):
    """Above a region that says how far it is; below them are the table and the paths then."""
    seen = screen(columns, "pass fail")
    seen.wait("starting kafka")
    *verdicts, state, newest = seen.lines

    assert VERDICTS == " ".join(verdicts)
    assert re.fullmatch(r"2 of 8 done, 1 fail; 0:\d\d, ~0:09 left", state)
    assert "starting kafka" == newest

    seen.child.sendintr()
    code = seen.end()
    text = " ".join(seen.lines)

    assert 130 == code, text
    assert text.startswith(f"{VERDICTS}  scenario word_count, mode batch, ")
    assert " 8 cells: 1 pass, 1 fail, 6 not run records: .streamgauge/records/" in text
    assert text.endswith("/logs streamgauge: interrupted")
    assert "starting kafka" not in text


def test_interrupt_before_the_first_verdict(screen):
    """There is no table then."""
    seen = screen(80, "")
    seen.wait("starting kafka")
    seen.child.sendintr()

    assert 130 == seen.end()
    assert "8 cells: 0 pass, 8 not run" in seen.lines


def test_narrow_screen_has_a_line_a_cell(screen):
    """What does not vary is said above it; quiet, nothing comes before."""
    seen = screen(30, f"pass fail {ALL}", "--quiet")
    seen.end()

    assert ["scenario word_count, binding", "files, flink 1.20.5, inputs"] == seen.lines[:2]
    assert ["pass 1.50 sql batch", "fail 1.50 table batch"] == seen.lines[4:6]


def test_no_color(screen):
    """No more than bold."""
    seen = screen(80, f"pass fail {ALL}", NO_COLOR="1")
    seen.end()

    assert b"[1mfail" in seen.raw
    assert not [code for code in (b"[31m", b"[1;31m", b"[32m") if code in seen.raw]


def test_terminal_that_cannot_move_gets_plain_lines(screen):
    """TERM=dumb."""
    seen = screen(80, ALL, TERM="dumb")
    seen.end()

    assert b"\x1b" not in seen.raw
    assert "pass 1.50 s word_count-sql-batch-files-1.20.5 (1 of 8 done; 0:0" in seen.lines[0]


def run(environment, acted, *arguments, **variables):
    env = {**environment, "ACTED": acted, **variables}
    return subprocess.run(
        [sys.executable, *ACTED, *arguments], env=env, capture_output=True, check=False
    )


def test_without_a_terminal_there_are_plain_lines(environment):
    """Whole ones, on standard error; the end is on standard output."""
    done = run(environment, f"pass fail {ALL}")
    err, out = done.stderr.decode(), done.stdout.decode()

    assert re.search(
        r"fail 1.50 s word_count-table-batch-files-1.20.5: counts: extra 1: \('caf\u00e9', 2\) "
        r"\(2 of 8 done, 1 fail; 0:\d\d, ~0:09 left\)\n",
        err,
    )
    assert "\x1b" not in err + out
    assert out.startswith(f"{HEAD}\n\n{WHOLE.splitlines()[0]}")


def test_fail_fast_ends_after_the_first_that_is_no_pass(environment):
    """The rest is not recorded, but told as not run."""
    done = run(environment, f"pass unknown {ALL}", "--fail-fast", "--json", "done.json")

    assert 1 == done.returncode
    assert b"\n8 cells: 1 pass, 1 unknown, 6 not run\n" in done.stdout
    assert 2 == len(json.loads(Path("done.json").read_text(encoding="utf-8")))


def test_cell_that_ran_several_times_is_shown_once(screen):
    """With the spread of its verdicts; the count is of runs."""
    seen = screen(80, "pass fail pass " + "pass " * 9 + "pass pass", "--times", "3", "--absent")
    seen.wait("starting kafka")
    seen.child.sendintr()
    seen.end()

    assert "pass 1.50 s word_count-sql-batch-files-1.20.5 (time 3)" in seen.lines
    assert "sql         batch      2 pass, 1 fail  5        0    1.50" in seen.lines
    assert "sql         streaming  2 pass          5        0    1.50" in seen.lines
    assert "24 runs: 13 pass, 1 fail, 10 not run" in seen.lines


def test_without_utf_8_there_are_escapes(environment):
    """What ASCII cannot have stops nobody."""
    done = run(environment, f"pass fail {ALL}", PYTHONIOENCODING="ascii", PYTHONUTF8="0")

    assert 1 == done.returncode
    assert rb"fail: counts: extra 1: ('caf\xe9', 2)" in done.stdout
    assert (
        rb"fail 1.50 s word_count-table-batch-files-1.20.5: counts: extra 1: ('caf\xe9"
        in done.stderr
    )


def test_absent_cells_are_a_count(environment):
    """Unless one asks for them, or there are no others."""
    absent = "--lifecycle", "restart"
    alone = run(environment, "", *absent).stdout.decode()
    short = run(environment, ALL, "--binding", "kafka", *absent).stdout.decode()
    asked = run(environment, ALL, "--binding", "kafka", *absent, "--absent").stdout.decode()

    assert "absent: restart: Stop cannot be done" in alone
    assert "absent: " not in short
    assert "16 cells: 4 pass, 12 absent (--absent tells why)\n" in short
    assert "absent: restart: Stop cannot be done" in asked
    assert "16 cells: 4 pass, 12 absent\n" in asked


def test_difference_on_a_narrow_screen_without_colour_and_utf_8(environment):
    """Signs tell what is missing and what came; lines are folded where they stand."""
    counts = compare([("caf\u00e9", 1)], [Change("+I", ("caf\u00e9", 2))], (0,))
    (found,) = differences(Answer({"counts": counts}), {"counts": ("word", "n")})
    record = Record("copy", 1, "sql", "batch", "files", "1.20.5", "fail", "wrong", "counts: wrong")
    record.differences = [found.first()]
    Recorder("r1").append(record, [])
    env = {**environment, "NO_COLOR": "1", "PYTHONIOENCODING": "ascii"}
    seen = Screen(["-m", "streamgauge", "records", "show"], 40, env)
    code = seen.end()
    at = seen.lines.index("counts, rows of the same word side by")

    assert 0 == code
    assert [
        "side:",
        "  word = 'caf\\xe9'",
        "    - n = 1",
        "    + n = 2",
    ] == seen.lines[at + 1 : at + 5]
    assert b"\033[3" not in seen.raw


def shown(environment, columns, *arguments):
    """The lines of a command on a screen of so many columns, none of them cut."""
    seen = Screen(["-m", "streamgauge", *arguments], columns, environment)

    assert 0 == seen.end()
    assert "\u2026" not in "".join(seen.lines)
    return seen.lines


LISTED = {
    40: [
        "word_count",
        "  sql batch files: unseen 1.20, 2.3",
        "  table batch files: unseen 1.20, 2.3",
    ],
    80: ["scenario    dialect     mode       binding  1.20    2.3"],
    50: [
        "word_count",
        "dialect     mode       binding  1.20    2.3",
        "sql         batch      files    unseen  unseen",
    ],
}


@pytest.mark.parametrize("columns", LISTED)
def test_list_fits_the_screen(environment, columns, tmp_path):
    """A table; a table a scenario without the days of verdicts; a line a cell."""
    (tmp_path / "jobs").unlink()
    (tmp_path / "jobs").mkdir()
    own = tmp_path / "jobs" / "word_count"
    shutil.copytree(CHECKOUT / "jobs" / "word_count", own)
    (own / "verdicts.json").unlink()
    (tmp_path / "generators").symlink_to(CHECKOUT / "generators")
    lines = shown(environment, columns, "list", "--flink", "1.20", "--flink", "2.3")

    assert LISTED[columns] == lines[: len(LISTED[columns])]
    assert "word_count diverges: fail in datastream and restart or native" in " ".join(lines)


@pytest.mark.parametrize("columns", [40, 80])
def test_runtimes_fit_the_screen(environment, columns):
    """A line a fact, where a table would be cut."""
    lines = shown(environment, columns, "runtimes", "list")
    at = lines.index("1.20")

    assert ["  flink: 1.20.5", "  python: >=3.9,<3.12"] == lines[at + 1 : at + 3]
    assert "  connectors: kafka, avro, jdbc, parquet" in lines


def test_runs_fit_the_screen(environment):
    """Each with what is known of it, and nothing of what is not."""
    recorder = Recorder("20261126-150000-a")
    record = Record("copy", 1, "sql", "batch", "files", "1.20.5", "pass", line="1.20")
    recorder.append(record)
    Recorder("20261126-160000-b")

    assert [
        "20261126-160000-b",
        "  when: 2026-11-26 16:00:00",
        "  cells: 0 cells: 0 pass",
        "20261126-150000-a",
        "  when: 2026-11-26 15:00:00",
        "  lines: 1.20",
        "  rows: 0",
        "  cells: 1 cells: 1 pass",
    ] == shown(environment, 40, "records", "list")
    header, _, first = shown(environment, 120, "records", "list")
    assert ["run", "when", "lines", "lifecycles", "inputs", "rows", "cells"] == header.split()
    assert "20261126-150000-a  2026-11-26 15:00:00  1.20" == first[:44]
