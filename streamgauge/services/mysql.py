"""A real MySQL 8.0 with a row-based binlog, as a local process."""

from __future__ import annotations

import os
import secrets
import ssl
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pymysql

from streamgauge.errors import StreamgaugeError
from streamgauge.files import make_or_copy, short_name, write_secret
from streamgauge.processes import Process, free_port
from streamgauge.services import mysql_server
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import START_SECONDS, Service
from streamgauge.workspace import Workspace
from streamgauge.zones import offset

_USER = "streamgauge"

# Options of an address by TLS: whether the server's name is looked at too, as MySQL's clients say
# it; whom we trust, PEM; and whom Java trusts, PKCS #12, in which nothing is secret.
TLS, CA, STORE = "ssl-mode", "ssl-ca", "truststore"
_BY_NAME = "VERIFY_IDENTITY"
STORE_PASSWORD = "changeit"  # noqa: S105 - of what everybody may read

END_OF_BINLOG = "SHOW MASTER STATUS"
# What it is called from 8.4 on.
NEWER_END = "SHOW BINARY LOG STATUS"
# What the rows of events need beside their values: names, signs, words of ENUMs.
_NEEDED = {
    "log_bin": "ON",
    "binlog_format": "ROW",
    "binlog_row_image": "FULL",
    "binlog_row_metadata": "FULL",
}
# What readers cannot read, and older servers do not have.
_USUAL = {"binlog_row_value_options": "", "binlog_transaction_compression": "OFF"}

BINLOG = (
    "--log-bin=binlog",
    "--binlog-format=ROW",
    "--binlog-row-image=FULL",
    # Names and signs of columns, words of ENUMs: a sink's changes are read from the binlog.
    "--binlog-row-metadata=FULL",
    "--gtid-mode=ON",
    "--enforce-gtid-consistency=ON",
    "--server-id=1",
)
# What makes a start quick for data that is thrown away with the run. A commit outlives the
# server's death, as it has gone to the system, but not the system's.
QUICK = (
    "--skip-log-error-suppression-list",
    "--innodb-flush-log-at-trx-commit=2",
    "--sync-binlog=0",
    "--mysqlx=OFF",
    "--performance-schema=OFF",
    "--innodb-buffer-pool-size=64M",
)

# The accounts of the empty server have no password: they go.
_ACCOUNTS = """\
CREATE USER '{user}'@'127.0.0.1' IDENTIFIED WITH mysql_native_password BY '{password}';
GRANT ALL ON *.* TO '{user}'@'127.0.0.1';
DROP USER 'root'@'localhost';
"""


def start(space: Workspace, port: int | None = None) -> Service:
    """Start a server on a port of its own and wait until it lets us in.

    Loopback only, with a random password. A StartError quotes its log.
    """
    address = Endpoint("127.0.0.1", port or free_port(), _USER, secrets.token_urlsafe(24))
    server = mysql_server.server()
    home = space.data / "mysql"
    home.mkdir(parents=True)
    kept = server.folder.with_name(f"empty-{short_name(server.folder.name, *QUICK)}")
    make_or_copy(home / "data", kept, lambda: _initialize(space, server, home))
    # Names of zones it would know only from tables that are empty.
    zone = f"--default-time-zone={offset(space.zone)}"
    daemon = _run(space, "mysql", server, home, *_options(home, address), zone)
    service = Service("mysql", address, answers, daemon)
    service.wait()
    # Read at each start: by now the accounts are there, and the password need not be.
    write_secret(home / "accounts.sql", "")
    return service


def connect(
    address: Endpoint, database: str | None = None, seconds: int = 30
) -> pymysql.Connection:
    """A connection in UTC with autocommit, on which no answer takes longer than `seconds`."""
    return pymysql.connect(
        **client_settings(address, seconds),
        database=database,
        autocommit=True,
        init_command="SET time_zone = '+00:00'",
    )


def client_settings(address: Endpoint, seconds: int = 30) -> dict[str, Any]:
    """What pymysql needs to log in, as jobs do: without TLS, or with it.

    To load the certificates that the system trusts takes longer than all that is asked then.
    """
    options = address.options
    tls = {"ssl": _context(options[TLS], options.get(CA))} if TLS in options else {}
    return {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        **(tls or {"ssl_disabled": True}),
        "connect_timeout": seconds,
        "read_timeout": seconds,
        "write_timeout": seconds,
    }


