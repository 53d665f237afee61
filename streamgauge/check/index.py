"""The names of each Flink line's PyFlink, read once and kept beside the runtimes."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from streamgauge import paths, versions
from streamgauge.check import api, notes, sources
from streamgauge.check.api import Api
from streamgauge.errors import StreamgaugeError
from streamgauge.files import read_json, written_whole
from streamgauge.runtimes import environment
from streamgauge.runtimes.environment import Environment
from streamgauge.versions import Line

_log = logging.getLogger(__name__)


class Apis(Mapping[str, Api]):
    """The names of the lines wanted and of all that are installed, oldest first; read when needed.

    A line that is wanted is installed where it is not. A StreamgaugeError where that fails.
    """

    def __init__(self, wanted: Iterable[Line]) -> None:
        for line in wanted:
            environment.install(line)
        here = (line for line in versions.lines().values() if environment.installed(line))
        self._runtimes = {line.name: environment.install(line) for line in here}
        self._read: dict[str, Api] = {}

    def __getitem__(self, name: str) -> Api:
        if name not in self._read:
            self._read[name] = of(self._runtimes[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._runtimes)

    def __len__(self) -> int:
        return len(self._runtimes)


def of(runtime: Environment) -> Api:
    """The names of the PyFlink in an environment. What is kept of it is read where it is whole."""
    kept = paths.cache() / "check" / f"{runtime.folder.name}-{_reader()}.json"
    with suppress(StreamgaugeError, OSError, TypeError, AttributeError):
        return api.loaded(read_json(kept))
    _log.info("reading the names of PyFlink %s", runtime.line.flink)
    found = sources.read(runtime.flink)
    # Nobody but the next look-up misses what could not be kept.
    with suppress(StreamgaugeError), written_whole(kept) as temporary:
        temporary.write_text(json.dumps(found.dumped()))
    return found


@cache
def _reader() -> str:
    """Names what reads: another reader reads anew."""
    files = [str(module.__file__) for module in (api, notes, sources)]
    return hashlib.sha256(b"".join(Path(file).read_bytes() for file in files)).hexdigest()[:8]
