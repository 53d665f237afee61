"""Where MySQL's system libraries come from when the system lacks them."""

import pytest

from streamgauge import paths
from streamgauge.errors import StreamgaugeError
from streamgauge.services import mysql_server


@pytest.fixture
def system(tmp_path, monkeypatch):
    """Gives a function that makes the only system tools there are: `ldd` and `ldconfig`."""
    monkeypatch.setenv("STREAMGAUGE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(mysql_server.platform, "system", lambda: "Linux")

    def says(**output):
        for name, text in output.items():
            script = tmp_path / name
            script.write_text(f"#!/bin/sh\necho '{text}'\n")
            script.chmod(0o755)

    return says


def test_nothing_is_brought_where_nothing_lacks(system):
    """A system that has the libraries is left alone."""
    system(ldd="libaio.so.1 => /lib/libaio.so.1 (0x1)")

    assert mysql_server._libraries("mysqld") is None


def test_a_library_by_another_name_is_found(system, tmp_path):
    """Ubuntu 24.04's libaio.so.1t64 serves as libaio.so.1."""
    system(
        ldd="libaio.so.1 => not found",
        ldconfig=f"libaio.so.1t64 (libc6,x86-64) => {tmp_path}/libaio.so.1t64",
    )
    (tmp_path / "libaio.so.1t64").touch()

    link = mysql_server._libraries("mysqld") / "libaio.so.1"

    assert (tmp_path / "libaio.so.1t64").resolve() == link.resolve()


def test_a_library_that_cannot_be_had_is_told_with_its_package(system):
    """One clear line names the library and the package that has it."""
    system(ldd="libaio.so.1 => not found", ldconfig="nothing")

    with pytest.raises(StreamgaugeError) as error:
        mysql_server._libraries("mysqld")

    assert str(error.value) == (
        "MySQL needs the system library libaio.so.1: install libaio1 or libaio1t64"
    )
    assert not list((paths.cache() / "packages").glob("libaio*"))
