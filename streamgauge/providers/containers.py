"""The provider `containers`: each service as a container of this run, on a Docker engine."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from streamgauge.containers import images
from streamgauge.containers.container import Container
from streamgauge.containers.ground import Ground
from streamgauge.files import write_secret
from streamgauge.processes import free_port
from streamgauge.providers.local import ASK, NEEDS
from streamgauge.services import connect, kafka, mysql
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.workspace import Workspace

if TYPE_CHECKING:
    from streamgauge.clusters.remote import RemoteCluster
    from streamgauge.versions import Line

_log = logging.getLogger(__name__)

Around = Mapping[str, Endpoint]


@dataclass(frozen=True)
class _Contract:
    """What an image asks for, as its documentation has it: all else is the image's own.

    Where it listens, for us and for other containers; who is let in, at a port of ours; what it
    is told for that, called by a name in its network. Variables go by the engine's socket.
    Both know the services that this one needs, as containers see them. `sees`: it reads folders
    of the run's tables.
    """

    port: int
    inside: int
    endpoint: Callable[[int, Around], Endpoint]
    environment: Callable[[Endpoint, str, Around], Mapping[str, str]]
    command: tuple[str, ...] = ()
    sees: bool = False


class Containers:
    """Starts containers, which end with the run, however that ends.

    `whole`: jobs run in containers as well, and see the services there. A UsageError where no
    engine answers.
    """

    name = "containers"

    def __init__(
        self, space: Workspace, endpoint_of: Callable[[str], Endpoint], *, whole: bool = False
    ) -> None:
        self._ground = Ground(space)
        self._space = space
        self._endpoint_of = endpoint_of
        self._whole = whole
        self._clusters = count(1)
        # Services are asked for side by side.
        self._once = threading.Lock()
        self._kept: dict[str, object] = {}

    def service(self, name: str) -> Service | None:
        """Start the service; None where there is no image of it.

        A StreamgaugeError where its image is neither here nor to be had, a StartError with its
        log where the container does not come up.
        """
        return self._start(name, _CONTRACTS[name]) if name in _CONTRACTS else None

    def cluster(self, line: Line) -> RemoteCluster:
        """Start a cluster of the line beside the services; it fails as they do."""
        from streamgauge.clusters import contained  # noqa: PLC0415 - it builds images

        return contained.launch(self._ground, line, next(self._clusters))

    def _start(self, name: str, contract: _Contract) -> Service:
        around = {need: self._inside(need) for need in NEEDS.get(name, ())}
        image, address = images.bring(name), contract.endpoint(free_port(), around)
        called = self._ground.called(name)
        _log.info("starting %s in a container of %s", name, image)
        container = self._ground.start(
            name,
            image,
            contract.port,
            address.port,
            contract.environment(address, called, around),
            contract.command,
            sees=contract.sees,
        )
        seen = f"{called}:{contract.inside}" if self._whole else None
        service = Service(name, replace(address, seen_by_jobs=seen), ASK[name], container)
        self._tell_where(service, container)
        service.wait()
        _log.info("%s is up at %s", name, address)
        return service

    def _inside(self, name: str) -> Endpoint:
        """A service as other containers see it."""
        found = self._endpoint_of(name)
        return replace(found, host=self._ground.called(name), port=_CONTRACTS[name].inside)

    def _tell_where(self, service: Service, container: Container) -> None:
        """One that is kept, and how to log in."""
        if not self._space.keep:
            return
        with self._once:
            self._kept[service.name] = asdict(service.endpoint)
            logins = self._space.folder / "logins.json"
            write_secret(logins, json.dumps(self._kept, indent=1))
            up = f"stays up at {service.endpoint} in {container}; how to log in: {logins}"
            self._space.stays[service.name] = up


def _kafka(port: int, around: Around) -> Endpoint:
    return kafka.endpoint(port, kafka.USER, secrets.token_urlsafe(24))


def _kafka_environment(address: Endpoint, name: str, around: Around) -> Mapping[str, str]:
    """The settings of the image `apache/kafka`, by variables.

    To itself the broker is what its container is called; the controller has no port outside.
    """
    admits = kafka.admits(address)
    settings = {
        **dict(line.split("=", 1) for line in kafka.SINGLE.splitlines()),
        "node.id": "1",
        "process.roles": "broker,controller",
        "listeners": "CLIENT://:9092,INSIDE://:19092,CONTROLLER://localhost:29092",
        "advertised.listeners": f"CLIENT://{address},INSIDE://{name}:19092",
        "listener.security.protocol.map": (
            "CLIENT:SASL_PLAINTEXT,INSIDE:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT"
        ),
        "inter.broker.listener.name": "INSIDE",
        "controller.listener.names": "CONTROLLER",
        "controller.quorum.voters": "1@localhost:29092",
        "listener.name.client.plain.sasl.jaas.config": admits,
        "listener.name.inside.plain.sasl.jaas.config": admits,
    }
    return {**_variables("KAFKA", settings), "KAFKA_HEAP_OPTS": "-Xmx512m"}


def _variables(prefix: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Settings as images of Kafka and Connect have them: a dot is an underscore."""
    return {f"{prefix}_{key.replace('.', '_').upper()}": value for key, value in settings.items()}


