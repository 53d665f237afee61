"""Services in containers: the same answers, as much to be broken, and nothing of them is left.

Without a Docker engine these tests are skipped.
"""

import json
import re
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import psutil
import pytest

from streamgauge import checkup, paths, versions
from streamgauge.attachments.broker import create_topics
from streamgauge.containers import engine
from streamgauge.discovery import discover
from streamgauge.errors import StreamgaugeError
from streamgauge.harness import Harness
from streamgauge.processes import in_utc
from streamgauge.providers.chosen import CONTAINERS
from streamgauge.providers.containers import Containers
from streamgauge.services import kafka, mysql
from streamgauge.services.endpoint import Endpoint
from streamgauge.testing import Flink, assert_matches
from streamgauge.waiting import wait_for
from streamgauge.workspace import workspace
from tests.conftest import on_engine as left
from tests.interrupting import interrupted

pytestmark = pytest.mark.usefixtures("docker")
ANSWERS = {"kafka": kafka.answers, "mysql": mysql.answers}
CELLS = (
    ("word_count", "kafka"),
    ("click_top10", "kafka"),
    ("orders_cdc", "cdc"),
    pytest.param("orders_cdc", "debezium", marks=pytest.mark.every_container),
    pytest.param("log_sync", "hive", marks=pytest.mark.every_container),
)
SECONDS = 30
# A run that is killed while it has a container up.
RUN = """\
import signal
from streamgauge.providers.containers import Containers
from streamgauge.workspace import workspace

with workspace() as space:
    service = Containers(space, {}.get).service("mysql")
    print(space.id, flush=True)
    signal.pause()
"""


@pytest.fixture(scope="module")
def harness(docker, tmp_path_factory):
    """One whose services are containers; its cluster is ours, outside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("containers"))
        with in_utc(), workspace() as space:
            harness = Harness(space, provider=CONTAINERS)
            yield harness
            harness.close()
            begun = harness._services.values()
            services = [each.result() for each in begun if not each.exception()]
    assert [] == left(space.id)
    told = "".join(log.read_text(errors="replace") for log in space.logs.iterdir())
    secret = [each for each in services if each.endpoint.password]
    assert [] == [each.name for each in secret if each.endpoint.password in told]


@pytest.mark.parametrize(("scenario", "binding"), CELLS)
def test_answers_are_the_same(scenario, binding, harness, request):
    """Over a broker and a server in containers, by jobs that run outside."""
    (line,) = versions.chosen(request.config.getoption("--streamgauge-flink"))
    if binding in line.absent:
        pytest.skip(line.absent[binding])
    found = discover(paths.PACKAGE.parent / "jobs")[scenario]
    inputs = found.sample(seed=0)
    outcome = Flink(harness, line, 0).run(found, "sql", "streaming", binding, inputs)

    assert_matches(found.expected(inputs, "streaming"), outcome)
    assert CONTAINERS == outcome.record.provider


@pytest.mark.every_container
@pytest.mark.parametrize(
    ("whole", "role", "way", "told"),
    [
        (False, "kafka", "kill", "has ended, exit code 137"),
        (False, "kafka", "remove", "was removed"),
        (True, "jobmanager-1", "remove", "was removed"),
        (True, "taskmanager-1", "remove", "was removed"),
    ],
)
def test_container_that_ends_is_why(whole, role, way, told, docker, tmp_path, monkeypatch):
    """The cell tells of it in its first line; the next one has a cluster that is whole."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("streamgauge.attachments.broker.SECONDS", 3)
    words = discover(paths.PACKAGE.parent / "jobs")["word_count"]
    cell = (words, "sql", "streaming", "kafka", words.sample(seed=0))
    with (
        in_utc(),
        workspace() as space,
        closing(Harness(space, provider=CONTAINERS, whole=whole)) as harness,
    ):
        flink = Flink(harness, versions.line("1.20"), 0)
        name = f"streamgauge-{space.id}-{role}"
        ends = {"kill": killed, "remove": removed}[way]
        lost = flink.run(*cell, lifecycle=interrupted(lambda: ends(name))).record
        following = flink.run(*cell).record if whole else None

    first, *_ = lost.reason.splitlines()
    assert "unknown" == lost.verdict
    assert re.match(rf"container {name} of image \S+ {told}", first), lost.reason
    assert following is None or ("pass", "") == (following.verdict, following.reason)
    assert [] == left(space.id)


