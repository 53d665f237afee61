"""What of containers shows without an engine: names, settings, what is told where there is none."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from threading import Event
from types import SimpleNamespace

import pytest
from docker.errors import APIError, BuildError, DockerException
from requests.exceptions import ConnectionError  # noqa: A004

from streamgauge import checkup, versions
from streamgauge.containers import container, engine, ground, images, owner, reaper
from streamgauge.containers.container import Recipe
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.providers import containers, tidy
from streamgauge.providers.chosen import CONTAINERS
from streamgauge.services import kafka
from streamgauge.services.endpoint import Endpoint
from streamgauge.workspace import workspace

SECRET = "s3cret-pass"
RUN, OTHER = "20240101-120000-00ff00", "20240101-120000-0000ff"


class Docker:
    """An engine that has one container, with labels."""

    def __init__(self, labels):
        container = SimpleNamespace(name="one", labels=labels, remove=self._remove)
        self.there = [container]
        self.containers = SimpleNamespace(list=lambda **_: list(self.there))
        self.networks = SimpleNamespace(list=lambda **_: [])

    def _remove(self, *, force, v):
        assert force
        assert v
        self.there.clear()


@pytest.fixture
def no_engine(tmp_path, monkeypatch):
    """Where nothing answers."""
    address = f"unix://{tmp_path}/nobody.sock"
    monkeypatch.setenv("DOCKER_HOST", address)
    return address


def test_no_engine_is_told_at_once(no_engine):
    """In one line, with the address, the reason and who asked for it."""
    with pytest.raises(UsageError) as error:
        containers.Containers(None, {}.get)

    assert (
        f"no Docker engine answers at {no_engine}: No such file or directory;"
        " --provider containers needs one"
    ) == str(error.value)


def test_engine_that_refuses_is_told(monkeypatch):
    """By the reason that the system has, and not by what wraps it."""
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
    with pytest.raises(StreamgaugeError) as error:
        engine.version()

    assert f"no Docker engine answers at tcp://127.0.0.1:{port}: Connection refused" == str(
        error.value
    )


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (APIError("500", explanation="no space left\n on device"), "no space left on device"),
        (
            ConnectionError(OSError(111, "Connection refused")),
            "{} does not answer: Connection refused",
        ),
        (DockerException("no such context"), "{} does not answer: no such context"),
        (BuildError("no uid for\n flink", []), "no uid for flink"),
    ],
    ids=["complains", "is gone", "was never there", "cannot build"],
)
def test_what_an_engine_complains_of_is_one_line(no_engine, error, told):
    """Also where it dies, or fills its disk, while it is asked."""
    with pytest.raises(StreamgaugeError) as seen, engine.asking("container a"):
        raise error

    assert f"container a: {told.format(f'the Docker engine at {no_engine}')}" == str(seen.value)


def test_doctor_tells_that_there_is_none(no_engine):
    """It is no trouble: one provider alone needs it."""
    found = checkup._containers()

    assert ("containers", "missing") == (found.what, found.state)
    assert f"no Docker engine answers at {no_engine}" in found.detail


def test_image_is_named_by_a_variable(monkeypatch):
    """Else it is the declared one."""
    monkeypatch.delenv("STREAMGAUGE_IMAGE_MYSQL", raising=False)
    assert versions.declared()["images"]["mysql"] == images.named("mysql")
    monkeypatch.setenv("STREAMGAUGE_IMAGE_MYSQL", "mysql:8.4")

    assert "mysql:8.4" == images.named("mysql")


def test_every_image_has_a_contract():
    """And there is none without a name."""
    assert set(versions.declared()["images"]) == {*containers._CONTRACTS, "flink"}


def test_kafka_settings_are_the_image_s_variables():
    """As `apache/kafka` reads them: its dots are underscores here."""
    address = kafka.endpoint(12345, kafka.USER, SECRET)
    told = containers._kafka_environment(address, "broker", {})

    assert "CLIENT://127.0.0.1:12345,INSIDE://broker:19092" == told["KAFKA_ADVERTISED_LISTENERS"]
    assert "false" == told["KAFKA_AUTO_CREATE_TOPICS_ENABLE"]
    assert (
        f'user_streamgauge="{SECRET}";' in told["KAFKA_LISTENER_NAME_CLIENT_PLAIN_SASL_JAAS_CONFIG"]
    )


AROUND = {
    "kafka": kafka.endpoint(1, kafka.USER, SECRET),
    "mysql": Endpoint("db", 2, "root", SECRET),
}


@pytest.mark.parametrize("name", ["kafka", "mysql", "connect"])
def test_password_is_told_to_the_container_alone(name):
    """Neither what it is made of nor its command shows it, nor what a connector is told."""
    contract = containers._CONTRACTS[name]
    address = replace(contract.endpoint(12345, AROUND), password=SECRET)
    told = contract.environment(address, "name", AROUND)
    recipe = Recipe("image", "name", "network", 1, 12345, told, {}, contract.command)

    assert any(SECRET in value for value in told.values())
    assert SECRET not in f"{recipe}{address}{address.options}"


@pytest.mark.parametrize(
    ("told", "is_removed"),
    [
        ({"streamgauge.run": RUN}, True),
        ({"streamgauge.run": OTHER}, False),
        ({"streamgauge.run": RUN, owner.KEPT: "yes"}, False),
        ({"streamgauge.run": f"../{RUN}"}, False),
        ({}, False),
    ],
)
def test_containers_of_a_run_are_told_by_their_labels(told, is_removed):
    """Another run's, those that are kept, and what is none of ours stay."""
    docker = Docker(told)
    removed = owner._remove(docker, lambda run: run != OTHER)

    assert (is_removed, is_removed) == (bool(removed), docker.there == [])


