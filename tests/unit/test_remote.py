"""A cluster of somebody's own: what it has to be, told in one line where it is not."""

import json
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from streamgauge import versions
from streamgauge.cli.joining import joined
from streamgauge.clusters import remote
from streamgauge.clusters.access import SAVEPOINTS, TOKEN, access
from streamgauge.errors import StreamgaugeError, UsageError
from tests.unit.flinks import fake

LINE = versions.line("1.20")


@pytest.fixture
def joining():
    """Joins a cluster, and gives connections up afterwards."""
    with ExitStack() as stack:

        def join(to, line):
            found = remote.join(to, line)
            stack.callback(found.rest.close)
            return found

        yield join


def overview(**more):
    return {"/overview": {"flink-version": "1.20.5", "slots-total": 4, **more}}


def test_it_says_what_it_is(joining):
    """Release, Java, free slots, and the Python that its configuration names."""
    with fake() as flink:
        found = joining(access(flink.url, {}), LINE)

    assert ("1.20.5", "17", 2) == (found.flink, found.java, found.slots)
    assert "/usr/bin/python3.11" == found.settings()["python.executable"]


def test_without_one_that_is_named_python_is_that_of_the_path(joining):
    """As Flink has it."""
    with fake({"/jobmanager/config": []}) as flink:
        assert "python" == joining(access(flink.url, {}), LINE).python


@pytest.mark.parametrize(
    ("variables", "configured", "directory"),
    [
        ({}, {}, ""),
        ({}, {"state.savepoints.dir": "s3://a"}, "s3://a"),
        ({}, {"execution.checkpointing.savepoint-dir": "s3://b"}, "s3://b"),
        ({SAVEPOINTS: "s3://c"}, {"state.savepoints.dir": "s3://a"}, "s3://c"),
    ],
)
def test_where_savepoints_go(variables, configured, directory, joining):
    """Where the user says, else where the cluster does."""
    told = [{"key": key, "value": value} for key, value in configured.items()]
    with fake({"/jobmanager/config": told}) as flink:
        assert directory == joining(access(flink.url, variables), LINE).directory


@pytest.mark.parametrize(
    ("answers", "kind", "told"),
    [
        (
            overview(**{"flink-version": "2.3.0", "slots-available": 1}),
            UsageError,
            "is of Flink 2.3.0, the line 1.20 of 1.20.5: run it with --flink 2.3",
        ),
        (overview(**{"slots-available": 0}), StreamgaugeError, "all 4 task slots are in use"),
        (
            overview(**{"slots-total": 0, "slots-available": 0}),
            StreamgaugeError,
            "it has no task slots",
        ),
        ({"/overview": []}, StreamgaugeError, "is not Flink"),
        ({"/overview": None}, StreamgaugeError, "is not Flink"),
    ],
)
def test_what_cannot_be_joined_is_told_at_once(answers, kind, told, joining):
    """With the address, and what is the matter."""
    with fake(answers) as flink, pytest.raises(kind, match=r".") as error:
        joining(access(flink.url, {}), LINE)

    assert told in str(error.value)
    assert flink.url in str(error.value)
    assert "\n" not in str(error.value)


def test_another_release_of_the_line_will_do(caplog, joining):
    """It is told, and it is what records have."""
    with fake(overview(**{"flink-version": "1.20.1", "slots-available": 1})) as flink:
        assert "1.20.1" == joining(access(flink.url, {}), LINE).flink

    assert "the cluster is of Flink 1.20.1, and what asks it of 1.20.5" in caplog.text


def test_nobody_there(joining):
    """The address is told."""
    with fake() as flink:
        gone = flink.url
    with pytest.raises(StreamgaugeError, match=f"the cluster at {gone} does not answer"):
        joining(access(gone, {}), LINE)


def test_it_is_asked_with_the_login(joining):
    """Each request has it."""
    with fake(login="Bearer ours") as flink:
        joining(access(flink.url, {TOKEN: "ours"}), LINE)

    assert {"Bearer ours"} == {authorization for _, _, authorization, _ in flink.asked}


def test_another_login_is_wanted(joining):
    """What was given is not told."""
    with fake(login="Bearer ours") as flink, pytest.raises(StreamgaugeError) as error:
        joining(access(flink.url, {TOKEN: "theirs"}), LINE)

    assert f"the cluster at {flink.url} answers 401: it wants another login" == str(error.value)


def test_it_is_alive_as_long_as_it_answers(joining):
    """What else is there to know."""
    with fake() as flink:
        found = joining(access(flink.url, {}), LINE)
        assert found.alive
    assert not found.alive


@pytest.mark.parametrize(
    ("hosts", "here"),
    [(["127.0.0.1", "localhost"], True), (["127.0.0.1", "192.0.2.7"], False)],
)
def test_it_is_here_where_all_taskmanagers_are(hosts, here, joining):
    """An address at which one of our sockets can listen is ours; 192.0.2.0/24 is nobody's."""
    paths = [{"path": f"pekko.tcp://flink@{host}:61/user/rpc/t_0"} for host in hosts]
    with fake({"/taskmanagers": {"taskmanagers": paths}}) as flink:
        assert here is joining(access(flink.url, {}), LINE).is_here


def disposing(**operation):
    done = {"status": {"id": "COMPLETED"}, "operation": operation}
    return {"/savepoint-disposal": {"request-id": "7"}, "/savepoint-disposal/7": done}


def test_it_removes_the_savepoints_that_were_made(joining):
    """By their URIs: nobody else may reach where they are."""
    with fake(disposing()) as flink:
        joining(access(flink.url, {}), LINE).discard("sg_1", ["s3://a/savepoint-1"])

    (body,) = [body for method, _, _, body in flink.asked if method == "POST"]
    assert {"savepoint-path": "s3://a/savepoint-1"} == json.loads(body)


def test_a_savepoint_that_stays_is_told(joining):
    """With the cause."""
    failed = disposing(**{"failure-cause": {"stack-trace": "java.io.IOException: denied"}})
    with fake(failed) as flink, pytest.raises(StreamgaugeError, match=r"s3://a is not .*denied"):
        joining(access(flink.url, {}), LINE).discard("sg_1", ["s3://a"])


@pytest.mark.parametrize(
    ("cluster", "rest", "lines", "told"),
    [
        ("remote", None, [LINE], "--cluster remote and --rest URL go together"),
        ("session", "http://a", [LINE], "--cluster remote and --rest URL go together"),
        ("remote", "http://a", [LINE, LINE], "a cluster is of one Flink line"),
        ("there", None, [LINE], "unknown cluster 'there'"),
    ],
)
def test_options_that_do_not_fit(cluster, rest, lines, told):
    """Before anybody is asked anything."""
    with pytest.raises(UsageError, match=told):
        joined(cluster, rest, lines)


def test_ours_is_not_joined():
    """It is started when it is needed."""
    assert joined("session", None, [LINE, SimpleNamespace()]) is None


def test_more_tasks_than_slots():
    """At once, not cell by cell."""
    with fake() as flink, pytest.raises(UsageError) as error:
        joined("remote", flink.url, [LINE], 3)

    assert f"--parallelism 3: the cluster at {flink.url} has 2 free slots" == str(error.value)
