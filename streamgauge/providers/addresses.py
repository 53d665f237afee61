"""Where a user's own services are: by URLs in environment variables, or in a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from streamgauge import paths
from streamgauge.errors import UsageError, choose
from streamgauge.services.endpoint import Endpoint

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Of each service what its URL looks like; the first word is that without TLS.
_FORMS: Mapping[str, str] = {
    "kafka": "kafka://USER:PASSWORD@HOST:PORT",
    "mysql": "mysql://USER:PASSWORD@HOST:PORT",
    "connect": "http://HOST:PORT",
    "registry": "http://USER:PASSWORD@HOST:PORT",
}
# Those of others are `kafka` and `kafka+ssl`, and so on.
_SCHEMES: Mapping[str, tuple[str, ...]] = {"connect": ("http",), "registry": ("http", "https")}
NAMES = tuple(_FORMS)
_FILE = "STREAMGAUGE_EXTERNAL"
_MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
_VERIFY = ("name", "ca")
# How Debezium logs in to MySQL: a user's own worker knows, and tells by which name.
_PASSWORD = "database.password"  # noqa: S105 - a setting's name


@dataclass(frozen=True)
class _Told:
    """A URL, taken apart: `where` says which it is, and never what is in it."""

    where: str
    url: SplitResult
    options: Mapping[str, str]

    @property
    def tls(self) -> bool:
        return self.url.scheme.endswith("+ssl")

    def refuse(self, why: str) -> UsageError:
        return UsageError(f"{self.where}: {why}")

    def file(self, option: str) -> str:
        """The file that an option names, where that is."""
        path = Path(self.options[option]).expanduser()
        if not path.is_file():
            raise self.refuse(f"{option}={path} is no file")
        return str(path.absolute())

    def chosen(self, option: str, choices: tuple[str, ...]) -> str:
        """The value of an option, of which the first is the default."""
        return choose(f"{self.where} {option}", self.options.get(option, choices[0]), choices)


def addresses() -> dict[str, Endpoint]:
    """The services that are given, by name: a variable comes before the file.

    A UsageError where there is none, or one cannot be read; it never quotes what is there.
    """
    given = {**_from_file(), **_from_variables()}
    if not given:
        raise UsageError(
            f"--provider external: no address in {', '.join(map(_variable, NAMES))}, or in "
            f"{_file()}"
        )
    return {name: _endpoint(name, *told) for name, told in given.items()}


def _variable(name: str) -> str:
    return f"STREAMGAUGE_{name.upper()}"


def _file() -> Path:
    return Path(os.environ.get(_FILE) or paths.state() / "external.toml")


def _from_variables() -> dict[str, tuple[str, str]]:
    there = {name: os.environ.get(_variable(name)) for name in NAMES}
    return {name: (_variable(name), url) for name, url in there.items() if url}


def _from_file() -> dict[str, tuple[str, str]]:
    file = _file()
    if not file.exists() and _FILE not in os.environ:
        return {}
    return {
        choose(f"service in {file}", name, NAMES): (f"{file}: {name}", str(url))
        for name, url in _read(file).items()
    }


def _read(file: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = tomllib.loads(file.read_text())
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from None
    except ValueError:
        # What is wrong would be quoted, and may be a password.
        raise UsageError(f'{file} is no TOML: lines such as kafka = "kafka://..."') from None
    return told


def _endpoint(name: str, where: str, url: str) -> Endpoint:
    told = _taken_apart(name, where, url)
    options = _OPTIONS[name](told)
    user, password = (unquote(part or "") for part in (told.url.username, told.url.password))
    assert told.url.hostname and told.url.port  # noqa: PT018 - seen to be there
    seen = told.options.get("jobs")
    if seen is not None and not seen.rpartition(":")[2].isdecimal():
        raise told.refuse("jobs= is HOST:PORT, where jobs reach it")
    return Endpoint(told.url.hostname, told.url.port, user, password, options, seen)


def _taken_apart(name: str, where: str, text: str) -> _Told:
    """A UsageError where it does not look as it has to."""
    plain = _FORMS[name].partition(":")[0]
    split = urlsplit(text if "://" in text else f"{plain}://{text}")
    schemes = _SCHEMES.get(name, (plain, f"{plain}+ssl"))
    try:
        fits = split.scheme in schemes and split.hostname and split.port and not split.path
    except ValueError:
        fits = False
    if not fits:
        also = "" if len(schemes) == 1 else f", or {schemes[1]}:// with TLS"
        hint = "of user and password, / : @ ? # and % are written %2F %3A %40 %3F %23 %25"
        raise UsageError(f"{where} is not like {_FORMS[name]}{also} ({hint})")
    return _Told(where, split, dict(parse_qsl(split.query, keep_blank_values=True)))


def _known(told: _Told, *names: str) -> None:
    for name in told.options:
        choose(f"{told.where} option", name, ("jobs", *names))


def _kafka(told: _Told) -> dict[str, str]:
    """As librdkafka names it."""
    by_tls = ("ca", "cert", "key", "verify") if told.tls else ()
    by_user = ("mechanism",) if told.url.username else ()
    _known(told, *by_tls, *by_user)
    if ("cert" in told.options) != ("key" in told.options):
        raise told.refuse("cert= and key= go together")
    protocol = f"{'SASL_' if by_user else ''}{'SSL' if told.tls else 'PLAINTEXT'}"
    options = {"security.protocol": protocol}
    if by_user:
        options["sasl.mechanism"] = told.chosen("mechanism", _MECHANISMS)
    for option, name in (("ca", "ca"), ("cert", "certificate"), ("key", "key")):
        if option in told.options:
            options[f"ssl.{name}.location"] = told.file(option)
    if told.tls and told.chosen("verify", _VERIFY) == "ca":
        options["ssl.endpoint.identification.algorithm"] = "none"
    return options


def _mysql(told: _Told) -> dict[str, str]:
    """As MySQL's own clients name it."""
    _known(told, *(("ca", "verify") if told.tls else ()))
    if not told.url.username:
        raise told.refuse(f"no user in it: {_FORMS['mysql']}")
    if not told.tls:
        return {}
    mode = "VERIFY_CA" if told.chosen("verify", _VERIFY) == "ca" else "VERIFY_IDENTITY"
    return {"ssl-mode": mode, **({"ssl-ca": told.file("ca")} if "ca" in told.options else {})}


def _connect(told: _Told) -> dict[str, str]:
    """What connectors are told beside: all of it is Debezium's to read."""
    if not told.options.get(_PASSWORD, "").startswith("${"):
        raise told.refuse(
            f"?{_PASSWORD}= has to be there: by which name this Connect knows MySQL's password, "
            "such as ${env:MYSQL_PASSWORD}, for it shows its connectors' settings to anybody"
        )
    return {name: value for name, value in told.options.items() if name != "jobs"}


def _registry(told: _Told) -> dict[str, str]:
    """Where its API begins, which of Confluent's is nowhere below."""
    _known(told, "path", *(("ca",) if told.url.scheme == "https" else ()))
    path = told.options.get("path", "")
    if path and not path.startswith("/"):
        raise told.refuse(f"path={path} does not begin with /")
    trusted = {"ca": told.file("ca")} if "ca" in told.options else {}
    return {"scheme": told.url.scheme, "path": path.rstrip("/"), **trusted}


_OPTIONS: Mapping[str, Callable[[_Told], dict[str, str]]] = {
    "kafka": _kafka,
    "mysql": _mysql,
    "connect": _connect,
    "registry": _registry,
}
