"""Flink lines, connector sets and services, as `jars/versions.toml` and its lock declare them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from packaging.specifiers import SpecifierSet

from streamgauge import paths
from streamgauge.errors import StreamgaugeError, UsageError, choose

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Between the name of a line and that of a connector set that is not its own.
_OTHER = "+"
_PYTHON = "python="
_RANGE = re.compile(r"(<=|>=)?(\d+\.\d+)|(\d+\.\d+)-(\d+\.\d+)")


@dataclass(frozen=True)
class Jar:
    """A file in a Maven repository: `group:artifact:version` and what it must hash to.

    One that is no jar, or has a classifier, is `group:artifact:extension:classifier:version`.
    """

    coordinate: str
    sha256: str

    @property
    def name(self) -> str:
        """The file's name."""
        _, artifact, *other, version = self.coordinate.split(":")
        extension, classifier = other or ("jar", "")
        return "-".join(filter(None, (artifact, version, classifier))) + f".{extension}"

    @property
    def path(self) -> str:
        """Where it lies in a repository, relative to the root."""
        group, artifact, *_, version = self.coordinate.split(":")
        return f"{group.replace('.', '/')}/{artifact}/{version}/{self.name}"


@dataclass(frozen=True)
class JarSet:
    """Artifacts wanted together; `transitive` with all they depend on, but for `without`.

    `without` has `group:artifact` names; `*` is every artifact of the group.
    """

    name: str
    artifacts: tuple[str, ...]
    transitive: bool = False
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A Flink line: its release, the Pythons it runs on, its connector sets.

    `others` has those that may take the place of a set, by connector and by what they are called;
    a line with one of them is called `1.20+kafka=3.2.0-1.19`. `interpreter` is the one Python that
    a name asks for, as `1.20+python=3.9` does.
    """

    name: str
    flink: str
    python: str
    constraints: tuple[str, ...]
    connectors: Mapping[str, JarSet]
    absent: Mapping[str, str]
    others: Mapping[str, Mapping[str, JarSet]] = field(default_factory=dict)
    interpreter: str = ""

    @property
    def base(self) -> str:
        """The name of the line as it is declared."""
        return base(self.name)

    def __str__(self) -> str:
        return self.name


@cache
def declared() -> dict[str, Any]:
    """versions.toml, whole."""
    return dict(tomllib.loads((paths.jars() / "versions.toml").read_text()))


def lines() -> dict[str, Line]:
    """Every Flink line, oldest first."""
    return {name: _line(name, entry) for name, entry in declared()["flink"].items()}


def line(name: str) -> Line:
    """The Flink line `name`, or with another Python or connectors; a UsageError where none is."""
    declared_name, *others = name.split(_OTHER)
    found = lines()[choose("Flink line", declared_name, lines())]
    pythons = [text for text in others if text.startswith(_PYTHON)]
    chosen_sets = dict(_other(found, text) for text in others if text not in pythons)
    interpreter = _interpreter(found, pythons[-1]) if pythons else ""
    connectors = {**found.connectors, **chosen_sets}
    return replace(found, name=name, connectors=connectors, interpreter=interpreter)


def base(name: str) -> str:
    """Of a line's name, that of the line as it is declared."""
    return name.partition(_OTHER)[0]


def declares(name: str) -> bool:
    """Whether a line is declared under this very name, all connectors its own."""
    return name in declared()["flink"]


def _interpreter(found: Line, text: str) -> str:
    wanted = text.removeprefix(_PYTHON)
    if not re.fullmatch(r"3\.\d+", wanted) or wanted not in SpecifierSet(found.python):
        raise UsageError(f"Flink {found} runs on Python {found.python}, not on {wanted!r}")
    return wanted


def _other(found: Line, text: str) -> tuple[str, JarSet]:
    connector, _, name = text.partition("=")
    there = found.others.get(choose("connector", connector, found.connectors), {})
    what = f"set of {connector} for Flink {found}"
    if not there:
        raise UsageError(f"unknown {what} {name!r}; it has none but its own")
    return connector, there[choose(what, name, there)]


def within(text: str) -> tuple[str, ...]:
    """The names of the lines in a range, oldest first: `2.1`, `2.0-2.2`, `<=1.20`, `>=2.1`.

    Empty, it is all of them. A UsageError where it is no range, names no line or has none in it.
    """
    names = tuple(lines())
    first, last = _ends(text, names)
    places = [names.index(choose("Flink line", end, names)) for end in (first, last)]
    if places[0] > places[1]:
        raise UsageError(f"no line is in {text!r}")
    return names[places[0] : places[1] + 1]


def _ends(text: str, names: Sequence[str]) -> tuple[str, str]:
    oldest, newest = names[0], names[-1]
    found = _RANGE.fullmatch(text) if isinstance(text, str) else None
    if not text:
        return oldest, newest
    if not found:
        such = f"{newest}, {oldest}-{newest}, <={oldest} or >={newest}"
        raise UsageError(f"lines {text!r} are no range, such as {such}")
    sign, one, first, last = found.groups()
    if sign:
        return (oldest, one) if sign == "<=" else (one, newest)
    return first or one, last or one


def chosen(names: Iterable[str] | None) -> list[Line]:
    """The lines named, each once; the default one where none is named."""
    return [line(name) for name in dict.fromkeys(names or [default_line()])]


def default_line() -> str:
    """The line that is used where none is named."""
    return str(declared()["default"])


def service(name: str) -> JarSet:
    """The jars of a service."""
    entry = declared()["services"][name]
    without = tuple(entry.get("without", ()))
    return JarSet(name, tuple(entry["artifacts"]), entry.get("transitive", False), without)


def jar_sets() -> list[JarSet]:
    """All sets there are, of services and of lines."""
    services = [service(name) for name in declared()["services"]]
    return services + [js for ln in lines().values() for js in _of_line(ln)]


def _of_line(found: Line) -> list[JarSet]:
    others = [js for sets in found.others.values() for js in sets.values()]
    return [*found.connectors.values(), *others]


def locked(jar_set: JarSet) -> list[Jar]:
    """The jars of a set, as locked. A StreamgaugeError where the lock does not cover it."""
    entry = lock().get(jar_set.name)
    if entry is None or entry["artifacts"] != list(jar_set.artifacts):
        raise StreamgaugeError(
            f"jars/locks/jars.json does not fit versions.toml in {jar_set.name!r}:"
            " run `streamgauge jars lock`"
        )
    return [Jar(coordinate, sha256) for coordinate, sha256 in entry["jars"].items()]


@cache
def lock() -> dict[str, Any]:
    """The lock of the jars, by set."""
    path = paths.locks() / "jars.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _line(name: str, entry: Mapping[str, Any]) -> Line:
    connectors = {
        kind: JarSet(f"{name}-{kind}", tuple(artifacts))
        for kind, artifacts in entry["connectors"].items()
    }
    constraints = tuple(entry.get("constraints", ()))
    absent = dict(entry.get("absent", {}))
    others = {
        kind: {
            other: JarSet(f"{name}-{kind}-{other}", tuple(artifacts))
            for other, artifacts in sets.items()
        }
        for kind, sets in entry.get("others", {}).items()
    }
    return Line(name, entry["flink"], entry["python"], constraints, connectors, absent, others)
