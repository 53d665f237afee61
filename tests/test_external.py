"""A user's own Kafka, MySQL and Flink cluster: what runs there do, are told and leave."""

import json
import os
from contextlib import closing
from urllib.parse import quote

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from streamgauge import versions
from streamgauge.clusters.access import CA
from streamgauge.errors import StreamgaugeError
from streamgauge.providers import external
from streamgauge.services.kafka import client_settings
from streamgauge.services.mysql import connect
from streamgauge.workspace import workspace
from tests.standing import standing
from tests.theirs import PASSWORDS, SECONDS, named, theirs_up

GONE = "20240101-120000-00ff00"


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """Kafka and MySQL that are none of the harness's."""
    with theirs_up(tmp_path_factory.mktemp("theirs")) as theirs:
        yield theirs


@pytest.fixture
def told(cli, theirs, monkeypatch):
    """The variables of a user who may what the docs say; this process is in his folder."""
    monkeypatch.chdir(cli.folder)
    urls = {"STREAMGAUGE_KAFKA": theirs.kafka_url(), "STREAMGAUGE_MYSQL": theirs.mysql_url()}
    for name, url in urls.items():
        monkeypatch.setenv(name, url)


def names():
    """What there is by names that runs give."""
    return named({name: os.environ[name] for name in ("STREAMGAUGE_KAFKA", "STREAMGAUGE_MYSQL")})


def written(folder):
    """The files that runs left in a folder."""
    left = (folder / ".streamgauge").rglob("*")
    files = [path for path in left if path.is_file() and not path.is_symlink()]
    assert len(files) > 4
    return files


def with_password(files):
    """Those of the files in which a password is."""
    secrets_ = [password.encode() for password in PASSWORDS.values()]
    secrets_ += [quote(password, safe="").encode() for password in PASSWORDS.values()]
    return [path for path in files if any(secret in path.read_bytes() for secret in secrets_)]


@pytest.fixture
def cluster(tmp_path_factory):
    """A Flink cluster that is none of the harness's."""
    with standing(tmp_path_factory.mktemp("standing"), versions.line("1.20")) as cluster:
        yield cluster


@pytest.mark.usefixtures("told")
def test_jobs_run_on_what_is_all_a_user_s_own(cli, cluster):
    """With the rights of the docs, by TLS; nothing is left there, and no password here."""
    axes = ("--dialect", "sql", "--mode", "streaming", "--binding", "kafka", "--binding", "cdc")
    where = ("--provider", "external", "--cluster", "remote", "--rest", cluster.url)
    told = ("run", "--quick", "word_count", "orders_cdc", *axes, *where, "--json", "told.json")
    code, output = cli.run(*told, **{CA: str(cluster.ca)})
    assert code == 0, output
    records = json.loads((cli.folder / "told.json").read_text())

    there = ("pass", "external", "remote")
    assert [("word_count", *there), ("orders_cdc", *there)] == [
        tuple(record[key] for key in ("scenario", "verdict", "provider", "cluster"))
        for record in records
    ]
    assert set() == names()
    with closing(cluster.rest()) as rest:
        assert {} == rest.named()
    assert [] == with_password(written(cli.folder))
    assert not any(password in output for password in PASSWORDS.values())


@pytest.mark.usefixtures("told")
def test_connect_of_ours_and_a_job_log_in_by_a_certificate(cli, theirs):
    """Mutual TLS: who we are is in the certificate. Connect is between the two, by TLS as well."""
    axes = ("--dialect", "sql", "--binding", "debezium", "--provider", "external")
    code, output = cli.run(
        "run", "orders_cdc", "--quick", *axes, STREAMGAUGE_KAFKA=theirs.mutual_url
    )
    key = (theirs.folder / "boss.key.pem").read_text().splitlines()[1]

    assert code == 0, output
    assert set() == names()
    assert [] == [path for path in written(cli.folder) if key.encode() in path.read_bytes()]


