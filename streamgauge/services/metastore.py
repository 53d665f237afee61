"""A real Hive metastore on an embedded Derby, as a local process."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.Thrift import TException
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TBufferedTransport

from streamgauge import versions
from streamgauge.files import uri
from streamgauge.processes import Process, free_port
from streamgauge.runtimes import jars
from streamgauge.runtimes.java import CONSOLE_LOGGING, java
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.workspace import Workspace

if TYPE_CHECKING:
    from pymetastore.hive_metastore.ThriftHiveMetastore import Client

# Each address that a socket cannot be opened to; the exception tells it as well.
logging.getLogger("thrift.transport.TSocket").setLevel(logging.CRITICAL)

_MAIN = "org.apache.hadoop.hive.metastore.HiveMetaStore"
_METASTORE = "org.apache.hadoop.hive.metastore"

# Hive 3 has no setting for the address it binds to, and takes every interface.
_LOOPBACK = """\
RULE listen on loopback only
CLASS org.apache.hadoop.hive.metastore.utils.SecurityUtils
METHOD getServerSocket
AT ENTRY
IF TRUE
DO $1 = "127.0.0.1"
ENDRULE
"""

_OPTIONS = (
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    *(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("lang", "util", "net")),
)


def start(space: Workspace, port: int | None = None) -> Service:
    """Start a metastore on a port of its own and wait until it answers.

    Loopback only; it knows no passwords. A StartError quotes its log.
    """
    address = Endpoint("127.0.0.1", port or free_port(), "", "")
    files = jars.fetch(versions.locked(versions.service("metastore")))
    home = _make_home(space.data / "metastore")
    process = Process("metastore", _command(files, home, address), space)
    service = Service("metastore", address, answers, process)
    service.wait()
    return service


@contextmanager
def connect(address: Endpoint, seconds: float = 30) -> Iterator[Client]:
    """A client whose every call has its answer within `seconds`; a TException where not."""
    # Costs 0.4 s, and is seldom needed.
    from pymetastore.hive_metastore.ThriftHiveMetastore import Client  # noqa: PLC0415

    socket = TSocket(address.host, address.port)
    socket.setTimeout(seconds * 1000)
    transport = TBufferedTransport(socket)
    transport.open()
    try:
        yield Client(TBinaryProtocol(transport))
    finally:
        transport.close()


def answers(address: Endpoint) -> bool:
    """Whether a metastore at the address tells its databases."""
    try:
        with connect(address, seconds=5) as client:
            client.get_all_databases()
    except (TException, OSError):
        return False
    return True


def databases(address: Endpoint) -> list[str]:
    """The databases there are. A TException where the metastore does not tell."""
    with connect(address) as client:
        return list(client.get_all_databases())


def remove(address: Endpoint, database: str) -> None:
    """Drop a database and its tables, but no file. A TException where the metastore refuses."""
    with connect(address) as client:
        client.drop_database(database, deleteData=False, cascade=True)


def _make_home(home: Path) -> Path:
    home.mkdir(parents=True)
    (home / "loopback.btm").write_text(_LOOPBACK)
    (home / "log4j2.properties").write_text(CONSOLE_LOGGING)
    return home


def _command(files: list[Path], home: Path, address: Endpoint) -> list[str]:
    (agent,) = (file for file in files if file.name.startswith("byteman-"))
    return [
        str(java()),
        *_OPTIONS,
        f"-javaagent:{agent}=script:{home / 'loopback.btm'}",
        f"-Dlog4j2.configurationFile={home / 'log4j2.properties'}",
        f"-Dderby.stream.error.file={home / 'derby.log'}",
        "-cp",
        os.pathsep.join(map(str, files)),
        _MAIN,
        "-p",
        str(address.port),
        *(part for setting in _settings(home).items() for part in _as_options(*setting)),
    ]


def _settings(home: Path) -> Mapping[str, str]:
    """An empty database that makes its tables, and nothing that only a whole Hive has."""
    return {
        "javax.jdo.option.ConnectionURL": f"jdbc:derby:{home / 'derby'};create=true",
        "datanucleus.schema.autoCreateAll": "true",
        "hive.metastore.schema.verification": "false",
        "metastore.warehouse.dir": uri(home / "warehouse"),
        "metastore.expression.proxy": f"{_METASTORE}.DefaultPartitionExpressionProxy",
        "metastore.task.threads.always": f"{_METASTORE}.events.EventCleanerTask",
    }


def _as_options(name: str, value: str) -> tuple[str, str]:
    return "--hiveconf", f"{name}={value}"
