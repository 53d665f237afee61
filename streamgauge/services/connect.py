"""A real Kafka Connect worker with Debezium's MySQL connector, as a local process."""

from __future__ import annotations

import os
import ssl
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from streamgauge import versions
from streamgauge.files import write_secret
from streamgauge.lazily import Lazily
from streamgauge.processes import Process, free_port
from streamgauge.runtimes import jars
from streamgauge.runtimes.archive import archive
from streamgauge.runtimes.java import CONSOLE_LOGGING, java
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.kafka import OWN, java_settings, login
from streamgauge.services.service import Service
from streamgauge.workspace import Workspace

if TYPE_CHECKING:
    import httpx
else:
    # Its own command line comes with it.
    httpx = Lazily("httpx")

# How connectors log in to MySQL: the worker alone knows the password, and tells only its name.
_MAIN = "org.apache.kafka.connect.cli.ConnectStandalone"
_LOGIN = {"database.password": "${env:STREAMGAUGE_MYSQL_PASSWORD}"}
# The file with the key of a client that logs in by a certificate.
_KEY = "ssl.key.location"
_STORE = "kafka.pem"

_ASK_SECONDS = 30

# Standalone: no topics of its own, no group to join, and connectors by REST all the same.
_PROPERTIES = """\
bootstrap.servers={kafka}
{login}
listeners=http://{address}
rest.advertised.host.name={address.host}
offset.storage.file.filename={offsets}
offset.flush.interval.ms=100
key.converter=org.apache.kafka.connect.json.JsonConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
plugin.discovery=service_load
config.providers=env
config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider
config.providers.env.param.allowlist.pattern=STREAMGAUGE_.*
"""

# In a file of its own: Connect prints its settings, and those of its clients.
_JAAS = """\
KafkaClient {{
  {login}
}};
"""


def endpoint(port: int) -> Endpoint:
    """Where a worker of ours is; its options are those of a connector that reads MySQL."""
    return Endpoint("127.0.0.1", port, "", "", _LOGIN)


def start(space: Workspace, kafka: Endpoint, mysql: Endpoint, port: int | None = None) -> Service:
    """Start a worker between the two on a port of its own and wait until it answers.

    Loopback only. Its REST interface has no login, and tells no password. A
    StartError quotes its log.
    """
    home = space.data / "connect"
    address = replace(endpoint(port or free_port()), options=_told(kafka, home))
    _write_settings(home, address, kafka)
    service = Service("connect", address, answers, _run(space, home, mysql))
    service.wait()
    return service


def answers(address: Endpoint, seconds: int = 2) -> bool:
    """Whether a worker at the address tells its connectors within so long."""
    try:
        told = client().get(_connectors(address), timeout=seconds, auth=rest_login(address))
    except httpx.HTTPError:
        return False
    return told.is_success


def connectors(address: Endpoint) -> list[str]:
    """The connectors there are. An httpx.HTTPError where the worker does not tell."""
    told = client().get(_connectors(address), auth=rest_login(address))
    return list(told.raise_for_status().json())


def remove(address: Endpoint, connector: str) -> None:
    """Delete a connector. An httpx.HTTPError where the worker refuses."""
    url = f"{_connectors(address)}/{connector}"
    client().request("DELETE", url, auth=rest_login(address)).raise_for_status()


@cache
def client(authorities: str = "") -> httpx.Client:
    """One for all that is asked: to make one loads certificates, for longer than it asks.

    `authorities`: the file of whom to trust, where that is not whom the system trusts. The user's
    proxy is for the world outside, and does not know our loopback.
    """
    trusted = ssl.create_default_context(cafile=authorities) if authorities else True
    return httpx.Client(timeout=_ASK_SECONDS, trust_env=False, verify=trusted)


def rest_login(address: Endpoint) -> tuple[str, str] | None:
    """User and password of the REST interface, if it has a login."""
    return (address.user, address.password) if address.user else None


def _connectors(address: Endpoint) -> str:
    return f"http://{address}/connectors"


def _write_settings(home: Path, address: Endpoint, kafka: Endpoint) -> None:
    home.mkdir(parents=True)
    # From where it runs: a path may have letters beyond those of Java's properties, Latin-1.
    offsets = f"{home.name}/offsets"
    properties = _PROPERTIES.format(
        kafka=kafka, address=address, offsets=offsets, login=_logins(kafka, home)
    )
    write_secret(home / "worker.properties", properties)
    (home / "log4j2.properties").write_text(CONSOLE_LOGGING)
    write_secret(home / "jaas.conf", _JAAS.format(login=login(kafka)))
    if _KEY in kafka.options:
        write_secret(home / _STORE, _keys(kafka))


def _logins(kafka: Endpoint, home: Path) -> str:
    """How to log in to Kafka, for the worker and for the producers of its connectors."""
    public = {name: value for name, value in java_settings(kafka).items() if name not in OWN}
    told = {**public, **_key_store(kafka, home)}.items()
    return "\n".join(f"{whose}{k}={_escaped(v)}" for whose in ("", "producer.") for k, v in told)


def _told(kafka: Endpoint, home: Path) -> dict[str, str]:
    """How connectors log in: by the name of what only the worker knows, and where a key lies."""
    own = _key_store(kafka, home).items()
    at = [f"schema.history.internal.{client}" for client in ("producer", "consumer")]
    return {**_LOGIN, **{f"{client}.{name}": value for client in at for name, value in own}}


def _key_store(kafka: Endpoint, home: Path) -> dict[str, str]:
    """Where a Java client finds the key that it logs in by: Debezium logs a key that it is told."""
    return {"ssl.keystore.location": str(home / _STORE)} if _KEY in kafka.options else {}


def _keys(kafka: Endpoint) -> str:
    """The key and the certificate of a client, in one text."""
    files = (kafka.options[name] for name in (_KEY, "ssl.certificate.location"))
    return "".join(Path(file).read_text() for file in files)


def _escaped(text: str) -> str:
    """As Java's properties have texts of several lines."""
    return text.replace("\\", r"\\").replace("\n", r"\n")


def _run(space: Workspace, home: Path, mysql: Endpoint) -> Process:
    files = jars.fetch(versions.locked(versions.service("connect")))
    class_path = os.pathsep.join(map(str, files))
    kept = archive(class_path, _MAIN)
    options = [
        "-Xmx320m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        *kept.options,
        f"-Djava.security.auth.login.config={home / 'jaas.conf'}",
        f"-Dlog4j2.configurationFile={home / 'log4j2.properties'}",
    ]
    main = [_MAIN, str(home / "worker.properties")]
    command = [str(java()), *options, "-cp", class_path, *main]
    secret = {"STREAMGAUGE_MYSQL_PASSWORD": mysql.password}
    env = {**os.environ, **secret}
    return Process("connect", command, space, env=env, at_stop=kept.keep)
