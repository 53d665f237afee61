"""How long `check` takes for a folder of 20 files on one line, as a user calls it.

    sh run.sh tox -e bench -- -k check

The files are dialects and queries of our own scenarios; `cold` has not read the line before.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from streamgauge import paths, versions
from streamgauge.check import files, index

CHECKOUT = Path(__file__).resolve().parents[1]
FILES = 20


@pytest.fixture
def folder(tmp_path):
    """A folder of files that use PyFlink and SQL."""
    folder = tmp_path / "files"
    folder.mkdir()
    every = [path for path in files.found([CHECKOUT / "jobs"]) if _of_flink(path)]
    for number, path in enumerate(every[:FILES]):
        shutil.copy(path, folder / f"{number}{path.suffix}")
    assert len(list(folder.iterdir())) == FILES
    return folder


def _of_flink(path: Path) -> bool:
    return path.suffix == ".sql" or "pyflink" in path.read_text(encoding="utf-8")


@pytest.fixture
def cache(tmp_path):
    """A cache with the runtimes and jars of ours, and nothing read of them."""
    line = versions.line(versions.default_line())
    _ = index.Javas(index.Apis([line]))[line.name]
    folder = tmp_path / "cache"
    folder.mkdir()
    for name in ("runtimes", "jars"):
        (folder / name).symlink_to(paths.cache() / name)
    return folder


def check(folder: Path, cache: Path) -> None:
    """The command, by a process of its own; all is there."""
    subprocess.run(
        [sys.executable, "-m", "streamgauge", "check", folder],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "STREAMGAUGE_CACHE": str(cache)},
        check=True,
        capture_output=True,
    )


def test_check_cold(benchmark, folder, cache):
    """What is known of the line is read from its packages and jars."""

    def forget():
        shutil.rmtree(cache / "check", ignore_errors=True)

    benchmark.pedantic(check, args=[folder, cache], setup=forget, rounds=1)


def test_check_warm(benchmark, folder, cache):
    """What is known of the line is kept from the last time."""
    check(folder, cache)
    benchmark.pedantic(check, args=[folder, cache], rounds=3)
