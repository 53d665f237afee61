"""The Docker engine itself: one that goes away, a registry that is silent, names of one's own."""

import gc
import os
import socket
import subprocess
import sys
from contextlib import closing

import pytest

from streamgauge import paths, versions
from streamgauge.clusters import layered
from streamgauge.containers import engine, images
from streamgauge.discovery import discover
from streamgauge.errors import StreamgaugeError
from streamgauge.harness import Harness
from streamgauge.processes import in_utc
from streamgauge.providers.chosen import CONTAINERS
from streamgauge.providers.containers import Containers
from streamgauge.testing import Flink
from streamgauge.waiting import wait_for
from streamgauge.workspace import workspace
from tests.conftest import on_engine as left
from tests.interrupting import interrupted

# Docker's client leaves its end of a socket open where an answer of the engine's is cut short.
pytestmark = [
    pytest.mark.every_container,
    pytest.mark.usefixtures("docker"),
    pytest.mark.filterwarnings("ignore:unclosed <socket.socket:ResourceWarning"),
]
SECONDS = 30
# A run that has a container up.
RUN = """\
from streamgauge.providers.containers import Containers
from streamgauge.workspace import workspace

with workspace() as space:
    print(space.id, Containers(space, {}.get).service("mysql").process)
"""
# A way to an engine's socket, which is gone as the engine is once this has ended.
DOOR = """\
import asyncio, sys

async def pass_on(source, to):
    while part := await source.read(65536):
        to.write(part)
        await to.drain()
    to.close()

async def enter(caller, answer):
    engine, ask = await asyncio.open_unix_connection(sys.argv[2])
    await asyncio.gather(pass_on(caller, ask), pass_on(engine, answer))

async def keep():
    server = await asyncio.start_unix_server(enter, sys.argv[1])
    print("open", flush=True)
    await server.serve_forever()

asyncio.run(keep())
"""


@pytest.fixture(autouse=True)
def collected():
    """What a test has left open is told with it."""
    yield
    gc.collect()


@pytest.fixture
def door(tmp_path, docker, monkeypatch):
    """What opens a way to the engine, and gives the process it goes by; where the engine is."""
    there, here = engine.address(), tmp_path / "engine.sock"
    kind, _, behind = there.partition("://")
    if kind != "unix":
        pytest.skip(f"the engine is not at a socket, but at {there}")
    opened = []

    def opens():
        here.unlink(missing_ok=True)
        command = [sys.executable, "-c", DOOR, str(here), behind]
        opened.append(subprocess.Popen(command, stdout=subprocess.PIPE))
        assert opened[-1].stdout.readline() == b"open\n"
        return opened[-1]

    monkeypatch.setenv("DOCKER_HOST", f"unix://{here}")
    yield opens, there
    for process in opened:
        process.kill()
        process.communicate()


def test_engine_that_is_gone_in_mid_run_is_why(door, tmp_path, monkeypatch):
    """A job that has all it needs passes, the next cell says why not; what is left goes later."""
    monkeypatch.chdir(tmp_path)
    words = discover(paths.PACKAGE.parent / "jobs")["word_count"]
    cell = (words, "sql", "streaming", "kafka", words.sample(seed=0))
    opens, engine_at = door
    way = opens()
    with in_utc(), workspace() as space, closing(Harness(space, provider=CONTAINERS)) as harness:
        flink = Flink(harness, versions.line("1.20"), 0)
        passed = flink.run(*cell, lifecycle=interrupted(way.kill)).record
        lost = flink.run(*cell).record

    name = f"container streamgauge-{space.id}-kafka of image {images.whole(images.named('kafka'))}"
    away = f"{name}: the Docker engine at {engine.address()} does not answer: "
    assert ("pass", "unknown") == (passed.verdict, lost.verdict), passed.reason
    assert lost.reason.startswith(away)
    assert 1 == len(lost.reason.splitlines())
    monkeypatch.setenv("DOCKER_HOST", engine_at)
    assert left(space.id)
    opens()
    wait_for(lambda: left(space.id), lambda there: not there, SECONDS, str)
    (own,) = (each for each in harness._providers if isinstance(each, Containers))
    assert 0 == own._ground._reaper._process.wait(SECONDS)


def test_registry_that_does_not_answer_is_told(tmp_path, monkeypatch):
    """By its address, before somebody takes the run for one that hangs."""
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        image = f"127.0.0.1:{silent.getsockname()[1]}/kafka:1"
        monkeypatch.setenv("STREAMGAUGE_IMAGE_KAFKA", image)
        told = f"^image {image} is not here and cannot be pulled"
        with workspace() as space, pytest.raises(StreamgaugeError, match=told):
            Containers(space, {}.get).service("kafka")


def test_image_that_is_no_flink_is_told(monkeypatch):
    """Before anything is laid on it."""
    monkeypatch.setenv("STREAMGAUGE_IMAGE_FLINK", images.named("mysql"))
    told = r"^image streamgauge/flink:\S+ cannot be made: .*flink"
    with pytest.raises(StreamgaugeError, match=told):
        layered.bring(versions.line("1.20"))


def test_prefix_goes_before_the_name_of_an_image(tmp_path, docker):
    """As of a registry of one's own: it is asked for what is not here."""
    here = f"here.example/{images.named('mysql')}"
    with engine.client() as asked:
        asked.images.get(images.named("mysql")).tag(here)
        told = {**os.environ, "TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX": "here.example/"}
        command = [sys.executable, "-c", RUN]
        run = subprocess.run(
            command, check=False, cwd=tmp_path, env=told, capture_output=True, text=True
        )
        asked.images.remove(here)

    assert run.stdout.endswith(f"-mysql of image {here}\n"), run.stderr
    assert [] == left(run.stdout.split()[0])