def _mysql(port: int, around: Around) -> Endpoint:
    return Endpoint("127.0.0.1", port, "root", secrets.token_urlsafe(24))


def _mysql_environment(address: Endpoint, name: str, around: Around) -> Mapping[str, str]:
    return {"MYSQL_ROOT_PASSWORD": address.password, "TZ": "UTC"}


# How jobs log in without TLS; each server knows one of these by its own name.
_NATIVE = (
    "--loose-default-authentication-plugin=mysql_native_password",
    "--loose-mysql-native-password=ON",
    "--loose-authentication-policy=mysql_native_password",
)

# What a connector is told by name alone: its settings can be read by whoever asks.
_KAFKA_LOGIN = "${env:STREAMGAUGE_KAFKA_LOGIN}"


def _connect(port: int, around: Around) -> Endpoint:
    """Its options have a connector see the others where containers do, whatever it is told."""
    history, clients = "schema.history.internal", ("producer", "consumer")
    seen = {
        "database.hostname": around["mysql"].host,
        "database.port": str(around["mysql"].port),
        f"{history}.kafka.bootstrap.servers": str(around["kafka"]),
        **{f"{history}.{each}.sasl.jaas.config": _KAFKA_LOGIN for each in clients},
    }
    address = connect.endpoint(port)
    return replace(address, options={**address.options, **seen})


def _connect_environment(address: Endpoint, name: str, around: Around) -> Mapping[str, str]:
    """A distributed worker, the only one the image `debezium/connect` has, alone in its group."""
    broker = around["kafka"]
    login = {**broker.options, "sasl.jaas.config": kafka.login(broker)}
    kept = {
        f"{part}.storage.{what}": "1"
        for part in ("config", "offset", "status")
        for what in ("replication.factor", "partitions")
        if (part, what) != ("config", "partitions")
    }
    settings = {
        **kept,
        **{f"{whose}{key}": value for whose in ("", "producer.") for key, value in login.items()},
        "rest.advertised.host.name": name,
        "offset.flush.interval.ms": "100",
        "config.providers": "env",
        "config.providers.env.class": (
            "org.apache.kafka.common.config.provider.EnvVarConfigProvider"
        ),
        "config.providers.env.param.allowlist.pattern": "STREAMGAUGE_.*",
    }
    return {
        "BOOTSTRAP_SERVERS": str(broker),
        "GROUP_ID": "streamgauge",
        **{f"{part}_STORAGE_TOPIC": f"connect_{part}".lower() for part in _STORED},
        **_variables("CONNECT", settings),
        "HEAP_OPTS": "-Xmx320m",
        "STREAMGAUGE_MYSQL_PASSWORD": around["mysql"].password,
        "STREAMGAUGE_KAFKA_LOGIN": kafka.login(broker),
    }


def _metastore(port: int, around: Around) -> Endpoint:
    return Endpoint("127.0.0.1", port, "", "")


def _metastore_environment(address: Endpoint, name: str, around: Around) -> Mapping[str, str]:
    """The image `apache/hive` has several services, and its own Derby."""
    return {"SERVICE_NAME": "metastore"}


_STORED = ("CONFIG", "OFFSET", "STATUS")

_CONTRACTS: Mapping[str, _Contract] = {
    "kafka": _Contract(9092, 19092, _kafka, _kafka_environment),
    "mysql": _Contract(
        3306, 3306, _mysql, _mysql_environment, (*mysql.BINLOG, *mysql.QUICK, *_NATIVE)
    ),
    "connect": _Contract(8083, 8083, _connect, _connect_environment),
    "metastore": _Contract(9083, 9083, _metastore, _metastore_environment, sees=True),
}
