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


@pytest.fixture
def joined(monkeypatch, tmp_path):
    """Joins a fake cluster, and keeps what its worker was started with."""
    started = []
    monkeypatch.setattr(engine.homes, "make", lambda *_: "home")
    monkeypatch.setattr(engine.homes, "configure", lambda *_: None)
    monkeypatch.setattr(engine, "Gateway", lambda *args: started.append(args))
    monkeypatch.setattr(engine, "Worker", lambda *args: started.append(args))
    access = SimpleNamespace(variables=lambda: {"LOGIN": "us"}, trust=lambda _: {"store": "s"})
    rest = SimpleNamespace(named=dict)
    cluster = SimpleNamespace(access=access, name="remote", flink="9.0.1", java="11", rest=rest)
    runtime = SimpleNamespace(environment="environment", python="3.11.7")
    space = SimpleNamespace(data=tmp_path, zone="UTC")
    return engine.join(space, runtime, cluster, "sg_1"), started


def test_a_worker_for_a_cluster_of_somebody_s_own(joined):
    """It is logged in, and trusts what it was told to, of which no record knows."""
    _, (gateway, worker) = joined

    assert {"LOGIN": "us"} == gateway[-1]
    assert {"store": "s"} == worker[-1]


def test_a_record_tells_the_release_and_java_of_the_cluster(joined):
    """Not ours."""
    made, _ = joined

    assert ("remote", "9.0.1", "3.11.7", "11") == made.about
