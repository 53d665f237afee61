"""The image of a cluster in containers, as the engine is given it."""

import zipfile

from streamgauge.clusters import layered


def test_python_is_anybody_s_to_run(tmp_path, monkeypatch):
    """Who runs Flink there is not root; a prefix goes before the image below as well."""
    archive, to = tmp_path / "python.zip", tmp_path / "image"
    to.mkdir()
    with zipfile.ZipFile(archive, "w") as packed:
        for name, mode in (
            ("bin/python", 0o100700),
            ("lib/python3.11/site-packages/a.py", 0o100600),
        ):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            packed.writestr(entry, "")
    monkeypatch.setattr(layered.images, "whole", "here.example/{}".format)
    layered._lay(to, "flink:1.20", archive)

    modes = {p.name: p.stat().st_mode & 0o777 for p in (to / "python").rglob("*") if p.is_file()}
    assert {"python": 0o755, "a.py": 0o644} == modes
    told = (to / "Dockerfile").read_text().splitlines()
    assert "FROM here.example/flink:1.20" == told[0]
    assert "ENV PYTHONPATH=/opt/streamgauge/python/lib/python3.11/site-packages" in told
    assert {"Dockerfile", "python", "shared", "lib"} == {path.name for path in to.iterdir()}
