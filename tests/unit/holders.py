"""Holders whose engine or services are small, and what is looked at of their processes."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psutil

from streamgauge.providers import held

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS = 20


@contextmanager
def small_holders(program, folder, monkeypatch, down):
    """The holders that were started in a project's folder, which end after it with all they hold.

    Each runs the program, with its arguments, in the place of the module that it would.
    """
    started = []

    def spawn(_, arguments, output):
        command = [sys.executable, "-c", program, *arguments]
        started.append(subprocess.Popen(command, stdout=output, stderr=output))
        return started[-1]

    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    monkeypatch.setattr(held, "spawn", spawn)
    yield started
    down()
    for process in started:
        process.wait(SECONDS)


def parts(holder):
    """A keeper, and the command that it keeps."""
    found = psutil.Process(holder.pid).children(recursive=True)
    assert len(found) == 2
    return found
