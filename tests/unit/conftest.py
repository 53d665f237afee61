"""The command line, for unit tests: in this process."""

import sys
from functools import cache

import pytest

from streamgauge import cli
from streamgauge.cli import options
from streamgauge.discovery import discover

# Looked for once, and not by each command.
_found = cache(discover)


@pytest.fixture
def streamgauge(tmp_path, monkeypatch, capsys):
    """The command line, in this process; gives exit code, standard output and error."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["streamgauge", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        return (caught.value.code, *capsys.readouterr())

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os._exit", sys.exit)
    monkeypatch.setattr(options, "discover", _found)
    return call
