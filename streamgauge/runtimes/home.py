"""A Flink home: the jars and the configuration that a cluster and its clients share."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from streamgauge.runtimes.environment import Environment
from streamgauge.runtimes.java import CONSOLE_LOGGING, java
from streamgauge.zones import UTC

_LOOPBACK = ("localhost", "127.0.0.1")


def make(folder: Path, environment: Environment, connectors: Sequence[Path]) -> Path:
    """A home in `folder`, with Flink's own jars and the connectors; not configured yet."""
    home = Path(tempfile.mkdtemp(prefix=f"flink-{environment.line}-", dir=folder))
    _link_jars(home / "lib", environment, connectors)
    (home / "conf").mkdir()
    (home / "tmp").mkdir()
    for role in ("console", "cli"):
        (home / "conf" / f"log4j-{role}.properties").write_text(CONSOLE_LOGGING)
    return home


def configure(home: Path, settings: Mapping[str, str]) -> None:
    """Write `config.yaml`."""
    # JSON strings are YAML strings, whatever is in them. PyFlink cannot read an empty file.
    lines = [f"{key}: {json.dumps(value)}" for key, value in settings.items()] or ["{}"]
    (home / "conf" / "config.yaml").write_text("\n".join(lines) + "\n")


def _link_jars(lib: Path, environment: Environment, connectors: Sequence[Path]) -> None:
    """Flink's own jars, the one for Python and the connectors, on every class path.

    Jars given to a job instead would travel with each job; and Python's thread
    mode loads a native library, which fails from a job's class loader.
    """
    lib.mkdir()
    for jar in dict.fromkeys([*environment.jars, *connectors]):
        (lib / jar.name).symlink_to(jar.resolve())


def java_options(environment: Environment, zone: str = UTC) -> list[str]:
    """The `--add-opens` and like options of the shipped configuration, and the time zone.

    A connector may take the JVM's zone for that of its times (Hive's Parquet writer does).
    """
    shipped = (environment.flink / "conf" / "config.yaml").read_text()
    opened = (word for word in shipped.split() if word.startswith("--add-"))
    return [*opened, f"-Duser.timezone={zone}"]


def variables(environment: Environment, home: Path) -> dict[str, str]:
    """Where Flink's processes and clients find things.

    PYTHONPATH is where thread mode looks for pemja: it does not ask `python.executable`.
    Python workers start with every job: they must find compiled modules. What JVMs have for a
    while is in the home, and gone with it.
    """
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {
        **inherited,
        "JAVA_HOME": str(java().resolve().parents[1]),
        "JDK_JAVA_OPTIONS": _with_theirs(f"-Djava.io.tmpdir={_quoted(str(home / 'tmp'))}"),
        "FLINK_HOME": str(environment.flink),
        "FLINK_CONF_DIR": str(home / "conf"),
        "FLINK_LIB_DIR": str(home / "lib"),
        "FLINK_OPT_DIR": str(environment.flink / "opt"),
        "FLINK_PLUGINS_DIR": str(environment.flink / "plugins"),
        "PYTHONPATH": str(environment.packages),
        "no_grpc_proxy": _without_proxy(),
    }


def _with_theirs(option: str) -> str:
    """A JVM's option, after those that the user has for all of his."""
    return f"{os.environ.get('JDK_JAVA_OPTIONS', '')} {option}".lstrip()


def _quoted(path: str) -> str:
    """As Java reads it: PyFlink cuts what it gives to its JVM by itself at each space."""
    quote = '"' if "'" in path else "'"
    return f"{quote}{path}{quote}"


def _without_proxy() -> str:
    """Where gRPC goes without the user's proxy: Python workers talk to the TaskManager by it.

    What gRPC would have heeded otherwise holds as well.
    """
    heeded = (os.environ.get(name) for name in ("no_grpc_proxy", "no_proxy"))
    chosen = next(filter(None, heeded), None)
    return ",".join(filter(None, (chosen, *_LOOPBACK)))
