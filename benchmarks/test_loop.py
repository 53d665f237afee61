"""How long from an edit to its verdict, where `up` has left an engine and services.

    sh run.sh tox -e bench

Prints pytest-benchmark's table: from the shell's start of `streamgauge run` to its end. A cell
whose answer is wrong has no time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
FILES = {"sql": ("query.sql", "--"), "table": ("table.py", "#"), "process": ("process.py", "#")}
BINDINGS = ("files", "kafka")


class Project:
    """A folder with `word_count`, and all that `up` leaves in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.edits = count()
        shutil.copytree(CHECKOUT / "jobs" / "word_count", folder / "jobs" / "word_count")

    def edit(self, file: str, comment: str) -> None:
        """Save another text of the same meaning."""
        path = self.folder / "jobs" / "word_count" / file
        path.write_text(f"{path.read_text()}\n{comment} edited {next(self.edits)}\n")

    def streamgauge(self, *arguments: str) -> str:
        """What the command prints."""
        done = subprocess.run(
            [sys.executable, "-m", "streamgauge", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project where everything is up."""
    made = Project(tmp_path_factory.mktemp("loop"))
    made.streamgauge("up")
    yield made
    made.streamgauge("down")


@pytest.mark.parametrize("dialect", FILES)
@pytest.mark.parametrize("binding", BINDINGS)
def test_edit_to_verdict(benchmark, project, dialect, binding):
    """An edited dialect, run in streaming."""

    def edit():
        project.edit(*FILES[dialect])
        return (), {}

    def run() -> None:
        axes = ("--dialect", dialect, "--mode", "streaming", "--binding", binding)
        told = project.streamgauge("run", "word_count", *axes)
        assert "using the engine that is up" in told, told
        assert "starting" not in told, told

    benchmark.pedantic(run, setup=edit, rounds=3, warmup_rounds=1)