@cache
def _context(mode: str, authority: str | None) -> ssl.SSLContext:
    """Whom we trust: the authority of a file, or those that the system does."""
    context = ssl.create_default_context(cafile=authority)
    context.check_hostname = mode == _BY_NAME
    return context


def jdbc_settings(address: Endpoint) -> dict[str, str]:
    """What Java's driver needs of TLS, as properties of its URL; empty without it."""
    options = address.options
    if TLS not in options:
        return {}
    store = {
        "trustCertificateKeyStoreUrl": f"file:{options.get(STORE)}",
        "trustCertificateKeyStoreType": "PKCS12",
        "trustCertificateKeyStorePassword": STORE_PASSWORD,
    }
    return {"sslMode": options[TLS], **(store if STORE in options else {})}


def debezium_settings(address: Endpoint) -> dict[str, str]:
    """What Debezium needs of TLS, also inside of mysql-cdc; empty without it."""
    options, at = address.options, "database.ssl"
    if TLS not in options:
        return {}
    store = {
        f"{at}.truststore": options.get(STORE, ""),
        f"{at}.truststore.password": STORE_PASSWORD,
    }
    return {f"{at}.mode": options[TLS].lower(), **(store if STORE in options else {})}


def answers(address: Endpoint, seconds: int = 2) -> bool:
    """Whether a server at the address lets us in within so long."""
    try:
        connect(address, seconds=seconds).close()
    except pymysql.Error:
        return False
    return True


def check_binlog(ask: Callable[[str], Iterable[tuple[Any, ...]]]) -> None:
    """A StreamgaugeError where the binlog is not one of whole rows; `ask` gives answers' rows."""
    wanted = {**_NEEDED, **_USUAL}
    names = ", ".join(f"'{name}'" for name in wanted)
    told = {**_USUAL, **dict(ask(f"SHOW GLOBAL VARIABLES WHERE Variable_name IN ({names})"))}
    for name, value in wanted.items():
        if told.get(name) != value:
            is_, needed = (each or "empty" for each in (told.get(name), value))
            raise StreamgaugeError(f"MySQL's {name} is {is_}: it has to be {needed}")


def without_old_end(address: Endpoint) -> str | None:
    """Why mysql-cdc cannot read this server's binlog, if so: its end goes by the newer name alone.

    A pymysql.Error where the server does not tell.
    """
    with connect(address) as connection, connection.cursor() as cursor:
        try:
            cursor.execute(END_OF_BINLOG)
        except pymysql.err.ProgrammingError:
            version = connection.get_server_info()  # type: ignore[no-untyped-call]
            return (
                f"MySQL {version} has no {END_OF_BINLOG}, which mysql-cdc asks for: it reads 8.0;"
                " the binding debezium reads this one too"
            )
    return None


def databases(address: Endpoint) -> list[str]:
    """The databases there are. A pymysql.Error where the server does not tell."""
    with connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW DATABASES")
        return [name for (name,) in cursor.fetchall()]


def remove(address: Endpoint, database: str) -> None:
    """Drop a database. A pymysql.Error where the server refuses."""
    quoted = database.replace("`", "``")
    with connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE `{quoted}`")


def _initialize(space: Workspace, server: mysql_server.Server, home: Path) -> None:
    """Make an empty server's data, in which nothing is one server's own."""
    _run(space, "mysql-init", server, home, "--initialize-insecure").wait(START_SECONDS)
    data = home / "data"
    for own in (data / "auto.cnf", *data.glob("*.pem")):
        own.unlink(missing_ok=True)


def _options(home: Path, address: Endpoint) -> list[str]:
    accounts = home / "accounts.sql"
    write_secret(accounts, _ACCOUNTS.format(user=address.user, password=address.password))
    return [
        f"--port={address.port}",
        f"--bind-address={address.host}",
        "--skip-name-resolve",
        # In the data folder, by a short name: the path of a socket may have 107 characters.
        "--socket=mysql.sock",
        f"--pid-file={home / 'mysql.pid'}",
        f"--init-file={accounts}",
        *BINLOG,
    ]


def _run(
    space: Workspace, name: str, server: mysql_server.Server, home: Path, *options: str
) -> Process:
    command = [str(server.executable), "--no-defaults", f"--basedir={server.folder}"]
    command += [f"--datadir={home / 'data'}", *QUICK, *options]
    # mysqld refuses to be root unless told so; our data is a root's throw-away folder then.
    command += ["--user=root"] if os.geteuid() == 0 else []
    return Process(name, command, space, env={**os.environ, **server.environment})
