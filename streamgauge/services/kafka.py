"""A real Kafka broker (KRaft), as a local process."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from streamgauge import paths, versions
from streamgauge.files import make_or_copy, short_name, write_secret
from streamgauge.processes import Process, free_port
from streamgauge.runtimes import jars
from streamgauge.runtimes.archive import archive
from streamgauge.runtimes.java import CONSOLE_LOGGING, java
from streamgauge.services.endpoint import Endpoint, in_java
from streamgauge.services.service import START_SECONDS, Service
from streamgauge.workspace import Workspace

USER = "streamgauge"
_ASK_SECONDS = 15

# How every client of a broker of ours logs in.
_LOGIN = {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN"}

# A broker that is alone, and quick; who is no friend does not get in.
SINGLE = """\
sasl.enabled.mechanisms=PLAIN
sasl.mechanism.inter.broker.protocol=PLAIN
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""

_COMMON = "org.apache.kafka.common.security"
# What a Java client logs in by, of each mechanism of SASL that both kinds of clients have.
MECHANISMS = {
    "PLAIN": f"{_COMMON}.plain.PlainLoginModule",
    "SCRAM-SHA-256": f"{_COMMON}.scram.ScramLoginModule",
    "SCRAM-SHA-512": f"{_COMMON}.scram.ScramLoginModule",
}
# What an address's options name a file for, and what a Java client has instead: what is in it.
_PEM = {
    "ssl.ca.location": ("ssl.truststore.type", "ssl.truststore.certificates"),
    "ssl.certificate.location": ("ssl.keystore.type", "ssl.keystore.certificate.chain"),
    "ssl.key.location": ("ssl.keystore.type", "ssl.keystore.key"),
}
_IDENTITY = "ssl.endpoint.identification.algorithm"
JAAS = "sasl.jaas.config"
# What a client has that it logs in by: secrets, and what goes with them.
OWN = (JAAS, "ssl.keystore.key", "ssl.keystore.certificate.chain")

_PROPERTIES = f"""\
{SINGLE}process.roles=broker,controller
node.id=1
listeners=CLIENT://127.0.0.1:{{port}},CONTROLLER://127.0.0.1:{{controller}}
controller.quorum.voters=1@127.0.0.1:{{controller}}
controller.listener.names=CONTROLLER
inter.broker.listener.name=CLIENT
listener.security.protocol.map=CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
sasl.mechanism.controller.protocol=PLAIN
log.dirs={{data}}
"""

# In a file of its own: Kafka prints its properties when it starts.
_JAAS = "KafkaServer {{\n  {admits}\n}};\n"


def client_settings(address: Endpoint) -> dict[str, str | int | float | bool]:
    """What confluent-kafka needs to log in; what it cannot do it tells by errors."""
    user = {"sasl.username": address.user, "sasl.password": address.password}
    return {
        "log_level": 0,
        "bootstrap.servers": str(address),
        **address.options,
        **(user if address.user else {}),
    }


def java_settings(address: Endpoint) -> dict[str, str]:
    """What a Java client needs to log in, wherever it runs: certificates, not where files are."""
    told = {name: value for name, value in address.options.items() if name not in _PEM}
    if _IDENTITY in told:
        # Java's name for it is none.
        told[_IDENTITY] = told[_IDENTITY].replace("none", "")
    for option, (kind, name) in _PEM.items():
        if option in address.options:
            told |= {kind: "PEM", name: Path(address.options[option]).read_text()}
    return {**told, **({JAAS: login(address)} if address.user else {})}


def login(address: Endpoint) -> str:
    """How a Java client logs in, as its JAAS settings say it, whatever is in the password."""
    module = MECHANISMS[address.options.get("sasl.mechanism", "PLAIN")]
    return (
        f"{module} required username={_quoted(address.user)} password={_quoted(address.password)};"
    )


def admits(address: Endpoint) -> str:
    """Whom a broker lets in, itself as well, as its JAAS settings say it."""
    return f"{login(address)[:-1]} user_{address.user}={_quoted(address.password)};"


