"""What Flink's processes are told by their variables."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from streamgauge.runtimes import home

ENVIRONMENT = SimpleNamespace(flink=Path("/flink"), packages=Path("/packages"))


@pytest.fixture(autouse=True)
def _java(monkeypatch):
    """Whatever there is."""
    monkeypatch.setattr(home, "java", lambda: Path("/jdk/bin/java"))
    monkeypatch.delenv("JDK_JAVA_OPTIONS", raising=False)


@pytest.mark.parametrize(
    ("folder", "told"),
    [
        ("/a b", "-Djava.io.tmpdir='/a b/tmp'"),
        ("/it's", '-Djava.io.tmpdir="/it\'s/tmp"'),
    ],
)
def test_jvms_have_a_temporary_folder_of_their_home(monkeypatch, folder, told):
    """After what the user says of his, of which the last holds."""
    assert told == home.variables(ENVIRONMENT, Path(folder))["JDK_JAVA_OPTIONS"]

    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-Xss2m")
    assert f"-Xss2m {told}" == home.variables(ENVIRONMENT, Path(folder))["JDK_JAVA_OPTIONS"]


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
    for name in ("no_proxy", "no_grpc_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    variables = home.variables(ENVIRONMENT, Path("/home"))

    assert told == variables["no_grpc_proxy"]
    assert "http://127.0.0.1:9" == variables["http_proxy"]
