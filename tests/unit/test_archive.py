"""Archives of classes: made once, read when there, and never in the way."""

import os

import pytest

from streamgauge.runtimes import archive as archives
from streamgauge.runtimes.archive import Archive, archive


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """One of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def jcmd(tmp_path, monkeypatch):
    """Stands for what talks to a JVM: writes what it is told to."""
    script = tmp_path / "jcmd"
    script.write_text('#!/bin/sh\necho "$1 $2 $3" > "$4"\n')
    script.chmod(0o700)
    monkeypatch.setattr(archives, "_jcmd", lambda: script)
    monkeypatch.setattr(archives, "version", lambda _: 17)
    return script


def _second_of(main: str) -> Archive:
    """Its archive after the first JVM of a kind has ended."""
    kept = archive("a.jar:b.jar", main)
    assert [] == kept.options
    kept.keep(6)
    assert not kept.file.exists()
    return kept


def test_is_made_once(jcmd):
    """By the second; then it is read, and no JVM is asked again."""
    kept = _second_of("some.Main")
    assert ["-XX:+RecordDynamicDumpInfo"] == kept.options
    kept.keep(7)
    kept.keep(8)

    assert "7 VM.cds dynamic_dump\n" == kept.file.read_text()
    assert f"-XX:SharedArchiveFile={kept.file}" in kept.options
    assert {".jsa", ".once"} == {file.suffix for file in kept.file.parent.iterdir()}


def test_is_of_one_class_path_and_main_class(jcmd):
    """Java takes no other."""
    found = [archive(*of).file for of in (("a", "M"), ("b", "M"), ("a", "N"))]

    assert 3 == len(set(found))


@pytest.mark.parametrize("script", ["echo half > $4; exit 1", "echo half > $4; exec sleep 60"])
def test_what_cannot_be_written_is_left(jcmd, script, monkeypatch):
    """A JVM that does not answer holds nobody up, and the next one tries again."""
    jcmd.write_text(f"#!/bin/sh\n{script}\n")
    monkeypatch.setattr(archives, "_SECONDS", 0.2)
    kept = _second_of("some.Main")
    kept.keep(os.getpid())

    assert [".once"] == [file.suffix for file in kept.file.parent.iterdir()]


def test_an_old_java_has_none(jcmd, monkeypatch):
    """It would not start with what it does not know."""
    monkeypatch.setattr(archives, "version", lambda _: 11)
    kept = _second_of("some.Main")
    kept.keep(7)

    assert [] == kept.options
    assert not kept.file.exists()
