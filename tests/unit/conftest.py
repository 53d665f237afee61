"""The command line and a broker, for unit tests: in this process."""

import sys
from functools import cache
from pathlib import Path

import pytest
from confluent_kafka import Producer

from streamgauge import cli, paths
from streamgauge.cli import options
from streamgauge.discovery import discover
from streamgauge.services.endpoint import Endpoint

CHECKOUT = Path(__file__).resolve().parents[2]
# Looked for once, and not by each command.
_found = cache(discover)


@pytest.fixture
def address():
    """A broker in this process, with no JVM."""
    mock = Producer({"test.mock.num.brokers": 1, "log_level": 0})
    (one,) = mock.list_topics(timeout=10).brokers.values()
    yield Endpoint(one.host, one.port, "", "")
    mock.flush(0)


@pytest.fixture
def ours(monkeypatch):
    """A folder without scenarios has those of the checkout."""
    monkeypatch.setattr(paths, "scenarios", lambda: CHECKOUT / "jobs")


@pytest.fixture
def streamgauge(ours, tmp_path, monkeypatch, capsys):
    """The command line over our scenarios, in this process; gives code, output and error."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["streamgauge", *arguments])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        return (caught.value.code, *capsys.readouterr())

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os._exit", sys.exit)
    monkeypatch.setattr(options, "discover", _found)
    return call
