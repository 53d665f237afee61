"""An engine is up whole, or not at all."""

from types import SimpleNamespace

import pytest

from streamgauge import engine
from streamgauge.processes import StartError


def test_a_cluster_that_does_not_come_up_leaves_nothing_behind(monkeypatch):
    """Neither the part of it that did, nor its worker."""
    ended = []

    def fail():
        raise StartError("taskmanager ended while starting")

    cluster = SimpleNamespace(
        home="home",
        wait=fail,
        rest=SimpleNamespace(close=lambda: ended.append("connections")),
        stop=lambda: ended.append("cluster"),
    )
    worker = SimpleNamespace(close=lambda: ended.append("worker"))
    monkeypatch.setattr(engine.session, "launch", lambda *_, **__: cluster)
    monkeypatch.setattr(engine, "Gateway", lambda *_: None)
    monkeypatch.setattr(engine, "Worker", lambda _: worker)
    runtime = SimpleNamespace(line=SimpleNamespace(flink="9.0.2"), environment=None)

    with pytest.raises(StartError):
        engine.start(None, runtime)
    assert ["worker", "connections", "cluster"] == ended
