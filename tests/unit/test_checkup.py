"""What `doctor` finds is what a run would run into."""

import pytest

from streamgauge import checkup


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache that is not there yet."""
    monkeypatch.setenv("STREAMGAUGE_CACHE", str(tmp_path / "new" / "cache"))
    return tmp_path / "new"


def test_cache_that_will_be_made_is_well(cache):
    """Its disk is that of the folder that is there; looking makes nothing."""
    found = checkup._disk()

    assert "ok" == found.state
    assert found.detail.endswith(" GiB free, 3 GiB needed")
    assert not cache.exists()


def test_cache_that_cannot_be_written_is_told(cache):
    """A file is where a folder has to be: no disk is full."""
    cache.touch()
    found = checkup._disk()

    assert "bad" == found.state
    assert f"the cache, {cache}/cache, cannot be written: Not a directory" == found.detail


@pytest.mark.parametrize("chosen", [None, "there"])
def test_state_that_cannot_be_written_is_told(tmp_path, monkeypatch, chosen):
    """With the way out; what is up cannot be told then, and is no trouble."""
    state = tmp_path / (chosen or ".streamgauge")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STREAMGAUGE_STATE", chosen or "")
    assert checkup.Finding("state", "ok", str(state)) == checkup._state()
    assert not state.exists()
    state.touch()
    found = checkup._state()

    assert "bad" == found.state
    assert f"{state} cannot be written: Not a directory; STREAMGAUGE_STATE" in found.detail
    assert ["none up"] == [service.detail for service in checkup._services()]
