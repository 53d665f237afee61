"""A user's own Kafka and MySQL: started outside the harness, by TLS, with users of few rights."""

import json
import os
import secrets
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from streamgauge import versions
from streamgauge.errors import StreamgaugeError
from streamgauge.processes import Process, free_port
from streamgauge.providers import addresses, external
from streamgauge.runtimes import jars
from streamgauge.runtimes.java import java
from streamgauge.services import kafka, mysql, mysql_server
from streamgauge.services.kafka import client_settings
from streamgauge.services.mysql import BINLOG, connect
from streamgauge.workspace import workspace

SECONDS = 60
GONE = "20240101-120000-00ff00"
# Not a letter of it means the same in a URL, in Java, in SQL and in a shell.
PASSWORDS = {user: f"a'b\"c\\d/e@f:{secrets.token_urlsafe(12)}" for user in ("ada", "bob")}

BROKER = """\
process.roles=broker,controller
node.id=1
listeners=SCRAM://127.0.0.1:{scram},MUTUAL://127.0.0.1:{mutual},CONTROLLER://127.0.0.1:{controller}
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
inter.broker.listener.name=MUTUAL
listener.security.protocol.map=SCRAM:SASL_SSL,MUTUAL:SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.scram.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.mutual.ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.both.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:CN=broker;User:CN=boss
log.dirs={folder}/kafka
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
"""

ACCOUNTS = """\
CREATE USER 'ada'@'%' IDENTIFIED WITH caching_sha2_password BY {ada};
GRANT CREATE, DROP, SELECT, INSERT, UPDATE, DELETE ON `sg\\_%`.* TO 'ada'@'%';
GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'ada'@'%';
GRANT RELOAD, LOCK TABLES, SHOW DATABASES ON *.* TO 'ada'@'%';
CREATE USER 'bob'@'%' IDENTIFIED WITH caching_sha2_password BY {bob};
GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'bob'@'%';
"""


class Theirs(NamedTuple):
    """What somebody else has: where it is, and the folder of certificates."""

    folder: Path
    scram: int
    mutual: int
    mysql: int

    def kafka_url(self, user="ada", password=None, ca="ca"):
        login = f"{user}:{quote(password or PASSWORDS[user], safe='')}"
        options = f"mechanism=SCRAM-SHA-512&ca={self.folder}/{ca}.pem"
        return f"kafka+ssl://{login}@localhost:{self.scram}?{options}"

    @property
    def mutual_url(self):
        files = "&".join(
            f"{name}={self.folder}/{file}.pem"
            for name, file in (("ca", "ca"), ("cert", "boss"), ("key", "boss.key"))
        )
        return f"kafka+ssl://127.0.0.1:{self.mutual}?{files}"

    def mysql_url(self, user="ada", password=None, ca="ca"):
        login = f"{user}:{quote(password or PASSWORDS[user], safe='')}"
        where = f"127.0.0.1:{self.mysql}?jobs=localhost:{self.mysql}"
        return f"mysql+ssl://{login}@{where}&ca={self.folder}/{ca}.pem"


def address(service, url):
    return addresses._endpoint(service, "test", url)


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def sign(folder, name):
    """A certificate of the authority, for this machine."""
    at = folder / name
    new = ("-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}")
    openssl("req", *new, "-keyout", f"{at}.key.pem", "-out", f"{at}.csr")
    (folder / "san").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost")
    authority = ("-CA", folder / "ca.pem", "-CAkey", folder / "ca.key.pem", "-CAcreateserial")
    told = ("-in", f"{at}.csr", "-extfile", folder / "san", "-days", 1)
    openssl("x509", "-req", *told, *authority, "-out", f"{at}.pem")
    texts = (Path(f"{at}{part}.pem").read_text() for part in (".key", ""))
    (folder / f"{name}.both.pem").write_text("".join(texts))


