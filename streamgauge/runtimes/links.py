"""Whether connectors link on a Flink line: what their classes ask of Flink, and what it has.

Read from the jars; nothing is started, and nothing is loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from zipfile import ZipFile

from streamgauge.runtimes.classfile import ClassFile, Reference

_FLINK = "org/apache/flink/"
_OBJECT = "java/lang/Object"
_OF_OBJECT = (
    *("<init>", "clone", "equals", "finalize", "getClass", "hashCode"),
    *("notify", "notifyAll", "toString", "wait"),
)


class Classes:
    """The classes in jars by name, as `org/apache/flink/...`; each is read when asked for."""

    def __init__(self, jars: Iterable[Path]) -> None:
        self._jars: dict[str, ZipFile] = {}
        self._read: dict[str, ClassFile] = {}
        for jar in map(ZipFile, jars):
            for name in filter(_is_class, jar.namelist()):
                self._jars.setdefault(name[: -len(".class")], jar)

    def that_name(self, word: str) -> Iterator[ClassFile]:
        """Those with the word somewhere in them: most of a Hadoop do not know of Flink."""
        for name, jar in self._jars.items():
            data = jar.read(f"{name}.class")
            if word.encode() in data:
                yield ClassFile(data)

    def get(self, name: str) -> ClassFile | None:
        """The class of this name; None where there is none."""
        if name in self._jars and name not in self._read:
            self._read[name] = ClassFile(self._jars[name].read(f"{name}.class"))
        return self._read.get(name)


def _is_class(name: str) -> bool:
    return name.endswith(".class") and not name.startswith(("META-INF/", "module-info"))


def asked(connectors: Classes) -> list[Reference]:
    """What connectors' classes ask of Flink, what most of them ask for first."""
    found = Counter(
        reference
        for read in connectors.that_name(_FLINK)
        for reference in read.references
        if reference.owner.startswith(_FLINK)
    )
    return sorted(found, key=lambda reference: (-found[reference], str(reference)))


def lacking(wanted: Iterable[Reference], where: Sequence[Classes]) -> list[Reference]:
    """What is in none of the classes, which are looked through in order.

    A member of a class that is not there is told by its class alone.
    """
    wanted = list(wanted)
    gone = {ref.owner for ref in wanted if not any(each.get(ref.owner) for each in where)}
    return [
        ref
        for ref in wanted
        if (ref.owner in gone and not ref.member)
        or (ref.owner not in gone and ref.member and not _has(ref.owner, ref.member, where))
    ]


def _has(owner: str, member: tuple[str, str], where: Sequence[Classes]) -> bool:
    """Whether a class or one that it extends declares it; those of others than Flink may."""
    if owner == _OBJECT:
        return member[0] in _OF_OBJECT
    found = next((read for each in where if (read := each.get(owner))), None)
    if found is None:
        return not owner.startswith(_FLINK)
    return member in found.members or any(_has(each, member, where) for each in found.parents)