def killed(name):
    """As an engine that runs out of memory does."""
    with engine.client() as asked:
        asked.containers.get(name).kill()


def removed(name):
    """By whoever has the engine."""
    with engine.client() as asked:
        asked.containers.get(name).remove(force=True, v=True)


@pytest.mark.parametrize("name", ANSWERS)
def test_nobody_else_gets_in(name, harness):
    """On loopback alone, and with this run's password."""
    address = harness.services([name])[name]
    listening = {
        found.laddr.ip
        for found in psutil.net_connections("tcp")
        if found.status == psutil.CONN_LISTEN and found.laddr.port == address.port
    }

    assert {"127.0.0.1"} == listening
    assert ANSWERS[name](address)
    assert not ANSWERS[name](replace(address, password="wrong"))
    assert address.password not in repr(harness.service(name))


@pytest.fixture
def containers(tmp_path, monkeypatch, docker):
    """A provider whose services nobody else uses."""
    monkeypatch.chdir(tmp_path)
    with workspace() as space:
        yield Containers(space, {}.get)
    assert [] == left(space.id)


@pytest.mark.every_container
def test_killed_broker_has_its_topics_again(containers):
    """It comes up at its port over its data; paused, it is silent; removed, it comes up empty."""
    service = containers.service("kafka")
    create_topics(service.endpoint, {"kept": 1})
    service.pause()
    assert (True, False) == (service.alive, service.answers())
    service.resume()
    wait_for(service.answers, bool, SECONDS, str)
    service.kill()
    assert (False, False) == (service.alive, service.answers())
    service.revive()
    assert "kept" in kafka.topics(service.endpoint)
    removed(service.process._recipe.name)
    assert not service.alive
    service.revive()
    assert "kept" not in kafka.topics(service.endpoint)


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ("streamgauge/no-such-image:1", "image streamgauge/no-such-image:1 is not here and cannot"),
        ("mysql:8.0", r"mysql:8.0 has ended, exit code 1\. Its log, .*kafka\.log, ends"),
    ],
)
def test_image_that_does_not_serve_is_told(image, told, containers, monkeypatch):
    """One that is nowhere, with the way to another; one that lacks the broker, with its log."""
    monkeypatch.setenv("STREAMGAUGE_IMAGE_KAFKA", image)
    with pytest.raises(StreamgaugeError, match=told):
        containers.service("kafka")


def test_doctor_tells_of_the_engine(docker):
    """Which, and where."""
    found = checkup._containers()

    assert ("ok", f"Docker {docker} at {engine.address()}") == (found.state, found.detail)


def test_killed_run_leaves_no_container(tmp_path, docker):
    """Somebody waits for its end, whatever that is, and removes what it had."""
    run = subprocess.Popen(
        [sys.executable, "-c", RUN], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    with run:
        name = run.stdout.readline().strip()
        assert 2 == len(left(name))
        run.send_signal(signal.SIGKILL)

    wait_for(lambda: left(name), lambda there: not there, SECONDS, str)


def test_kept_broker_stays_up(cli, docker):
    """The command of docs/providers.md passes; with `--keep` the broker can be used afterwards."""
    (command,) = re.findall(
        r"^streamgauge (run .* --provider containers)$",
        (paths.PACKAGE.parent / "docs" / "providers.md").read_text(),
        re.MULTILINE,
    )
    code, output = cli.run(*command.split(), "--keep")
    (name,) = re.findall(
        r"^kafka: stays up at .* in container (\S+) of image", output, re.MULTILINE
    )
    (logins,) = re.findall(r"how to log in: (\S+)$", output, re.MULTILINE)
    try:
        assert (0, True) == (code, "1 pass" in output)
        told = Endpoint(**json.loads((cli.folder / logins).read_text())["kafka"])
        assert kafka.answers(told)
        assert told.password not in output
    finally:
        with engine.client() as asked:
            asked.containers.get(name).remove(force=True, v=True)
            asked.networks.get(name.removesuffix("-kafka")).remove()
