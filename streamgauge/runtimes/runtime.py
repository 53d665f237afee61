"""What jobs of a Flink line run on: its environment, the Java, a set of connectors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from streamgauge import versions
from streamgauge.runtimes import environment, jars, java
from streamgauge.runtimes.environment import Environment
from streamgauge.versions import Jar, Line


@dataclass(frozen=True)
class Runtime:
    """A line, installed, with the connectors' jars."""

    environment: Environment
    connectors: tuple[Path, ...]
    # The feature version of its Java, such as 17.
    java: str

    @property
    def line(self) -> Line:
        """Its Flink line."""
        return self.environment.line

    @property
    def python(self) -> str:
        """The version of its Python, such as 3.11.7."""
        return self.environment.python_version


def install(line: Line, connectors: Iterable[str]) -> Runtime:
    """The line's runtime with those connector sets that it has; what is missing is fetched."""
    found = jars.fetch(jars_of(line, connectors))
    return Runtime(environment.install(line), tuple(found), str(java.version(java.java())))


def jars_of(line: Line, connectors: Iterable[str]) -> list[Jar]:
    """The jars of those connector sets that the line has."""
    sets = [line.connectors[name] for name in sorted(set(connectors)) if name in line.connectors]
    return [jar for jar_set in sets for jar in versions.locked(jar_set)]
