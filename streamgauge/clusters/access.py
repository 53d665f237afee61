"""Where a cluster of somebody's own is, and how to get in.

What is secret comes from environment variables: command lines are seen by others.
"""

from __future__ import annotations

import base64
import os
import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from streamgauge.clusters.rest import Rest
from streamgauge.errors import UsageError
from streamgauge.processes import run
from streamgauge.runtimes.java import java

TOKEN, USER, PASSWORD, CA, SAVEPOINTS = VARIABLES = (
    "STREAMGAUGE_REST_TOKEN",
    "STREAMGAUGE_REST_USER",
    "STREAMGAUGE_REST_PASSWORD",
    "STREAMGAUGE_REST_CA",
    "STREAMGAUGE_SAVEPOINTS",
)
# Of those by which Flink's client asks by default, servers of today take none but with RSA keys.
_ALGORITHMS = [
    f"TLS_ECDHE_{key}_WITH_AES_{bits}"
    for key in ("ECDSA", "RSA")
    for bits in ("128_GCM_SHA256", "256_GCM_SHA384")
]
_PORTS = {"http": 80, "https": 443}
_END = "-----END CERTIFICATE-----"
# Headers that Flink's own client sends, a line each.
_HEADERS = "FLINK_REST_CLIENT_HEADERS"
_STOREPASS = "STREAMGAUGE_STOREPASS"


@dataclass(frozen=True)
class Access:
    """A REST interface at `url`, and what it asks for.

    `authorization` is the header of that name, `ca` a PEM file of what is trusted, if not all that
    the system trusts. `savepoints` is the URI of a folder of the cluster's for them, if one is
    named. `ships`: whether the line's own Python goes with each job that has any.
    """

    url: str
    authorization: str = field(default="", repr=False)
    ca: Path | None = None
    savepoints: str = ""
    ships: bool = False

    def rest(self) -> Rest:
        """Connections of our own."""
        trusted = ssl.create_default_context(cafile=self.ca)
        return Rest(self.url, self.authorization, trusted)

    def settings(self) -> dict[str, str]:
        """What sends a job there."""
        parts = urlsplit(self.url)
        return {
            "execution.target": "remote",
            "execution.attached": "false",
            "rest.address": parts.hostname or "",
            "rest.port": str(parts.port or _PORTS[parts.scheme]),
            **({"rest.path": parts.path} if parts.path else {}),
        }

    def variables(self) -> dict[str, str]:
        """What logs Flink's own client in."""
        return {_HEADERS: f"Authorization:{self.authorization}"} if self.authorization else {}

    def trust(self, folder: Path) -> dict[str, str]:
        """What has Flink's own client trust it: a store made in `folder`; not to be recorded."""
        if not self.url.startswith("https:"):
            return {}
        store, password = folder / "trusted.p12", secrets.token_hex(16)
        if self.ca:
            _import(self.ca.read_text(), store, password)
        else:
            store, password = java().resolve().parents[1] / "lib/security/cacerts", "changeit"
        return {
            "security.ssl.rest.enabled": "true",
            "security.ssl.algorithms": ",".join(_ALGORITHMS),
            "security.ssl.rest.truststore": str(store),
            "security.ssl.rest.truststore-password": password,
        }


def _import(certificates: str, store: Path, password: str) -> None:
    """Java's own tool takes the first certificate of a file alone."""
    for number, text in enumerate(certificates.split(_END)[:-1]):
        one = store.with_name(f"trusted-{number}.pem")
        one.write_text(f"{text}{_END}\n")
        command = [str(java().resolve().with_name("keytool")), "-importcert", "-noprompt"]
        command += ["-alias", str(number), "-file", str(one), "-keystore", str(store)]
        command += ["-storetype", "PKCS12", "-storepass:env", _STOREPASS]
        run(command, env={**os.environ, _STOREPASS: password})


def access(url: str, variables: Mapping[str, str], *, ships: bool = False) -> Access:
    """To the interface at `url`, with what the variables say. A UsageError where that is wrong."""
    told = urlsplit(url.rstrip("/"))
    if told.scheme not in _PORTS or not told.hostname or not _has_port(told):
        raise UsageError(f"--rest {_shown(told)}: http://HOST:PORT, or https")
    if told.username or told.password or told.query or told.fragment:
        raise UsageError(
            f"--rest {_shown(told)}: a login comes by {TOKEN}, or {USER} and {PASSWORD}"
        )
    login, trusted = _authorization(variables), _ca(variables)
    return Access(told.geturl(), login, trusted, variables.get(SAVEPOINTS, ""), ships)


def _has_port(told: SplitResult) -> bool:
    """None is one as well."""
    try:
        return told.port != 0
    except ValueError:
        return False


def _shown(told: SplitResult) -> str:
    """Without what may be a login."""
    return f"{told.scheme}://{told.netloc.rpartition('@')[2]}{told.path}"


def _authorization(variables: Mapping[str, str]) -> str:
    token, user, password = (variables.get(name, "") for name in (TOKEN, USER, PASSWORD))
    if token and user:
        raise UsageError(f"either {TOKEN}, or {USER} and {PASSWORD}")
    if bool(user) != bool(password):
        raise UsageError(f"{USER} and {PASSWORD} go together")
    if not all(map(str.isprintable, (token, user, password))):
        raise UsageError(f"{TOKEN}, {USER} and {PASSWORD} are of one line each")
    if user:
        return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
    return f"Bearer {token}" if token else ""


def _ca(variables: Mapping[str, str]) -> Path | None:
    if not (named := variables.get(CA)):
        return None
    try:
        ssl.create_default_context(cafile=named)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"{CA} {named}: {error.strerror or error}") from None
    return Path(named).absolute()
