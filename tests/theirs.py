"""A user's own Kafka and MySQL: started outside the harness, by TLS, with users of few rights."""

import os
import re
import secrets
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from streamgauge import paths, versions
from streamgauge.processes import Process, free_port
from streamgauge.providers import addresses
from streamgauge.runtimes import jars
from streamgauge.runtimes.java import java
from streamgauge.services import kafka, mysql, mysql_server
from streamgauge.services.kafka import client_settings
from streamgauge.services.mysql import BINLOG
from streamgauge.workspace import workspace

SECONDS = 60
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
{granted}
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


def authority(folder, name):
    """A certificate that others may be signed by."""
    new = ("-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-days", 1)
    openssl("req", *new, "-keyout", f"{folder / name}.key.pem", "-out", f"{folder / name}.pem")


def sign(folder, name):
    """A certificate of the authority, for this machine."""
    at = folder / name
    new = ("-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}")
    openssl("req", *new, "-keyout", f"{at}.key.pem", "-out", f"{at}.csr")
    (folder / "san").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost")
    by = ("-CA", folder / "ca.pem", "-CAkey", folder / "ca.key.pem", "-CAcreateserial")
    told = ("-in", f"{at}.csr", "-extfile", folder / "san", "-days", 1)
    openssl("x509", "-req", *told, *by, "-out", f"{at}.pem")
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


def granted():
    """What the docs say that a user of MySQL needs."""
    docs = (paths.PACKAGE.parent / "docs" / "providers.md").read_text()
    return "\n".join(re.findall(r"^GRANT .*;$", docs, re.MULTILINE))


def start_mysql(space, theirs):
    """A server that wants TLS, likewise."""
    server, folder = mysql_server.server(), theirs.folder
    quoted = {
        user: "'" + p.replace("\\", "\\\\").replace("'", "''") + "'"
        for user, p in PASSWORDS.items()
    }
    (folder / "accounts.sql").write_text(ACCOUNTS.format(granted=granted(), **quoted))
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


@contextmanager
def theirs_up(folder):
    """Kafka and MySQL that are none of the harness's, with all that is their own in `folder`."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            space = stack.enter_context(workspace())
        pool = stack.enter_context(ThreadPoolExecutor())
        for name in ("ca", "stranger"):
            authority(folder, name)
        sign(folder, "broker")
        sign(folder, "boss")
        theirs = Theirs(folder, *(free_port() for _ in range(3)))
        starting = [pool.submit(start, space, theirs) for start in (start_kafka, start_mysql)]
        for started in starting:
            started.result()
        yield theirs


def named(urls):
    """What is there by names that runs give; `urls` by variable."""
    at = [address(key.removeprefix("STREAMGAUGE_").lower(), url) for key, url in urls.items()]
    kafka_at, mysql_at = at
    there = [*kafka.topics(kafka_at), *kafka.groups(kafka_at), *mysql.databases(mysql_at)]
    return {name for name in there if name.startswith("sg_")}
