"""A Flink cluster that nobody of ours keeps: standalone, with two TaskManagers, over TLS.

And a door to it over plain HTTP, for who has the login alone.
"""

from __future__ import annotations

import os
import secrets
import select
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from streamgauge.clusters.access import Access
from streamgauge.clusters.rest import Rest
from streamgauge.processes import free_port
from streamgauge.runtimes import environment, home
from streamgauge.runtimes.environment import Environment
from streamgauge.runtimes.java import java
from streamgauge.versions import Line
from streamgauge.waiting import wait_for

_MAIN = "org.apache.flink.runtime."
_ROLES = {
    "jobmanager": ("entrypoint.StandaloneSessionClusterEntrypoint", "-Xmx384m"),
    "taskmanager-1": ("taskexecutor.TaskManagerRunner", "-Xmx512m"),
    "taskmanager-2": ("taskexecutor.TaskManagerRunner", "-Xmx512m"),
}
_PASSWORD = "STANDING_PASSWORD"
_SLOTS = 2
_SECONDS = 60


class Standing:
    """Its address, the certificate to trust, and where its savepoints go."""

    def __init__(self, folder: Path, url: str, made: Environment) -> None:
        self._folder = folder
        self._made = made
        self.savepoints = folder / "savepoints"
        self.url = url
        self.ca = folder / "ca.pem"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, role: str) -> None:
        """A part of it; one that ran before is killed."""
        self.end(role)
        self.processes[role] = _start(self._folder, self._made, role)

    def end(self, role: str) -> None:
        """Nothing where it has not been started."""
        if process := self.processes.get(role):
            process.kill()
            process.wait(_SECONDS)

    def wait(self) -> None:
        """Until all its slots are free."""
        with closing(self.rest()) as rest:
            wait_for(lambda: self.slots(rest), (2 * _SLOTS).__eq__, _SECONDS, "{} slots".format)

    def rest(self) -> Rest:
        """To be closed by who asks."""
        return Access(self.url, ca=self.ca).rest()

    def slots(self, rest: Rest) -> int:
        """How many are free, as long as all of it lives."""
        dead = [role for role, each in self.processes.items() if each.poll() is not None]
        assert dead == [], (self.ca.parent / f"{dead[0]}.log").read_text()
        return rest.slots()


@contextmanager
def standing(folder: Path, line: Line, python: str = "") -> Iterator[Standing]:
    """The cluster, up, with all that is its own in `folder`; another `python` than the line's."""
    made = environment.install(line)
    password = secrets.token_hex(16)
    _certify(folder, password)
    port = free_port()
    _configure(folder, python or str(made.python), port, password)
    found = Standing(folder, f"https://127.0.0.1:{port}", made)
    with ExitStack() as stack:
        for role in _ROLES:
            found.start(role)
            stack.callback(found.end, role)
        found.wait()
        yield found


def _certify(folder: Path, password: str) -> None:
    store = ["-keystore", str(folder / "flink.p12"), "-storepass:env", _PASSWORD, "-alias", "flink"]
    make = ["-genkeypair", "-keyalg", "EC", "-dname", "CN=flink", "-validity", "2"]
    make += ["-storetype", "PKCS12", "-ext", "san=ip:127.0.0.1", "-ext", "bc=ca:true"]
    for command in (make, ["-exportcert", "-rfc", "-file", str(folder / "ca.pem")]):
        subprocess.run(
            [java().resolve().with_name("keytool"), *command, *store],
            env={**os.environ, _PASSWORD: password},
            check=True,
            capture_output=True,
        )


def _configure(folder: Path, python: str, port: int, password: str) -> None:
    store = str(folder / "flink.p12")
    settings = {
        "jobmanager.rpc.address": "127.0.0.1",
        "jobmanager.rpc.port": str(free_port()),
        # Whose other end has died is seen soon.
        "heartbeat.interval": "1000",
        "heartbeat.timeout": "15000",
        "rest.address": "127.0.0.1",
        "rest.port": str(port),
        "security.ssl.rest.enabled": "true",
        "security.ssl.rest.keystore": store,
        "security.ssl.rest.keystore-password": password,
        "security.ssl.rest.key-password": password,
        "security.ssl.rest.truststore": store,
        "security.ssl.rest.truststore-password": password,
        "taskmanager.host": "127.0.0.1",
        "taskmanager.numberOfTaskSlots": str(_SLOTS),
        "taskmanager.cpu.cores": "1",
        "taskmanager.memory.framework.heap.size": "128m",
        "taskmanager.memory.framework.off-heap.size": "128m",
        "taskmanager.memory.jvm-metaspace.size": "256m",
        "taskmanager.memory.task.heap.size": "384m",
        "taskmanager.memory.task.off-heap.size": "128m",
        "taskmanager.memory.network.min": "64m",
        "taskmanager.memory.network.max": "64m",
        "taskmanager.memory.managed.size": "256m",
        "taskmanager.memory.jvm-overhead.min": "192m",
        "taskmanager.memory.jvm-overhead.max": "192m",
        "io.tmp.dirs": str(folder / "tmp"),
        "python.executable": python,
        "state.savepoints.dir": f"file://{folder / 'savepoints'}",
        "execution.checkpointing.savepoint-dir": f"file://{folder / 'savepoints'}",
    }
    for name in ("conf", "tmp", "savepoints"):
        (folder / name).mkdir()
    home.configure(folder, settings)


def _start(folder: Path, made: Environment, role: str) -> subprocess.Popen[bytes]:
    main, heap = _ROLES[role]
    command = [str(java()), heap, "-XX:+UseSerialGC", *home.java_options(made)]
    command += ["-XX:TieredStopAtLevel=1", "-cp", f"{made.flink / 'lib'}/*", _MAIN + main]
    with (folder / f"{role}.log").open("wb") as log:
        return subprocess.Popen(
            [*command, "--configDir", str(folder / "conf")],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


@contextmanager
def door(to: Standing, login: str) -> Iterator[str]:
    """The address of a door: a login, `Bearer TOKEN`, opens it, and all that is said goes on."""
    context = ssl.create_default_context(cafile=to.ca)
    # In 1.3 a server speaks without having said anything: to read that would wait.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        told = login.lower().encode()
        thread = threading.Thread(target=_keep, args=(server, to.url, context, told))
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.shutdown, socket.SHUT_RDWR)
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def _keep(server: socket.socket, url: str, context: ssl.SSLContext, login: bytes) -> None:
    host, _, port = url.partition("//")[2].partition(":")
    with suppress(OSError):
        while True:
            caller, _ = server.accept()
            args = (caller, (host, int(port)), context, login)
            threading.Thread(target=_open, args=args, daemon=True).start()


def _open(
    caller: socket.socket, address: tuple[str, int], context: ssl.SSLContext, login: bytes
) -> None:
    with caller, suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head and (more := caller.recv(65536)):
            head += more
        if b"\r\nauthorization: " + login + b"\r\n" not in head.lower():
            caller.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
            return
        plain = socket.create_connection(address)
        with context.wrap_socket(plain, server_hostname=address[0]) as flink:
            flink.sendall(head)
            _pass_on(caller, flink)


def _pass_on(caller: socket.socket, flink: ssl.SSLSocket) -> None:
    """What either says, until one hangs up; by one thread, for TLS is not for two."""
    while True:
        ready = [flink] if flink.pending() else select.select([caller, flink], [], [])[0]
        for source, to in ((caller, flink), (flink, caller)):
            if source in ready:
                if not (part := source.recv(65536)):
                    return
                to.sendall(part)
