"""Addresses of files as Flink reads them, and folders that are made once."""

from pathlib import Path

import pytest

from streamgauge.files import located, make_or_copy, short_name, uri


@pytest.mark.parametrize("path", ["/a b/Größe 1", "/100%/a%20b", "/a?b#c", "/plain"])
def test_nothing_in_an_address_is_encoded(path):
    """And a path comes back from its address, however many slashes that has."""
    assert f"file://{path}" == uri(Path(path))
    assert Path(path) == located(uri(Path(path))) == located(f"file:{path}")


def test_a_folder_is_made_once_and_copied_from_then_on(tmp_path):
    """With who may read what; and what becomes of one is nothing to the others."""
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    made = []

    def make():
        first.mkdir()
        (first / "secret").touch(0o600)
        made.append(first)

    make_or_copy(first, tmp_path / "cache" / "kept", make)
    for copy in (second, third):
        make_or_copy(copy, tmp_path / "cache" / "kept", make)
        (copy / "secret").write_text("changed")

    assert [first] == made
    assert 0o600 == (third / "secret").stat().st_mode & 0o777
    assert [""] == [path.read_text() for path in (tmp_path / "cache" / "kept").iterdir()]


def test_what_cannot_be_made_is_not_kept(tmp_path):
    """The next one makes it."""

    def fail():
        (tmp_path / "data").mkdir()
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        make_or_copy(tmp_path / "data", tmp_path / "kept", fail)
    assert not (tmp_path / "kept").exists()


def test_a_short_name_is_of_all_texts():
    """Where one ends matters too."""
    names = [short_name("a", "b"), short_name("ab"), short_name("a", "c"), short_name("a", "b")]

    assert 3 == len(set(names))
    assert names[0] == names[3]
