"""The services: on loopback, with a password nobody tells, and clear when they do not start."""

import json
import re
import socket
from dataclasses import replace

import psutil
import pytest

from streamgauge.processes import StartError
from streamgauge.services import kafka, local, mysql
from streamgauge.workspace import workspace

START = {"kafka": kafka, "mysql": mysql}
LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")


@pytest.mark.parametrize("name", START)
def test_a_taken_port_is_told_with_the_log(name, tmp_path, monkeypatch):
    """A service whose port is taken quotes its last log lines and the log's path."""
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken, workspace() as space:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(StartError) as error:
            START[name].start(space, port=taken.getsockname()[1])

    assert re.search(r"address already in use|already in use", str(error.value), re.IGNORECASE)
    assert f"{name}.log" in str(error.value)


@pytest.mark.parametrize("name", START)
def test_a_wrong_password_does_not_get_in(name, streamgauge_harness):
    """Services let nobody in but with this run's password."""
    address = streamgauge_harness.services([name])[name]

    assert START[name].answers(address)
    assert not START[name].answers(replace(address, password="wrong"))
    assert address.password not in repr(address)


def test_all_that_listens_is_on_loopback(flink):
    """All services and the cluster listen on the loopback interface only."""
    flink.harness.services(local.START)
    flink.harness.engine(flink.line)
    addresses = {
        connection.laddr.ip
        for process in psutil.Process().children(recursive=True)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }

    assert addresses
    assert addresses <= set(LOOPBACK)


def test_passwords_are_nowhere_to_be_read(flink, scenario, tmp_path):
    """After a run no log and no record has a password in it."""
    present = [b for b in scenario.bindings if b != "files"]
    inputs = scenario.sample(seed=flink.seed, rows=60)
    record = flink.run(scenario, "sql", "streaming", present[0], inputs).record
    assert record.verdict == "pass", record.reason
    passwords = [a.password for a in flink.harness.services(START).values()]
    texts = [log.read_text(errors="replace") for log in flink.harness.space.logs.iterdir()]

    assert len(texts) > 4
    assert not [
        text for text in [*texts, json.dumps(record.__dict__)] for p in passwords if p in text
    ]


def test_services_stay_up_between_runs(cli):
    """`services up` leaves them up, a run uses them, `status` tells them, `down` ends them."""
    assert cli.run("services", "status")[0] == 1
    code, output = cli.run("services", "up")
    assert code == 0, output
    try:
        code, output = cli.run("services", "status")
        assert (0, True) == (code, "mysql" in output), output
        code, output = cli.run("run", "word_count", "--dialect", "sql", "--binding", "kafka")
        assert code == 0, output
        assert "starting kafka" not in output
        code, output = cli.run("generate", "word_count", "--rows", "10", "--topic", "words")
        assert code == 0, output
    finally:
        assert cli.run("services", "down")[0] == 0
    cli.assert_none_left()
    assert cli.run("services", "status")[0] == 1