LEFT = {
    "a dead one's": ({"streamgauge.run": RUN}, "removed", "removed"),
    "a kept one": (
        {"streamgauge.run": RUN, owner.KEPT: "yes"},
        "kept: --older-than HOURS removes it",
        "removed",
    ),
    "a living one's": ({"streamgauge.run": "LIVES"}, *["of a run that lives"] * 2),
    "a living one's that is kept": (
        {"streamgauge.run": "LIVES", owner.KEPT: "yes"},
        *["of a run that lives"] * 2,
    ),
}


@pytest.mark.parametrize("case", LEFT)
def test_tidy_removes_what_dead_runs_have_there(tmp_path, monkeypatch, case):
    """What is kept where it is old enough; of a dry run nothing goes."""
    monkeypatch.chdir(tmp_path)
    labels, *states = LEFT[case]
    with workspace() as space:
        told = {name: value.replace("LIVES", space.id) for name, value in labels.items()}
        for older, state in zip((None, timedelta(0)), states):
            docker = Docker(told)
            monkeypatch.setattr(engine, "client", lambda docker=docker: nullcontext(docker))
            dry, real = (
                [each.state for each in tidy.tidied(CONTAINERS, older, dry=dry)]
                for dry in (True, False)
            )

            assert ["to be removed" if state == "removed" else state] == dry
            assert [state] == real
            assert (state == "removed") == (docker.there == [])


def test_labels_say_whose_it_is(tmp_path, monkeypatch):
    """Another project on the same engine has others."""
    monkeypatch.setenv("STREAMGAUGE_STATE", str(tmp_path / "one"))
    one, again = owner.labels("run"), owner.labels("run", keep=True)
    monkeypatch.setenv("STREAMGAUGE_STATE", str(tmp_path / "two"))

    assert owner.KEPT in again
    assert owner.KEPT not in one
    assert one != owner.labels("run")


class Making:
    """An engine that takes its time to make a container; what is there goes by its name."""

    def __init__(self, monkeypatch, *, stuck):
        self.there, self.stuck = {}, stuck
        self.begun, self.go, self.closed, self.reaped = Event(), Event(), Event(), Event()
        self.networks = SimpleNamespace(create=self._network, list=lambda **_: self._all("network"))
        self.containers = SimpleNamespace(list=lambda **_: self._all("container"))
        monkeypatch.setattr(engine, "client", lambda: nullcontext(self))
        monkeypatch.setattr(owner, "client", lambda: nullcontext(self))
        monkeypatch.setattr(engine, "version", str)
        monkeypatch.setattr(container, "DockerContainer", self._container)
        reaper = SimpleNamespace(begin_stop=lambda: None, stop=self.reaped.set)
        monkeypatch.setattr(ground, "Reaper", lambda _: reaper)

    def _all(self, sort):
        return [each for each in self.there.values() if each.sort == sort]

    def _put(self, sort, name, labels):
        def remove(**_):
            if self.stuck:
                raise APIError("500", explanation="disk is full")
            self.there.pop(name)

        told = {"sort": sort, "labels": labels, "attrs": {"Labels": labels}}
        self.there[name] = SimpleNamespace(name=name, remove=remove, **told)

    def _network(self, name, labels):
        self._put("network", name, labels)

    def _container(self, image, name, env):
        docker = SimpleNamespace(client=SimpleNamespace(close=self.closed.set))
        made = SimpleNamespace(image=image, ports={}, get_docker_client=lambda: docker)

        def start():
            self.begun.set()
            assert self.go.wait(10)
            self._put("container", name, made.labels)

        def told(labels, **_):
            made.labels = labels
            return made

        def stop():
            self.there[name].remove()

        made.with_kwargs, made.start, made.stop = told, start, stop
        return made


@pytest.mark.parametrize("stuck", [False, True])
def test_what_is_being_made_as_a_run_ends_goes_too(tmp_path, monkeypatch, stuck):
    """Nothing is made after that; who waits for the end to tidy up does so until all is gone."""
    monkeypatch.chdir(tmp_path)
    docker = Making(monkeypatch, stuck=stuck)
    with ThreadPoolExecutor() as pool:
        with workspace() as space:
            # It is told last of all that the end has begun.
            late = SimpleNamespace(begin_stop=docker.go.set, stop=lambda: None)
            space.processes.append(late)
            own = ground.Ground(space)
            making = pool.submit(own.start, "jobmanager", "flink", 8081, None, {})
            assert docker.begun.wait(10)
        making.result()
        with pytest.raises(StreamgaugeError, match="has ended"):
            own.start("taskmanager", "flink", 6122, None, {})

    name = f"streamgauge-{space.id}"
    assert ({name, f"{name}-jobmanager"} if stuck else set()) == set(docker.there)
    assert docker.closed.is_set()
    assert docker.reaped.is_set() is not stuck


def test_engine_that_is_away_as_a_run_ends_is_asked_again(tmp_path, monkeypatch, capsys):
    """Until nothing is left: it may be started again."""
    answers = iter([StreamgaugeError("no Docker engine answers"), 2, 0])

    def remove(run):
        answer = next(answers)
        if isinstance(answer, StreamgaugeError):
            raise answer
        return answer

    monkeypatch.setattr(owner, "remove", remove)
    monkeypatch.setattr(reaper, "_LATE_SECONDS", 0)
    monkeypatch.setattr(reaper, "_LOOK_SECONDS", 0)
    (tmp_path / "lock").touch()
    reaper.main(tmp_path / "lock", RUN)

    assert [] == list(answers)
    assert "no Docker engine answers\n" == capsys.readouterr().out
