"""Helpers for tests that run streamgauge as a user does: as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from streamgauge.errors import StreamgaugeError
from streamgauge.waiting import DeadlineError, wait_for

CHECKOUT = Path(__file__).resolve().parents[1]


class Cli:
    """`streamgauge` in a folder of its own, marked so that all descendants are known."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = uuid.uuid4().hex
        self.started: list[subprocess.Popen[str]] = []
        (folder / "jobs").symlink_to(CHECKOUT / "jobs")

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start it; standard output and error in one."""
        env = {**os.environ, "STREAMGAUGE_TEST_MARK": self.mark, **variables}
        process = subprocess.Popen(
            [sys.executable, "-m", "streamgauge", *arguments],
            cwd=self.folder,
            env={**env, "PYTHONPATH": str(CHECKOUT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str, **variables: str) -> tuple[int, str]:
        """Run it to its end: exit code and output."""
        process = self.start(*arguments, **variables)
        output, _ = process.communicate(timeout=300)
        return process.returncode, output

    def processes(self) -> list[psutil.Process]:
        """All processes, of whatever parent, that descend from ours and are not yet gone."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def left(self, seconds: float = 15) -> list[psutil.Process]:
        """What is not gone within the deadline: to end what a run started takes a moment."""
        try:
            return wait_for(self.processes, lambda left: not left, seconds, str)
        except DeadlineError as late:
            return list(late.seen)

    def assert_none_left(self, seconds: float = 15) -> None:
        """Every descendant is gone within the deadline."""
        assert [] == self.left(seconds)

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            ours = process.environ().get("STREAMGAUGE_TEST_MARK") == self.mark
        except psutil.Error:
            return False
        return ours and process.pid != os.getpid()


@pytest.fixture(scope="session")
def docker() -> str:
    """The version of a Docker engine; where there is none, why the tests are skipped."""
    from streamgauge.containers import engine  # noqa: PLC0415 - its clients cost

    try:
        return engine.version()
    except StreamgaugeError as error:
        pytest.skip(str(error))


def on_engine(run: str) -> list[str]:
    """The containers and networks of a run, by their names."""
    from streamgauge.containers import engine, owner  # noqa: PLC0415 - its clients cost

    with engine.client() as asked:
        ours = {"label": f"{owner._RUN}={run}"}
        found = [*asked.containers.list(all=True, filters=ours), *asked.networks.list(filters=ours)]
        return [each.name for each in found]


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[Cli]:
    """`streamgauge` in an empty folder; whatever the test left behind is ended, and is an error."""
    cli = Cli(tmp_path)
    # A shell that puts the tests in the background has them ignore it, and all they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield cli
    signal.signal(signal.SIGINT, before)
    left = cli.left()
    for process in left:
        process.kill()
    for process in cli.started:
        process.communicate(timeout=30)
    assert [] == left
