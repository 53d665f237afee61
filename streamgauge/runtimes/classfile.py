"""What a Java class declares and refers to: names alone, read from its class file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

# Entries of a constant pool by their tag, after the JVM's specification (4.4).
_TEXT, _CLASS, _NAMED = 1, 7, 12
_MEMBERS = (9, 10, 11)
_WIDE = (5, 6)
_FORMATS = {
    **dict.fromkeys((3, 4, *_MEMBERS, _NAMED, 17, 18), ">HH"),
    **dict.fromkeys(_WIDE, ">HHHH"),
    **dict.fromkeys((_CLASS, 8, 16, 19, 20), ">H"),
    15: ">BH",
}


class Reference(NamedTuple):
    """A class as `org/apache/flink/...`, and if one of its members is meant, name and type."""

    owner: str
    member: tuple[str, str] | None = None

    def __str__(self) -> str:
        owner = self.owner.replace("/", ".").replace("$", ".")
        return f"{owner}.{self.member[0]}" if self.member else owner


@dataclass(frozen=True)
class ClassFile:
    """A class: those that it extends, what it declares, and what it refers to."""

    parents: tuple[str, ...]
    members: frozenset[tuple[str, str]]
    references: frozenset[Reference]


def read(data: bytes) -> ClassFile:
    """The class of a whole, valid class file."""
    pool, place = _pool(data)
    _, _, parent, count = struct.unpack_from(">HHHH", data, place)
    interfaces = struct.unpack_from(f">{count}H", data, place + 8)
    parents = tuple(_class(pool, entry) for entry in (parent, *interfaces) if entry)
    members = frozenset(_declared(data, pool, place + 8 + 2 * count))
    return ClassFile(parents, members, frozenset(_references(pool)))


def _pool(data: bytes) -> tuple[list[Any], int]:
    """The entries, texts as such and others with their tag; and where they end."""
    (count,) = struct.unpack_from(">H", data, 8)
    pool: list[Any] = [None]
    place = 10
    while len(pool) < count:
        tag = data[place]
        if tag == _TEXT:
            end = place + 3 + struct.unpack_from(">H", data, place + 1)[0]
            # Names are compared and, being ASCII, shown: whatever else is in a text is whole.
            pool.append(str(data[place + 3 : end], "latin-1"))
        else:
            end = place + 1 + struct.calcsize(_FORMATS[tag])
            pool.append((tag, *struct.unpack_from(_FORMATS[tag], data, place + 1)))
        pool += [None] if tag in _WIDE else []
        place = end
    return pool, place


def _class(pool: list[Any], entry: int) -> str:
    """Its name; of an array that of what is in it."""
    name: str = pool[pool[entry][1]]
    return name.lstrip("[")[1:-1] if name.startswith("[") else name


def _declared(data: bytes, pool: list[Any], place: int) -> Iterator[tuple[str, str]]:
    """Fields, then methods."""
    for _ in ("fields", "methods"):
        (count,) = struct.unpack_from(">H", data, place)
        place += 2
        for _ in range(count):
            _, name, descriptor, attributes = struct.unpack_from(">HHHH", data, place)
            yield pool[name], pool[descriptor]
            place = _after(data, place + 8, attributes)


def _after(data: bytes, place: int, attributes: int) -> int:
    for _ in range(attributes):
        place += 6 + struct.unpack_from(">I", data, place + 2)[0]
    return place


def _references(pool: list[Any]) -> Iterator[Reference]:
    for entry in pool:
        if not isinstance(entry, tuple):
            continue
        if entry[0] == _CLASS:
            name = pool[entry[1]]
            yield Reference(name.lstrip("[")[1:-1] if name.startswith("[") else name)
        elif entry[0] in _MEMBERS:
            _, name, descriptor = pool[entry[2]]
            yield Reference(_class(pool, entry[1]), (pool[name], pool[descriptor]))
