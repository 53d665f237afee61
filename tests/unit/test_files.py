"""Addresses of files as Flink reads them."""

from pathlib import Path

import pytest

from streamgauge.files import located, uri


@pytest.mark.parametrize("path", ["/a b/Größe 1", "/100%/a%20b", "/a?b#c", "/plain"])
def test_nothing_in_an_address_is_encoded(path):
    """And a path comes back from its address, however many slashes that has."""
    assert f"file://{path}" == uri(Path(path))
    assert Path(path) == located(uri(Path(path))) == located(f"file:{path}")
