"""What the README shows of a repository of one's own is true."""

import os
import re
import subprocess
import sys
from configparser import ConfigParser
from itertools import product
from pathlib import Path

import pytest

from streamgauge import __version__, paths, versions
from streamgauge.discovery import discover

CHECKOUT = Path(__file__).resolve().parents[2]
TEXT = (CHECKOUT / "README.md").read_text(encoding="utf-8")
# A block of code after a line that ends with the file's name and a colon.
FILES = dict(re.findall(r"`([\w./]+)`:\n\n```\w*\n(.*?)```", TEXT, re.DOTALL))


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A folder with the files that the README shows."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_its_scenario_is_whole(repository):
    """It is found, its rows fit, and its oracle adds them up."""
    scenario = discover()["order_totals"]
    inputs = scenario.sample(0)
    totals = scenario.expected(inputs)["totals"]

    assert (repository / "jobs" / "order_totals").resolve() == scenario.folder
    assert ("sql",) == scenario.dialects
    assert 20 == len(totals)
    assert sum(cents for _, cents in inputs["orders"]) == sum(cents for _, cents in totals)


def test_its_bug_report_is_whole(repository):
    """Two files: rows and the right answer by hand, and the SQL."""
    found = discover()
    scenario = found["big_orders"]

    assert not found.broken
    assert ["query.sql", "scenario.py"] == sorted(p.name for p in scenario.folder.glob("*.*"))
    assert {"big": [("bob", 101), (None, 250)]} == scenario.expected(scenario.sample(0))


def test_its_single_file_is_whole(repository):
    """Rows, the right answer and the SQL in one."""
    scenario = discover()["late_clicks"]

    assert ("sql",) == scenario.dialects
    assert (repository / "jobs").resolve() == scenario.folder.parent
    assert [3, 3] == [n for _, n in scenario.expected(scenario.sample(0))["counts"]]


def test_its_test_is_collected(repository):
    """The plugin gives it one for each mode."""
    options = ["-p", "streamgauge.plugin", "--collect-only", "-q"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    for name, mode in product(
        ("order_totals", "big_orders", "late_clicks"), ("batch", "streaming")
    ):
        cell = f"[{name}-sql-{mode}-files-{versions.default_line()}]"
        assert f"test_conformance.py::test_matches_oracle{cell}" in done.stdout, done


def test_its_git_leaves_the_state_alone(repository, monkeypatch):
    """What runs leave is not committed."""
    monkeypatch.delenv("STREAMGAUGE_STATE", raising=False)

    assert f"{paths.state().relative_to(repository)}/\n" == FILES[".gitignore"]


def test_its_tox_runs_lines_that_there_are():
    """With the settings that reach it, of the wheel that is made."""
    tox = ConfigParser(interpolation=None)
    tox.read_string(FILES["tox.ini"])
    named = re.findall(r"([\d.]+): pytest --streamgauge-flink ([\d.]+) ", FILES["tox.ini"])

    assert named
    assert {(line, line) for line, _ in named} == set(named)
    assert {line for line, _ in named} <= set(versions.lines())
    assert f"flink-{{{','.join(line for line, _ in named)}}}" == tox["tox"]["env_list"]
    assert "STREAMGAUGE_*" in tox["testenv"]["pass_env"].split()
    assert f"streamgauge-{__version__}-py3-none-any.whl" in tox["testenv"]["deps"]


def test_every_setting_is_told():
    """Those that the code reads from the environment; a password of ours is none."""
    sources = [path.read_text(encoding="utf-8") for path in paths.PACKAGE.rglob("*.py")]
    read = {name for text in sources for name in re.findall(r'get\("(STREAMGAUGE_\w+)"', text)}
    told = set(re.findall(r"^\| `(STREAMGAUGE_\w+)` \|", TEXT, re.MULTILINE))

    assert read == told
    assert {"STREAMGAUGE_CACHE", "STREAMGAUGE_STATE"} <= read
