"""A service can be killed, paused and started again, with all that its command started."""

import socket
import subprocess
import sys
from contextlib import suppress

import psutil
import pytest

from streamgauge.errors import StreamgaugeError
from streamgauge.processes import Process, StartError, free_port
from streamgauge.providers import shared
from streamgauge.services import service as services
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.waiting import wait_for
from streamgauge.workspace import workspace
from tests.unit.gone import assert_gone

SECONDS = 10
# Answers each connection with how often it was started over its data; has a child, as Flink has.
SERVER = """\
import pathlib, socketserver, subprocess, sys

starts = pathlib.Path("starts")
starts.write_text(str(int(starts.read_text()) + 1 if starts.exists() else 1))
subprocess.Popen(["sleep", "600"])

class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(starts.read_bytes())

socketserver.ThreadingTCPServer.allow_reuse_address = True
with socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Handler) as server:
    print("up", flush=True)
    server.serve_forever()
"""


def told(endpoint):
    """What the server says; empty where it says nothing soon."""
    with suppress(OSError), socket.create_connection((endpoint.host, endpoint.port), 0.2) as there:
        return there.recv(10).decode()
    return ""


@pytest.fixture
def service(tmp_path, monkeypatch):
    """A service that answers."""
    monkeypatch.chdir(tmp_path)
    with workspace() as space:
        endpoint = Endpoint("127.0.0.1", free_port(), "", "")
        command = [sys.executable, "-c", SERVER, str(endpoint.port)]
        process = Process("server", command, space)
        service = Service("server", endpoint, lambda at: bool(told(at)), process)
        service.wait()
        yield service


def tree(service):
    """The command and what it started."""
    found = psutil.Process(service.process.pid).children(recursive=True)
    assert 2 == len(found)
    return found


def test_killed_service_is_gone_whole(service):
    """And does not come again by itself."""
    found = tree(service)
    service.kill()

    assert_gone(found)
    assert not service.alive
    assert not service.answers()
    service.kill()


def test_restarted_service_has_its_port_and_its_data(service):
    """Whether it was dead or alive."""
    assert "1" == told(service.endpoint)
    service.kill()
    service.restart()
    assert (True, "2") == (service.alive, told(service.endpoint))
    before = tree(service)
    service.restart()

    assert "3" == told(service.endpoint)
    assert_gone(before)
    assert 3 == service.process.log.read_text().count("up\n")


def _all_stopped(states):
    """A signal takes its time on a busy machine."""
    return states == {psutil.STATUS_STOPPED}


def test_paused_service_lives_and_is_silent(service):
    """It takes connections and says nothing, with all its children; afterwards it goes on."""
    found = tree(service)
    service.pause()

    wait_for(lambda: {process.status() for process in found}, _all_stopped, SECONDS, str)
    assert service.alive
    assert not service.answers()
    service.resume()
    wait_for(service.answers, bool, SECONDS, str)
    assert psutil.STATUS_STOPPED not in {process.status() for process in found}


@pytest.mark.parametrize("end", ["kill", "restart"])
def test_paused_service_can_be_ended(service, end):
    """A stopped process takes no signal but SIGKILL and SIGCONT."""
    found = tree(service)
    service.pause()
    getattr(service, end)()

    assert_gone(found)
    assert service.answers() == (end == "restart")


def test_end_of_the_run_ends_a_restarted_service(tmp_path, monkeypatch):
    """However often it was started."""
    monkeypatch.chdir(tmp_path)
    with workspace() as space:
        process = Process("server", ["sleep", "600"], space)
        process.restart()
        keeper = psutil.Process(process.pid)
        found = wait_for(keeper.children, bool, SECONDS, str)

    assert_gone(found)


def test_orphans_leave_no_zombie(tmp_path, monkeypatch):
    """Of the workers that Flink starts for a run there may be hundreds."""
    monkeypatch.chdir(tmp_path)
    told = tmp_path / "pid"
    orphan = f"(sh -c 'echo $$ > {told}' &); exec sleep 600"
    with workspace() as space:
        Process("server", ["sh", "-c", orphan], space).restart()
        pid = int(wait_for(lambda: told.exists() and told.read_text(), bool, SECONDS, str))

        wait_for(lambda: psutil.pid_exists(pid), lambda there: not there, SECONDS, str)


def test_keeper_may_be_the_second_to_wait():
    """Its thread that ends all with the run waits for the command too, and may be the first."""
    code = """\
import os, subprocess
from streamgauge import keeper
command = subprocess.Popen(["true"])
os.waitpid(command.pid, 0)
print(keeper._exit_code(command))
"""
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert ("0\n", "") == (found.stdout, found.stderr)


def test_service_that_does_not_start_again_is_told(service):
    """With its log."""
    service.kill()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", service.endpoint.port))
        taken.listen()
        with pytest.raises(StartError, match="Address already in use"):
            service.restart()


def test_dead_service_is_there_again_when_it_is_needed(service, caplog):
    """One that lives is left alone."""
    service.revive()
    assert ("1", []) == (told(service.endpoint), caplog.messages)
    service.kill()
    service.revive()

    assert ("2", ["server has died, and is started again"]) == (
        told(service.endpoint),
        caplog.messages,
    )


def test_what_others_hold_is_waited_for(monkeypatch):
    """Its holder starts it again; one that does not come is told."""
    answers = iter([False, False, True])
    Service("kafka", Endpoint("h", 1, "", ""), lambda _: next(answers)).revive()
    assert [] == list(answers)
    monkeypatch.setattr(services, "START_SECONDS", 0.01)

    with pytest.raises(StreamgaugeError, match="kafka at h:1 does not answer"):
        Service("kafka", Endpoint("h", 1, "", ""), lambda _: False).revive()


@pytest.mark.parametrize("act", ["kill", "pause", "resume", "restart"])
def test_what_others_use_is_not_broken(act):
    """Whoever ran `services up` has other runs too."""
    service = Service("kafka", Endpoint("127.0.0.1", 9092, "", ""), lambda _: True)

    assert service.answers()
    with pytest.raises(StreamgaugeError, match=r"kafka at 127\.0\.0\.1:9092 is not this run's own"):
        getattr(service, act)()


def test_shared_services_are_given_where_they_are_up(monkeypatch):
    """And no others."""
    assert shared.Shared().service("mysql") is None
