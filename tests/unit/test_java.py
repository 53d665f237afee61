"""Which Java is used, and what is said where none is."""

import pytest

from streamgauge.errors import StreamgaugeError
from streamgauge.runtimes import java


@pytest.fixture
def only(tmp_path, monkeypatch):
    """Gives a function that leaves this machine with one `java`, of a version."""
    monkeypatch.setattr(java, "_SYSTEM", ())
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("STREAMGAUGE_CACHE", str(tmp_path / "cache"))
    # Nothing can be brought either.
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    java.java.cache_clear()

    def install(version):
        script = tmp_path / "bin" / "java"
        script.parent.mkdir()
        script.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
        monkeypatch.setattr(java.shutil, "which", lambda _: str(script))
        return script

    yield install
    java.java.cache_clear()


@pytest.mark.parametrize("version", ["11.0.2", "17.0.15", "21"])
def test_a_fitting_java_is_used(only, version):
    """Java 11 to 21 serves every line."""
    assert only(version) == java.java()


@pytest.mark.parametrize(("version", "told"), [("1.8.0_292", "Java 8"), ("25.0.1", "Java 25")])
def test_too_old_or_too_new_is_told(only, version, told):
    """Where no Java fits and none can be brought, the error says what was found, and why not."""
    script = only(version)

    with pytest.raises(StreamgaugeError) as error:
        java.java()

    assert f"{script} is {told}" in str(error.value)
    assert ">=11" in str(error.value)
    assert "uv pip install failed" in str(error.value)


def test_no_java_is_told(only, monkeypatch):
    """Where there is no Java at all, the error says so."""
    monkeypatch.setattr(java.shutil, "which", lambda _: None)

    with pytest.raises(StreamgaugeError, match="found: none"):
        java.java()
