"""What the jars of a Flink line know: connectors, formats, options, functions, classes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamgauge.runtimes.classfile import ClassFile

_SERVICES = "META-INF/services/org.apache.flink.table.factories."
# Classes of Flink whose names say that they are about options.
_OF_OPTIONS = re.compile(
    r"org/apache/flink/(?!.*shaded).*(Option|Config|Factory|Constants)[^/]*\.class"
)
# Those of the table API, and those that are SQL's alone.
_DEFINITIONS = "org/apache/flink/table/functions/BuiltInFunctionDefinitions.class"
_OPERATORS = re.compile(r"org/apache/flink/table/planner/.*/Flink\w*OperatorTable\.class")
_OF_WORDS = re.compile(
    r"org/apache/calcite/(sql/fun/SqlStdOperatorTable|sql/SqlKind|sql/type/SqlTypeName)\.class"
)
_KEY = re.compile(r"[a-z][a-z0-9]*([.\-_][a-z0-9]+)*")
_FUNCTION = re.compile(r"[A-Z][A-Z0-9_]+")
_OF_TABLES = re.compile(r"org/apache/(flink/table|calcite)/(?!.*shaded).*\.class")
_PLANNER = "flink-table-planner.jar"


@dataclass(frozen=True)
class Functions:
    """Flink's `own`, and the `words` that Calcite knows beside them: functions, types, keywords."""

    own: frozenset[str]
    words: frozenset[str]

    def dumped(self) -> dict[str, Any]:
        """As data."""
        return {"own": sorted(self.own), "words": sorted(self.words)}

    @classmethod
    def loaded(cls, dumped: Mapping[str, Any]) -> Functions:
        """What was dumped."""
        return cls(frozenset(dumped["own"]), frozenset(dumped["words"]))

    @classmethod
    def read(cls, jars: Iterable[Path]) -> Functions:
        """Those that the jars of the table API and the planner know."""
        own: set[str] = set()
        words: set[str] = set()
        for _, jar in _opened(filter(_is_of_tables, jars)):
            here = jar.namelist()
            own.update(_functions(jar, here))
            words.update(_strings(jar, here, _OF_WORDS, _FUNCTION))
        return cls(frozenset(own), frozenset(words))


@dataclass(frozen=True)
class Java:
    """What jars know beside functions.

    `classes` has the artifact in whose jar each Java class is that PyFlink reaches for.
    """

    factories: frozenset[str]
    options: frozenset[str]
    artifacts: frozenset[str]
    classes: Mapping[str, str]

    def dumped(self) -> dict[str, Any]:
        """As data."""
        classes = dict(self.classes)
        sets = {name: sorted(values) for name, values in vars(self).items() if name != "classes"}
        return {**sets, "classes": classes}

    @classmethod
    def loaded(cls, dumped: Mapping[str, Any]) -> Java:
        """What was dumped."""
        sets = {name: frozenset(values) for name, values in dumped.items() if name != "classes"}
        return cls(**sets, classes=dict(dumped["classes"]))

    @classmethod
    def read(cls, jars: Sequence[Path], reached: Iterable[str]) -> Java:
        """What these jars know; `reached`: the classes for which PyFlink reaches, with dots."""
        factories: set[str] = set()
        options: set[str] = set()
        classes: dict[str, str] = {}
        paths = {f"{name.replace('.', '/')}.class": name for name in reached}
        for artifact, jar in _opened(jars):
            here = jar.namelist()
            classes.update({paths[name]: artifact for name in paths.keys() & set(here)})
            factories.update(_factories(jar, here))
            options.update(_strings(jar, here, _OF_OPTIONS, _KEY))
        artifacts = frozenset(map(artifact_of, jars))
        return cls(frozenset(factories), frozenset(options), artifacts, classes)

    def dropped(self, name: str, other: Java) -> bool:
        """Whether a class is gone from the artifact that has it on another line.

        Where the artifact is not here, nobody knows what a user has in its place.
        """
        return name not in self.classes and other.classes.get(name) in self.artifacts


def artifact_of(jar: Path) -> str:
    """A jar's name without versions."""
    return re.split(r"[-_]\d", jar.stem)[0]


def _is_of_tables(jar: Path) -> bool:
    return jar.name.startswith("flink-table-")


def _opened(jars: Iterable[Path]) -> Iterator[tuple[str, zipfile.ZipFile]]:
    """Each jar with its artifact, and the planner that lies in one of them."""
    for path in jars:
        with zipfile.ZipFile(path) as jar:
            yield artifact_of(path), jar
            if _PLANNER in jar.namelist():
                with zipfile.ZipFile(io.BytesIO(jar.read(_PLANNER))) as planner:
                    yield artifact_of(path), planner


def _strings(
    jar: zipfile.ZipFile, names: Iterable[str], classes: re.Pattern[str], shape: re.Pattern[str]
) -> Iterator[str]:
    """The string constants of this shape in classes of these names."""
    for name in names:
        if name.endswith(".class") and classes.fullmatch(name):
            yield from filter(shape.fullmatch, ClassFile(jar.read(name)).strings)


def _functions(jar: zipfile.ZipFile, names: Sequence[str]) -> Iterator[str]:
    """The functions that are defined under a name as SQL has it."""
    yield from _strings(jar, names, _OPERATORS, _FUNCTION)
    if _DEFINITIONS in names:
        yield from filter(_FUNCTION.fullmatch, ClassFile(jar.read(_DEFINITIONS)).given("name"))


def _factories(jar: zipfile.ZipFile, names: Iterable[str]) -> Iterator[str]:
    """The names by which tables ask for what the jar's factories make."""
    for name in (name for name in names if name.startswith(_SERVICES)):
        lines = jar.read(name).decode().splitlines()
        classes = (line.partition("#")[0].strip() for line in lines)
        for cls in filter(None, classes):
            if found := _identifier(jar, cls.replace(".", "/")):
                yield found


def _identifier(jar: zipfile.ZipFile, cls: str) -> str | None:
    """What a factory, or what it extends in the same jar, calls itself."""
    try:
        read = ClassFile(jar.read(f"{cls}.class"))
    except KeyError:
        return None
    if found := read.returned("factoryIdentifier"):
        return found
    return next((_identifier(jar, parent) for parent in read.parents[:1]), None)


def mentioned(jars: Iterable[Path], texts: Collection[str]) -> set[str]:
    """Those of the texts that are a constant of any class of the planner or the table API.

    So a name that is known there in another way than by what is read is not taken for unknown.
    """
    constants = {b"\x01" + len(text).to_bytes(2, "big") + text.encode(): text for text in texts}
    pattern = re.compile(b"|".join(map(re.escape, constants)), re.DOTALL)
    found: set[str] = set()
    for _, jar in _opened(filter(_is_of_tables, jars)):
        for name in filter(_OF_TABLES.fullmatch, jar.namelist()):
            found.update(constants[constant] for constant in pattern.findall(jar.read(name)))
    return found
