"""How long a user waits: for a run, for services, for a cluster, for a cell.

    sh run.sh tox -e bench

Prints pytest-benchmark's table. A cell whose answer is wrong has no time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import psutil
import pytest

from streamgauge import versions
from streamgauge.bindings import KINDS
from streamgauge.clusters import session
from streamgauge.discovery import discover
from streamgauge.providers.local import Local
from streamgauge.runtimes import runtime
from streamgauge.services.service import Service
from streamgauge.workspace import workspace

CHECKOUT = Path(__file__).resolve().parents[1]
CELLS = [
    (dialect, mode, binding)
    for binding in ("files", "kafka")
    for mode in ("batch", "streaming")
    for dialect in ("sql", "table", "datastream", "process")
]


@pytest.fixture(params=["empty caches", "warm"])
def clone(request, tmp_path):
    """A clone with a home of its own; `warm` has run once."""
    subprocess.run(["git", "clone", "--quiet", CHECKOUT, tmp_path / "clone"], check=True)
    if request.param == "warm":
        main_job(tmp_path)
    return tmp_path


def main_job(folder: Path) -> None:
    """`sh run.sh`, as on a machine that knows nothing of us yet."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    caches = {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")}
    subprocess.run(["sh", "run.sh"], cwd=folder / "clone", env={**os.environ, **caches}, check=True)


@pytest.mark.long
def test_main_job(benchmark, clone):
    """The whole of `sh run.sh`."""
    benchmark.pedantic(main_job, args=[clone], rounds=1)
    shutil.rmtree(clone)


def test_services_up(benchmark, space):
    """Kafka and MySQL side by side, until both answer."""

    def no_needs(name: str) -> NoReturn:
        raise AssertionError(name)

    def start(name: str) -> Service:
        return Local(space(), no_needs).service(name)

    def up() -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(start, ("kafka", "mysql")))

    benchmark.pedantic(up, rounds=3)


def test_session_cluster_up(benchmark, space):
    """JobManager and TaskManager side by side, until the slots are there; and their memory."""
    line = versions.line(versions.default_line())
    made = runtime.install(line, {name for kind in KINDS.values() for name in kind.connectors})
    clusters = []

    def up() -> None:
        clusters.append(session.launch(space(), made))
        clusters[-1].wait()
        clusters[-1].rest.close()

    benchmark.pedantic(up, rounds=3)
    benchmark.extra_info["resident MiB"] = [resident(p) for p in clusters[-1].parts.values()]


@pytest.mark.parametrize(("dialect", "mode", "binding"), CELLS)
def test_cell(benchmark, flink, word_count, dialect, mode, binding):
    """One small cell on a cluster that has run such a cell before."""

    def cell() -> None:
        outcome = flink.run(word_count, dialect, mode, binding, word_count.sample(flink.seed))
        assert "pass" == outcome.record.verdict, outcome.record.reason

    benchmark.pedantic(cell, rounds=3, warmup_rounds=2)
    memory = [
        resident(process) for process in flink.harness.engine(flink.line).cluster.parts.values()
    ]
    benchmark.extra_info["resident MiB"] = memory


@pytest.fixture
def space():
    """Gives new workspaces, all ended after the benchmark."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(workspace())


@pytest.fixture(scope="session")
def word_count():
    """The scenario of the cells."""
    return discover()["word_count"]


def resident(process) -> int:
    """Resident memory of a kept process and its descendants, in MiB."""
    members = psutil.Process(process.pid).children(recursive=True)
    return sum(member.memory_info().rss for member in members) >> 20
