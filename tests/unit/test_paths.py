"""Where a project's things lie can be chosen."""

from streamgauge import paths


def test_state_is_in_the_working_folder(tmp_path, monkeypatch):
    """Unless it is chosen."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STREAMGAUGE_STATE", raising=False)
    assert tmp_path / ".streamgauge" == paths.state()
    monkeypatch.setenv("STREAMGAUGE_STATE", "")
    assert tmp_path / ".streamgauge" == paths.state()


def test_state_can_be_chosen(tmp_path, monkeypatch):
    """Where it is no whole path, it is one of the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STREAMGAUGE_STATE", "here")
    assert tmp_path / "here" == paths.state()
    monkeypatch.setenv("STREAMGAUGE_STATE", str(tmp_path / "there"))
    assert tmp_path / "there" == paths.state()
