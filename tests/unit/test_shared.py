"""Services that stay up: one holder a project, which starts again what has died."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import psutil
import pytest

from streamgauge import checkup
from streamgauge.errors import StreamgaugeError
from streamgauge.files import write_secret
from streamgauge.providers import held as holding
from streamgauge.providers import local, shared, sweep
from streamgauge.services.endpoint import Endpoint
from tests.unit.gone import assert_gone
from tests.unit.holders import SECONDS, parts, small_holders

# A holder whose only service is a small process that takes connections.
HOLDER = """\
import sys
from streamgauge.processes import Process, free_port, listening
from streamgauge.providers import held, holder, local
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service

def start(space):
    endpoint = Endpoint("127.0.0.1", free_port(), "ada", "secret")
    command = [sys.executable, "-m", "http.server", "-b", endpoint.host, str(endpoint.port)]
    process = Process("kafka", command, space)
    service = Service("kafka", endpoint, lambda at: listening(at.port), process)
    service.wait()
    return service

local.START = {"kafka": start}
held.LOCK_SECONDS = 0.5
holder.main()
"""


def listens(endpoint):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((endpoint.host, endpoint.port)) == 0


@pytest.fixture
def held(tmp_path, monkeypatch):
    """A folder where something holds services: gives a function that says where they are."""

    def told(text):
        shared.SERVICES.state_file.write_text(text)

    monkeypatch.chdir(tmp_path)
    shared.SERVICES.lock_file.parent.mkdir()
    with shared.SERVICES.lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield told


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder whose holders are small, and all end after the test."""
    monkeypatch.setattr(local, "ASK", {"kafka": listens})
    monkeypatch.setattr(sweep, "sweep", lambda _: None)
    with small_holders(HOLDER, tmp_path, monkeypatch, shared.down) as started:
        yield started


def test_two_ups_at_once_have_one_holder(project):
    """The second waits for the first, and uses its services; so does a third, later.

    What a killed holder left tells of nothing.
    """
    shared.SERVICES.state_file.parent.mkdir()
    shared.SERVICES.state_file.write_text("{")
    assert {} == shared.services()
    assert shared.Shared().service("kafka") is None
    assert not shared.down()
    with ThreadPoolExecutor() as pool:
        first, second = (pool.submit(shared.up) for _ in range(2))
        assert first.result() == second.result()
    late = holding.spawn("holder", (), subprocess.DEVNULL)

    assert 0 == late.wait(SECONDS)
    assert first.result() == shared.up() == shared.services()
    assert 1 == len([process for process in project if process.poll() is None])
    assert listens(shared.services()["kafka"].endpoint)


def test_dead_service_is_started_again(project):
    """At its place, by the holder; whoever needs it waits for it. `down` ends all."""
    before = shared.up()["kafka"]
    keeper, command = parts(project[0])
    command.kill()
    assert_gone([keeper])
    service = shared.Shared().service("kafka")

    assert before == service
    assert listens(service.endpoint)
    assert "kafka has died, and is started again" in shared.SERVICES.log_file.read_text()
    found = parts(project[0])
    assert shared.down()
    assert not shared.down()
    assert_gone(found)
    assert {} == shared.services()
    assert not shared.SERVICES.state_file.exists()


def test_killed_holder_leaves_nothing(project):
    """Its services end, and those who look see none."""
    shared.up()
    found = parts(project[0])
    project[0].kill()
    project[0].wait()

    assert {} == shared.services()
    assert_gone(found)


def test_holder_that_is_told_to_end_while_starting(project):
    """Ends, and all with it."""
    slow = "print('begun', flush=True); import time; time.sleep(1)"
    code = HOLDER.replace("service.wait()", slow)
    shared.SERVICES.state_file.parent.mkdir()
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert b"begun\n" == process.stdout.readline()
        found = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)

    assert 0 == process.returncode
    assert_gone(found)


def test_holder_that_cannot_start_is_told(project, monkeypatch):
    """With the end of its log."""
    monkeypatch.setattr(holding, "spawn", failing)

    with pytest.raises(StreamgaugeError, match=r"services did not start\. The log, .*\n +no Java"):
        shared.up()


def failing(module, arguments, output):
    return subprocess.Popen([sys.executable, "-c", "print('no Java')"], stdout=output)


def test_where_services_are_is_for_the_owner(tmp_path):
    """Whatever the umask lets others read: passwords are in it."""
    before = os.umask(0)
    try:
        write_secret(tmp_path / "new" / "services.json", "secret")
    finally:
        os.umask(before)

    assert 0o600 == (tmp_path / "new" / "services.json").stat().st_mode & 0o777


def test_state_says_all_of_an_endpoint(held):
    """Also how to log in, and where jobs see it."""
    endpoint = Endpoint("h", 1, "ada", "secret", {"sasl.mechanism": "PLAIN"}, "kafka:9")
    held(json.dumps({"kafka": asdict(endpoint)}))

    assert {"kafka": endpoint} == {name: s.endpoint for name, s in shared.services().items()}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"kafka": {}}', '{"kafka": null}', '{"what": {"host": "h"}}', "\x00"],
)
def test_damaged_state_is_told_in_one_line(held, text):
    """A run takes it for none."""
    held(text)

    with pytest.raises(StreamgaugeError, match=r"services\.json is damaged: .*down") as caught:
        shared.services()
    assert "\n" not in str(caught.value)
    assert shared.Shared().service("kafka") is None
    assert [("services", "bad", str(caught.value))] == states()


def test_services_that_are_starting_are_not_up_yet(held):
    """A run starts its own."""
    assert {} == shared.services()
    assert shared.Shared().service("kafka") is None


def test_doctor_tells_each_state(held, monkeypatch):
    """One that does not answer is not well."""
    assert [("services", "ok", "none up")] == states()
    held(json.dumps({"kafka": asdict(Endpoint("h", 1, "", ""))}))
    for answers, told in ((True, ("ok", "at h:1")), (False, ("bad", "at h:1 does not answer"))):
        monkeypatch.setattr(local, "ASK", {"kafka": lambda _, answers=answers: answers})
        assert [("service kafka", *told)] == states()


def states():
    return [(found.what, found.state, found.detail) for found in checkup._services()]