WRONG = {
    "kafka, certificate": ({"ca": "stranger"}, "no TLS with it, or its certificate is not trusted"),
    "kafka, password": ({"password": "hunter2"}, "wrong user, password or mechanism"),
    "kafka, rights": ({"user": "bob"}, "cannot make topics such as sg_"),
    "mysql, certificate": ({"ca": "stranger"}, "its certificate is not trusted"),
    "mysql, password": ({"password": "hunter2"}, "wrong user or password"),
    "mysql, rights": ({"user": "bob"}, "cannot make databases such as sg_"),
}


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_at_once(theirs, monkeypatch, case):
    """In one line, with the address and the cause."""
    service, (changed, cause) = case.partition(",")[0], WRONG[case]
    url = {"kafka": theirs.kafka_url, "mysql": theirs.mysql_url}[service](**changed)
    monkeypatch.setenv(f"STREAMGAUGE_{service.upper()}", url)
    with workspace() as space, pytest.raises(StreamgaugeError) as error:
        external.External(space).service(service)

    line = str(error.value)
    assert cause in line
    assert line.startswith(f"{'Kafka' if service == 'kafka' else 'MySQL'} at ")
    assert not any(part in line for part in ("\n", "hunter2", *PASSWORDS.values()))


def test_mysql_says_that_it_wants_tls(cli, theirs, monkeypatch):
    """Where the address does not."""
    monkeypatch.chdir(cli.folder)
    monkeypatch.setenv("STREAMGAUGE_MYSQL", f"mysql://ada:x@127.0.0.1:{theirs.mysql}")

    with workspace() as space, pytest.raises(StreamgaugeError, match=r"TLS.*: mysql\+ssl://"):
        external.External(space).service("mysql")


@pytest.mark.usefixtures("told")
def test_what_dead_runs_left_is_tidied(cli):
    """Of this folder's runs; nothing else is touched."""
    ours = f"{GONE.join(['sg_', '_1']).replace('-', '_')}"
    others = ours.replace("00ff00", "0000ff")
    admin = AdminClient(client_settings(external.services()["kafka"]))
    topics = [NewTopic(f"{name}-words", 1) for name in (ours, others)]
    for made in admin.create_topics(topics).values():
        made.result(SECONDS)
    database = external.services()["mysql"]
    with connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {ours}_to")
    external.note(GONE)
    dry, _ = cli.run("services", "tidy", "--provider", "external", "--dry-run")
    assert (0, 3) == (dry, len(names()))
    code, output = cli.run("services", "tidy", "--provider", "external")
    assert code == 0, output

    assert {f"{others}-words"} == names()
    code, output = cli.run("services", "tidy", "--provider", "external", "--older-than", "1")
    assert (0, set()) == (code, names()), output


@pytest.mark.every_kill
@pytest.mark.usefixtures("told")
def test_a_killed_plant_leaves_nothing(cli):
    """No process; the next run takes its folder away, `tidy` its topics. Files are as they were."""
    folder, runs = cli.folder / "jobs" / "word_count", cli.folder / ".streamgauge" / "runs"
    before = {path.name: path.read_bytes() for path in folder.glob("*.*")}
    axes = ("word_count", "--mode", "batch", "--binding", "kafka", "--provider", "external")
    process = cli.start("plant", *axes, "--dialect", "process", "--rows", "50")
    assert any("caught by" in line for line in process.stdout)
    process.kill()
    process.communicate(timeout=30)
    cli.assert_none_left()
    (dead,) = runs.glob("*/data")
    assert names()
    assert any(path.is_dir() for path in dead.iterdir())

    code, output = cli.run("run", *axes, "--quick", "--dialect", "sql")
    tidied, told = cli.run("services", "tidy", "--provider", "external")

    assert (0, 0) == (code, tidied), output + told
    assert set() == names()
    assert [] == [*runs.glob("*/data")]
    assert before == {path.name: path.read_bytes() for path in folder.glob("*.*")}
