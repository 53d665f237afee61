"""A schema registry with Confluent's API: Apicurio's as a local process, and questions to any."""

from __future__ import annotations

import json
import tarfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streamgauge import paths, versions
from streamgauge.errors import StreamgaugeError
from streamgauge.files import made_whole
from streamgauge.lazily import Lazily
from streamgauge.processes import Process, free_port
from streamgauge.runtimes import jars
from streamgauge.runtimes.java import java
from streamgauge.services.connect import client, rest_login
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.service import Service
from streamgauge.workspace import Workspace

if TYPE_CHECKING:
    import httpx
else:
    # Its own command line comes with it.
    httpx = Lazily("httpx")

# Where Apicurio has the API that is Confluent's; of a registry of Confluent's it is empty.
_PATH = "/apis/ccompat/v7"
PATH, SCHEME = "path", "scheme"
# The file of whom one trusts, where that is not whom the system trusts.
CA = "ca"
_TYPE = {"Content-Type": "application/vnd.schemaregistry.v1+json"}


def endpoint(port: int) -> Endpoint:
    """Where a registry of ours is, which has no login."""
    return Endpoint("127.0.0.1", port, "", "", {SCHEME: "http", PATH: _PATH})


def start(space: Workspace) -> Service:
    """Start a registry on ports of its own and wait until it answers; on loopback only.

    A StartError quotes its log.
    """
    address = endpoint(free_port())
    service = Service("registry", address, answers, _run(space, address))
    service.wait()
    return service


def url(address: Endpoint) -> str:
    """Where the API begins, without user and password."""
    return f"{address.options[SCHEME]}://{address}{address.options[PATH]}"


def answers(address: Endpoint, seconds: int = 2) -> bool:
    """Whether a registry at the address tells its subjects within so long."""
    try:
        told = _client(address).get(
            f"{url(address)}/subjects", timeout=seconds, auth=rest_login(address)
        )
    except httpx.HTTPError:
        return False
    return told.is_success


def subjects(address: Endpoint) -> list[str]:
    """Those that there are. An httpx.HTTPError where the registry does not tell."""
    told = _client(address).get(f"{url(address)}/subjects", auth=rest_login(address))
    return list(told.raise_for_status().json())


def register(address: Endpoint, subject: str, schema: Any) -> int:
    """The id of a schema of Avro, the subject's newest then. A StreamgaugeError where refused."""
    body = {"schema": json.dumps(schema)}
    return int(_asked(address, "POST", f"subjects/{subject}/versions", body)["id"])


def schema(address: Endpoint, number: int) -> Any:
    """The schema of an id. A StreamgaugeError where there is none."""
    return json.loads(_asked(address, "GET", f"schemas/ids/{number}")["schema"])


def drop(address: Endpoint, subject: str) -> None:
    """Delete a subject, if it is there. A StreamgaugeError where the registry refuses."""
    if subject in _asked(address, "GET", "subjects"):
        _asked(address, "DELETE", f"subjects/{subject}")


def remove(address: Endpoint, subject: str) -> None:
    """Delete a subject. An httpx.HTTPError where the registry refuses."""
    at = f"{url(address)}/subjects/{subject}"
    _client(address).request("DELETE", at, auth=rest_login(address)).raise_for_status()


def _asked(address: Endpoint, method: str, path: str, body: object = None) -> Any:
    at = f"{url(address)}/{path}"
    login = rest_login(address)
    try:
        told = _client(address).request(method, at, json=body, headers=_TYPE, auth=login)
        return told.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        why = str(error).partition("\n")[0]
        raise StreamgaugeError(f"schema registry at {address}: {why}") from None


def trust(address: Endpoint) -> dict[str, str]:
    """What a Java client is told of whom to trust, wherever it runs."""
    if CA not in address.options:
        return {}
    return {
        "ssl.truststore.type": "PEM",
        "ssl.truststore.certificates": Path(address.options[CA]).read_text(),
    }


def _client(address: Endpoint) -> httpx.Client:
    return client(address.options[CA]) if CA in address.options else client()


@cache
def _unpacked() -> Path:
    (packed,) = versions.locked(versions.service("registry"))
    folder = paths.cache() / "registry" / packed.sha256[:10]
    if not folder.exists():
        (archive,) = jars.fetch([packed])
        with made_whole(folder) as temporary, tarfile.open(archive) as told:
            told.extractall(temporary)
    return folder


def _run(space: Workspace, address: Endpoint) -> Process:
    (runner,) = _unpacked().glob("*-runner.jar")
    told = {
        "quarkus.http.host": address.host,
        "quarkus.http.port": address.port,
        # It listens for who watches over it, too.
        "quarkus.management.host": address.host,
        "quarkus.management.port": free_port(),
        # Kept on disk: it may be started again.
        "apicurio.datasource.url": f"jdbc:h2:file:{space.data / 'registry'}",
    }
    options = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    options += [f"-D{name}={value}" for name, value in told.items()]
    return Process("registry", [str(java()), *options, "-jar", str(runner)], space)
