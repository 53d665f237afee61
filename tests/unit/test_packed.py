"""A line's Python in an archive runs wherever it is unpacked, and has the line's packages."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from streamgauge.runtimes import packed


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """Our own interpreter with two packages, one of which is mostly jars."""
    monkeypatch.setattr(packed.paths, "cache", lambda: tmp_path / "cache")
    # All of it takes seconds to pack: what an interpreter starts with is enough.
    monkeypatch.setattr(packed, "_UNNEEDED", (*packed._UNNEEDED, *heavy()))
    packages = tmp_path / "made" / "site-packages"
    (packages / "pyflink" / "lib").mkdir(parents=True)
    (packages / "pyflink" / "__init__.py").write_text("")
    (packages / "pyflink" / "lib" / "flink-dist.jar").touch()
    (packages / "answers.py").write_text("print(42)")
    python = Path(sys.executable)
    return SimpleNamespace(folder=tmp_path / "made", packages=packages, python=python)


def heavy():
    """What is large of a standard library."""
    standard = Path(sysconfig.get_path("stdlib"))
    folders = {path.name for path in standard.iterdir() if path.is_dir()}
    return folders - {"encodings", "collections", "importlib", "re"}


def test_it_runs_where_it_is_unpacked(environment, tmp_path):
    """Of nothing but what is in it; a path that Flink adds for a job's files stays."""
    there = tmp_path / "some where"
    with zipfile.ZipFile(packed.archive(environment)) as archive:
        archive.extractall(there)
    for file in (there / "bin").iterdir():
        file.chmod(0o755)

    code = "import sys, answers; print(sys.prefix); print('files' in sys.path[1])"
    command = [there / packed.PYTHON, "-c", code]
    told = subprocess.check_output(command, env={"PYTHONPATH": "/files"}, text=True, cwd=tmp_path)

    assert ["42", str(there), "True"] == told.split("\n")[:-1]


def test_an_executable_stays_one(environment):
    """Flink unpacks it with its permissions."""
    with zipfile.ZipFile(packed.archive(environment)) as archive:
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}

    assert {True} == {bool(mode & 0o100) for name, mode in modes.items() if name[:4] == "bin/"}


def test_jars_stay_here(environment):
    """Every cluster has them."""
    with zipfile.ZipFile(packed.archive(environment)) as archive:
        names = archive.namelist()

    assert [] == [name for name in names if name.endswith(".jar")]
    assert any(name.endswith("site-packages/pyflink/__init__.py") for name in names)


def test_it_is_made_once(environment):
    """It is large."""
    first = packed.archive(environment)
    made = first.stat().st_mtime_ns

    assert (first, made) == (packed.archive(environment), first.stat().st_mtime_ns)