def start_kafka(space, theirs):
    """A broker with a user who may what the docs say, and one who may nothing."""
    folder = theirs.folder
    settings = folder / "server.properties"
    ports = {"scram": theirs.scram, "mutual": theirs.mutual, "controller": free_port()}
    settings.write_text(BROKER.format(folder=folder, **ports))
    classpath = os.pathsep.join(map(str, jars.fetch(versions.locked(versions.service("kafka")))))
    command = [str(java()), "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    command += ["-cp", classpath]
    format_ = ["kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qg"]
    Process("format", [*command, *format_, "-c", str(settings)], space).wait(SECONDS)
    broker = Process("kafka", [*command, "kafka.Kafka", str(settings)], space)
    boss = address("kafka", theirs.mutual_url)
    broker.wait_until(lambda: kafka.answers(boss), SECONDS)
    admin = AdminClient(client_settings(boss))
    info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    users = [
        UserScramCredentialUpsertion(user, info, password.encode())
        for user, password in PASSWORDS.items()
    ]
    for future in admin.alter_user_scram_credentials(users).values():
        future.result(SECONDS)
    for future in admin.create_acls(list(rights("ada"))).values():
        future.result(SECONDS)


def rights(user):
    for kind, operations in {
        ResourceType.TOPIC: ("CREATE", "DELETE", "DESCRIBE", "READ", "WRITE"),
        ResourceType.GROUP: ("READ", "DELETE"),
        ResourceType.TRANSACTIONAL_ID: ("WRITE",),
    }.items():
        for operation in operations:
            yield AclBinding(
                kind,
                "sg_",
                ResourcePatternType.PREFIXED,
                f"User:{user}",
                "*",
                getattr(AclOperation, operation),
                AclPermissionType.ALLOW,
            )


def start_mysql(space, theirs):
    """A server that wants TLS, likewise."""
    server, folder = mysql_server.server(), theirs.folder
    quoted = {
        user: "'" + p.replace("\\", "\\\\").replace("'", "''") + "'"
        for user, p in PASSWORDS.items()
    }
    (folder / "accounts.sql").write_text(ACCOUNTS.format(**quoted))
    command = [str(server.executable), "--no-defaults", f"--basedir={server.folder}"]
    command += [f"--datadir={folder / 'mysql'}", "--mysqlx=OFF", "--performance-schema=OFF"]
    command += ["--user=root"] if os.geteuid() == 0 else []
    env = {**os.environ, **server.environment}
    Process("init", [*command, "--initialize-insecure"], space, env=env).wait(SECONDS)
    tls = ("ssl-ca=ca", "ssl-cert=broker", "ssl-key=broker.key")
    options = [
        *BINLOG,
        *(
            f"--{option.partition('=')[0]}={folder}/{option.partition('=')[2]}.pem"
            for option in tls
        ),
        "--require-secure-transport=ON",
        f"--port={theirs.mysql}",
        "--bind-address=127.0.0.1",
        "--socket=mysql.sock",
        f"--init-file={folder / 'accounts.sql'}",
    ]
    server = Process("mysql", [*command, *options], space, env=env)
    server.wait_until(lambda: mysql.answers(address("mysql", theirs.mysql_url())), SECONDS)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """Kafka and MySQL that are none of the harness's."""
    folder = tmp_path_factory.mktemp("theirs")
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            space = stack.enter_context(workspace())
        pool = stack.enter_context(ThreadPoolExecutor())
        for authority in ("ca", "stranger"):
            new = (
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                f"/CN={authority}",
                "-days",
                1,
            )
            at = folder / authority
            openssl("req", *new, "-keyout", f"{at}.key.pem", "-out", f"{at}.pem")
        sign(folder, "broker")
        sign(folder, "boss")
        theirs = Theirs(folder, *(free_port() for _ in range(3)))
        starting = [pool.submit(start, space, theirs) for start in (start_kafka, start_mysql)]
        for started in starting:
            started.result()
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
    kafka_at, mysql_at = (external.services()[name] for name in ("kafka", "mysql"))
    there = [*kafka.topics(kafka_at), *kafka.groups(kafka_at), *mysql.databases(mysql_at)]
    return {name for name in there if name.startswith("sg_")}


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


@pytest.mark.usefixtures("told")
def test_jobs_run_on_a_user_s_own_kafka_and_mysql(cli):
    """With the rights of the docs, by TLS; nothing is left there, and no password here."""
    axes = ("--dialect", "sql", "--mode", "streaming", "--binding", "kafka", "--binding", "cdc")
    scenarios = ("word_count", "orders_cdc")
    code, output = cli.run(
        "run", *scenarios, *axes, "--provider", "external", "--json", "told.json"
    )
    assert code == 0, output
    records = json.loads((cli.folder / "told.json").read_text())

    assert [("word_count", "pass", "external"), ("orders_cdc", "pass", "external")] == [
        (record["scenario"], record["verdict"], record["provider"]) for record in records
    ]
    assert set() == names()
    assert [] == with_password(written(cli.folder))
    assert not any(password in output for password in PASSWORDS.values())


@pytest.mark.usefixtures("told")
def test_connect_of_ours_and_a_job_log_in_by_a_certificate(cli, theirs):
    """Mutual TLS: who we are is in the certificate. Connect is between the two, by TLS as well."""
    axes = ("--dialect", "sql", "--binding", "debezium", "--provider", "external")
    code, output = cli.run("run", "orders_cdc", *axes, STREAMGAUGE_KAFKA=theirs.mutual_url)
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
