"""The services: on loopback, with a password nobody tells, and clear when they do not start."""

import json
import re
import socket
from dataclasses import replace

import psutil
import pytest
from confluent_kafka import Consumer, TopicPartition
from pymetastore.hive_metastore.ttypes import Database

from streamgauge.attachments.broker import Outgoing, create_topics, produce
from streamgauge.cells import Filter, cells
from streamgauge.files import uri
from streamgauge.processes import StartError
from streamgauge.providers import local, shared
from streamgauge.services import connect, kafka, metastore, mysql
from streamgauge.waiting import wait_for
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


@pytest.fixture
def space(tmp_path, monkeypatch):
    """A workspace whose services nobody else uses."""
    monkeypatch.chdir(tmp_path)
    with workspace() as space:
        yield space


def test_killed_kafka_has_its_topics_again(space):
    """Nothing that it took is lost, and it takes more, by the same clients."""
    service = kafka.start(space)
    create_topics(service.endpoint, {"words": 1})
    produce(service.endpoint, [Outgoing("words", 0, b"before")])
    service.kill()
    assert not service.answers()
    service.restart()
    produce(service.endpoint, [Outgoing("words", 0, b"after")])

    assert [b"before", b"after"] == messages(service.endpoint, "words", 2)


def messages(endpoint, topic, count):
    """The first messages of a topic."""
    consumer = Consumer({**kafka.client_settings(endpoint), "group.id": "test"})
    consumer.assign([TopicPartition(topic, 0, 0)])
    found = [consumer.poll(30).value() for _ in range(count)]
    consumer.close()
    return found


def test_mysql_paused_and_killed(space):
    """Paused, it answers nobody; killed, it keeps what was committed, and lets the same user in."""
    service = mysql.start(space)
    execute(service.endpoint, "CREATE DATABASE kept")
    execute(service.endpoint, "CREATE TABLE kept.rows_ (n INT PRIMARY KEY)")
    service.pause()
    assert not service.answers()
    service.resume()
    wait_for(service.answers, bool, 30, str)
    execute(service.endpoint, "INSERT INTO kept.rows_ VALUES (1)")
    service.kill()
    service.restart()

    assert ((1,),) == execute(service.endpoint, "SELECT * FROM kept.rows_")
    assert [] == [
        f for f in space.data.rglob("*.sql") if service.endpoint.password in f.read_text()
    ]


def execute(endpoint, statement):
    with mysql.connect(endpoint) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_killed_metastore_has_its_databases_again(space):
    """They are on disk."""
    service = metastore.start(space)
    with metastore.connect(service.endpoint) as client:
        client.create_database(Database("kept", "", uri(space.data), {}))
    service.kill()
    service.restart()

    with metastore.connect(service.endpoint) as client:
        assert {"default", "kept"} == set(client.get_all_databases())


def test_killed_connect_answers_again(space):
    """Its connectors are to be made anew: a worker of its own keeps but their offsets."""
    broker, server = kafka.start(space), mysql.start(space)
    service = connect.start(space, broker.endpoint, server.endpoint)
    service.kill()
    service.restart()

    assert service.answers()


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
    found = cells([scenario], [flink.line], Filter(["sql"], ["streaming"]))
    present = next(c.binding for c in found if c.absent is None and c.binding != "files")
    inputs = scenario.sample(seed=flink.seed, rows=60)
    record = flink.run(scenario, "sql", "streaming", present, inputs).record
    assert record.verdict == "pass", record.reason
    passwords = [a.password for a in flink.harness.services(START).values()]
    texts = [log.read_text(errors="replace") for log in flink.harness.space.logs.iterdir()]

    assert len(texts) > 4
    assert not [
        text for text in [*texts, json.dumps(record.__dict__)] for p in passwords if p in text
    ]


def test_what_a_killed_run_left_is_swept_by_the_next(cli, monkeypatch):
    """Topics, databases and connectors of the dead; nothing else, and nothing of the living."""
    monkeypatch.chdir(cli.folder)
    code, output = cli.run("services", "up")
    assert code == 0, output
    try:
        with workspace() as living:
            up = {name: service.endpoint for name, service in shared.services().items()}
            ours = f"sg_{living.id.replace('-', '_')}_1"
            kept = {"words", "sg_mine", ours, f"{ours}_to"}
            create_topics(up["kafka"], dict.fromkeys(kept, 1))
            execute(up["mysql"], f"CREATE DATABASE {ours}_to")
            kill_with_a_connector(cli, up["connect"])
            before = left(up)
            assert before > kept
            code, output = cli.run(
                "run", "word_count", "--quick", "--dialect", "sql", "--binding", "kafka"
            )
            assert code == 0, output

            # Its own group the next one removes.
            assert kept == left(up) & before
    finally:
        cli.run("services", "down")


def kill_with_a_connector(cli, endpoint):
    """SIGKILL a run that has made topics, databases and a connector."""
    process = cli.start("run", "orders_cdc", "--dialect", "sql", "--binding", "debezium")
    wait_for(lambda: connect.connectors(endpoint), bool, 120, str)
    process.kill()
    process.communicate(timeout=30)


def left(up):
    """What there is by names that runs give, or tests; Kafka and MySQL have some of their own."""
    names = [
        *kafka.topics(up["kafka"]),
        *kafka.groups(up["kafka"]),
        *mysql.databases(up["mysql"]),
        *connect.connectors(up["connect"]),
    ]
    return {name for name in names if name.startswith(("sg_", "words"))}


def test_proxy_of_the_user_is_not_asked_for_what_is_ours(cli):
    """Not by Python workers, who talk to Flink by gRPC, nor by a JVM told of it in its way."""
    dead = "http://127.0.0.1:9"
    java = "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9 -DsocksProxyHost=127.0.0.1"
    code, output = cli.run(
        *("run", "word_count", "--dialect", "process", "--mode", "streaming", "--binding", "files"),
        **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "ALL_PROXY"), dead),
        JAVA_TOOL_OPTIONS=java,
        no_proxy="",
        NO_PROXY="",
    )

    assert code == 0, output


def test_services_stay_up_between_runs(cli):
    """`services up` leaves them up, a run uses them, `status` tells them, `down` ends them."""
    assert cli.run("services", "status")[0] == 1
    code, output = cli.run("services", "up")
    assert code == 0, output
    try:
        code, output = cli.run("services", "status")
        assert (0, True) == (code, "mysql" in output), output
        code, output = cli.run(
            "run", "word_count", "--quick", "--dialect", "sql", "--binding", "kafka"
        )
        assert code == 0, output
        assert "starting kafka" not in output
        code, output = cli.run("generate", "word_count", "--rows", "10", "--topic", "words")
        assert code == 0, output
    finally:
        assert cli.run("services", "down")[0] == 0
    cli.assert_none_left()
    assert cli.run("services", "status")[0] == 1
