"""What Flink's processes are told by their variables."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from streamgauge.runtimes import home

ENVIRONMENT = SimpleNamespace(flink=Path("/flink"), packages=Path("/packages"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "localhost,127.0.0.1"),
        ({"no_proxy": "intern"}, "intern,localhost,127.0.0.1"),
        ({"no_proxy": "intern", "no_grpc_proxy": "a,b"}, "a,b,localhost,127.0.0.1"),
    ],
)
def test_python_workers_talk_to_flink_without_the_proxy(monkeypatch, given, told):
    """The user's functions have it all the same."""
    monkeypatch.setattr(home, "java", lambda: Path("/jdk/bin/java"))
    for name in ("no_proxy", "no_grpc_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    variables = home.variables(ENVIRONMENT, Path("/home"))

    assert told == variables["no_grpc_proxy"]
    assert "http://127.0.0.1:9" == variables["http_proxy"]
