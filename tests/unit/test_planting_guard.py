"""What eats memory is ended, and what does not is left alone."""

import signal
import subprocess
import sys

import pytest

from streamgauge.planting.guard import guarded

EATING = "held = bytearray(b'x') * (300 * 2**20); print('ready', flush=True); input()"
MODEST = "print('ready', flush=True); input()"
# So that the process is no child of ours, but of one.
BETWEEN = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {EATING!r}]))"
MOST = 200 * 2**20
SECONDS = 30


@pytest.fixture
def started():
    """A Python process that has all the memory that it wants."""
    every = []

    def started(code):
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, text=True)
        every.append(process)
        assert "ready\n" == process.stdout.readline()
        return process

    yield started
    for process in every:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("code", [EATING, BETWEEN])
def test_what_eats_memory_is_ended(code, started):
    """A child, and a child's child; what is modest goes on."""
    modest, eating = started(MODEST), started(code)
    with guarded(MOST):
        ended = eating.wait(SECONDS)

    assert signal.SIGKILL in (-ended, 256 - ended)
    assert modest.poll() is None
