"""The worker is started as it is told, wherever it lies and whatever its variables hold."""

import sys

import execnet
import pytest

from streamgauge.worker.gateway import started_by

OPTIONS = "-Durl=http://host:1/a//b -Dname=value"


@pytest.fixture
def group():
    group = execnet.Group()
    yield group
    group.terminate(timeout=1)


def test_variables_arrive_whole(group, tmp_path):
    """With `//` in them, and where the interpreter's path has a space and a `//`."""
    (tmp_path / "a b").mkdir()
    python = tmp_path / "a b" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    path = str(python).replace("a b/", "a b//")

    gateway = group.makegateway(started_by([path, "-s"], {"JAVA_TOOL_OPTIONS": OPTIONS}))
    channel = gateway.remote_exec("import os; channel.send(os.environ['JAVA_TOOL_OPTIONS'])")

    assert OPTIONS == channel.receive(timeout=10)
