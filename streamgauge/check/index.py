"""The names of each Flink line's PyFlink, read once and kept beside the runtimes."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from streamgauge import paths, versions
from streamgauge.check import api, files, java, notes, sources
from streamgauge.check.api import Api
from streamgauge.check.java import Functions, Java
from streamgauge.errors import StreamgaugeError
from streamgauge.files import read_json, written_whole
from streamgauge.runtimes import classfile, environment, jars
from streamgauge.runtimes.environment import Environment
from streamgauge.versions import Jar, Line

# What is not there, or damaged, is read anew.
_ANEW = suppress(StreamgaugeError, OSError, TypeError, AttributeError, KeyError)
_log = logging.getLogger(__name__)


class Apis(Mapping[str, Api]):
    """The names of the lines wanted and of all that are installed, oldest first; read when needed.

    A line that is wanted is installed where it is not. A StreamgaugeError where that fails.
    """

    def __init__(self, wanted: Iterable[Line]) -> None:
        self.wanted = list(wanted)
        for line in self.wanted:
            environment.install(line)
        here = (line for line in versions.lines().values() if environment.installed(line))
        self.runtimes = {line.name: environment.install(line) for line in here}
        self._read: dict[str, Api] = {}

    def __getitem__(self, name: str) -> Api:
        if name not in self._read:
            self._read[name] = of(self.runtimes[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.runtimes)

    def __len__(self) -> int:
        return len(self.runtimes)


class Javas(Mapping[str, Java]):
    """What the jars of the same lines know, with those of their connector sets; read when needed.

    What the lines wanted lack of these is fetched; of the others, what is here is read.
    """

    def __init__(self, apis: Apis) -> None:
        self._apis = apis
        self._read: dict[str, Java] = {}
        self._functions: dict[str, Functions] = {}
        self._mentioned: dict[tuple[str, str], bool] = {}

    def __getitem__(self, name: str) -> Java:
        if name not in self._read:
            jars, reached = self._jars(name), self._apis[name].reached
            self._read[name] = of_jars(self._apis.runtimes[name], jars, reached)
        return self._read[name]

    def functions(self, name: str) -> Functions:
        """The functions of a line."""
        if name not in self._functions:
            jars = self._jars(name)
            self._functions[name] = of_functions(self._apis.runtimes[name], jars)
        return self._functions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._apis)

    def __len__(self) -> int:
        return len(self._apis)

    def mentions(self, name: str, texts: Iterable[str]) -> set[str]:
        """Those of the texts that the line's planner or table API has as constants anywhere."""
        unseen = {text for text in texts if (name, text) not in self._mentioned}
        if unseen:
            seen = java.mentioned(self._jars(name), unseen)
            self._mentioned.update({(name, text): text in seen for text in unseen})
        return {text for text in texts if self._mentioned[name, text]}

    def _jars(self, name: str) -> list[Path]:
        runtime = self._apis.runtimes[name]
        sets = runtime.line.connectors.values()
        connectors = [jar for each in sets for jar in versions.locked(each) if _of_flink(jar)]
        if runtime.line not in self._apis.wanted:
            connectors = [jar for jar in connectors if (jars.folder() / jar.path).exists()]
        own = (*runtime.flink.glob("lib/*.jar"), *runtime.flink.glob("opt/*.jar"))
        return [*sorted(own), *jars.fetch(connectors)]


def _of_flink(jar: Jar) -> bool:
    return jar.coordinate.startswith("org.apache.flink")


def of(runtime: Environment) -> Api:
    """The names of the PyFlink in an environment. What is kept of it is read where it is whole."""
    kept = _path(runtime, "names", api, files, notes, sources)
    with _ANEW:
        return api.loaded(read_json(kept))
    _log.info("reading the names of PyFlink %s", runtime.line.flink)
    found = sources.read(runtime.flink)
    _keep(kept, found.dumped())
    return found


def of_jars(runtime: Environment, here: Sequence[Path], reached: Iterable[str]) -> Java:
    """What these jars know. What is kept of it is read where it is whole."""
    these = _digest(" ".join(file.name for file in here).encode())
    kept = _path(runtime, f"jars-{these}", notes, sources, java, classfile)
    with _ANEW:
        return Java.loaded(read_json(kept))
    _log.info("reading the jars of Flink %s", runtime.line.flink)
    found = Java.read(here, reached)
    _keep(kept, found.dumped())
    return found


def of_functions(runtime: Environment, here: Sequence[Path]) -> Functions:
    """The functions that these jars know. What is kept of it is read where it is whole."""
    kept = _path(runtime, "functions", java, classfile)
    with _ANEW:
        return Functions.loaded(read_json(kept))
    _log.info("reading the functions of Flink %s", runtime.line.flink)
    found = Functions.read(here)
    _keep(kept, found.dumped())
    return found


def _path(runtime: Environment, what: str, *readers: ModuleType) -> Path:
    """Where what is known of a runtime is kept: a file for each way of reading it."""
    return paths.cache() / "check" / f"{runtime.folder.name}-{what}-{_reader(*readers)}.json"


def _keep(path: Path, found: Mapping[str, Any]) -> None:
    """Nobody but the next look-up misses what could not be kept."""
    with suppress(StreamgaugeError), written_whole(path) as temporary:
        temporary.write_text(json.dumps(found))


@cache
def _reader(*modules: ModuleType) -> str:
    """Names what reads: another reader reads anew."""
    return _digest(b"".join(Path(str(module.__file__)).read_bytes() for module in modules))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]
