"""A service is told where those are that it needs; ours come after those left up."""

from types import SimpleNamespace

import pytest

from streamgauge.bindings import KINDS
from streamgauge.harness import Harness
from streamgauge.providers import local
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service


def at(host):
    return Endpoint(host, 1, "user", "password")


@pytest.fixture
def started(tmp_path, monkeypatch):
    """What is started, and with which addresses, where nothing has been left up."""
    calls = {}

    def start(name):
        def told(space, *needed):
            assert name not in calls
            calls[name] = [address.host for address in needed]
            return Service(name, at(name), lambda _: True)

        return told

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(local, "START", {name: start(name) for name in local.START})
    return calls


def test_service_is_told_what_it_needs(started):
    """In an order of its own; one that needs none is told nothing."""
    for name in ("connect", "metastore"):
        local.Local(SimpleNamespace(), at).service(name)

    assert {"connect": ["kafka", "mysql"], "metastore": []} == started


def test_dead_service_is_there_for_the_next_cell(started, monkeypatch):
    """Who asks for the service itself may have killed it, and gets it as it is."""
    revived = []
    monkeypatch.setattr(Service, "revive", lambda service: revived.append(service.name))
    harness = Harness(SimpleNamespace(zone="UTC"))
    harness.service("connect")
    assert [] == revived
    harness.services(["connect"])
    harness.close()

    assert ["connect"] == revived


def test_what_a_service_needs_is_started_once(started):
    """Whether it is asked for by itself as well, before or after."""
    harness = Harness(SimpleNamespace(zone="UTC"))
    asked = [harness.services(names) for names in (["kafka"], ["connect"], ["mysql", "connect"])]
    harness.close()

    assert [["kafka"], ["connect"], ["mysql", "connect"]] == [
        [address.host for address in found.values()] for found in asked
    ]
    assert {"kafka": [], "mysql": [], "connect": ["kafka", "mysql"]} == started


@pytest.mark.parametrize("name", local.START)
def test_needs_are_started_before(name):
    """`services up` starts all in this order, and asks for no address that is not on its way."""
    order = list(local.START)

    assert set(local.NEEDS.get(name, ())) <= set(order[: order.index(name)])


@pytest.mark.parametrize("kind", KINDS)
def test_binding_needs_services_that_can_be_started(kind):
    """A name that nothing starts would be found out by the first cell only."""
    assert set(KINDS[kind].services) <= set(local.START)