def _quoted(text: str) -> str:
    return f'"{in_java(text)}"'


def endpoint(port: int, user: str, password: str) -> Endpoint:
    """Where a broker of ours is, and how to log in."""
    return Endpoint("127.0.0.1", port, user, password, _LOGIN)


def start(space: Workspace, port: int | None = None) -> Service:
    """Start a broker on a port of its own and wait until it answers.

    Loopback only, with a random password. A StartError quotes its log.
    """
    address = endpoint(port or free_port(), USER, secrets.token_urlsafe(24))
    classpath = os.pathsep.join(
        str(p) for p in jars.fetch(versions.locked(versions.service("kafka")))
    )
    home = _write_settings(space.data / "kafka", address)
    make_or_copy(home / "data", _formatted(), lambda: _format(space, home, classpath))
    broker = _run(space, "kafka", home, classpath, "kafka.Kafka")
    service = Service("kafka", address, answers, broker)
    service.wait()
    return service


def answers(address: Endpoint, seconds: float = 0.5) -> bool:
    """Whether a broker at the address tells its topics within so long."""
    client = AdminClient(client_settings(address))
    try:
        client.list_topics(timeout=seconds)
    except KafkaException:
        return False
    return True


def topics(address: Endpoint) -> list[str]:
    """The topics there are. A KafkaException where the broker does not tell."""
    return list(AdminClient(client_settings(address)).list_topics(timeout=_ASK_SECONDS).topics)


def groups(address: Endpoint) -> list[str]:
    """The groups of consumers there are. A KafkaException where the broker does not tell."""
    client = AdminClient(client_settings(address))
    # Each broker is asked: a client that has not heard yet which there are asks none.
    client.list_topics(timeout=_ASK_SECONDS)
    told = client.list_consumer_groups().result(_ASK_SECONDS)
    return [group.group_id for group in told.valid]


def remove_group(address: Endpoint, group: str) -> None:
    """Delete a group of consumers. A KafkaException where the broker refuses."""
    client = AdminClient(client_settings(address))
    client.delete_consumer_groups([group])[group].result(_ASK_SECONDS)


def remove(address: Endpoint, topic: str) -> None:
    """Delete a topic. A KafkaException where the broker refuses."""
    client = AdminClient(client_settings(address))
    client.delete_topics([topic])[topic].result(_ASK_SECONDS)


def _write_settings(home: Path, address: Endpoint) -> Path:
    home.mkdir(parents=True)
    # From where it runs: a path may have letters beyond those of Java's properties, Latin-1.
    data = f"{home.name}/data"
    properties = _PROPERTIES.format(port=address.port, controller=free_port(), data=data)
    (home / "server.properties").write_text(properties)
    (home / "log4j2.properties").write_text(CONSOLE_LOGGING)
    write_secret(home / "jaas.conf", _JAAS.format(admits=admits(address)))
    return home


def _formatted() -> Path:
    """Where the data of an empty broker is kept, for it takes a JVM to make it."""
    parts = (jar.sha256 for jar in versions.locked(versions.service("kafka")))
    return paths.cache() / "kafka" / f"empty-{short_name(_PROPERTIES, *parts)}"


def _format(space: Workspace, home: Path, classpath: str) -> None:
    arguments = ("format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c")
    main = "kafka.tools.StorageTool"
    _run(space, "kafka-format", home, classpath, main, *arguments).wait(START_SECONDS)


def _run(
    space: Workspace, name: str, home: Path, classpath: str, main: str, *arguments: str
) -> Process:
    kept = archive(classpath, main)
    options = [
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        *kept.options,
        f"-Djava.security.auth.login.config={home / 'jaas.conf'}",
        f"-Dlog4j2.configurationFile={home / 'log4j2.properties'}",
    ]
    command = [str(java()), *options, "-cp", classpath, main, *arguments]
    return Process(name, [*command, str(home / "server.properties")], space, at_stop=kept.keep)
