"""A Java class file, read without a JVM: what it declares, refers to, and has as text."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

# Bytes that a constant of each kind takes, with the one that tells the kind; of texts see below.
_SIZES = {3: 5, 4: 5, 5: 9, 6: 9, 7: 3, 8: 3, 9: 5, 10: 5, 11: 5, 12: 5, 15: 4, 16: 3, 17: 5, 18: 5}
_SIZES |= {19: 3, 20: 3}
_UTF8, _STRING, _CLASS, _WIDE = 1, 8, 7, (5, 6)
# `ldc` or `ldc_w` of a constant, and `areturn`.
_LDC, _LDC_W, _ARETURN = 0x12, 0x13, 0xB0
# `ldc` or `ldc_w`, and `invokevirtual`; begun anywhere, as where an instruction begins is not read.
_LOAD_AND_INVOKE = re.compile(rb"(?:\x12(.)|\x13(..))\xb6(..)", re.DOTALL)
_METHODS = (10, 11)
_MEMBERS = (9, *_METHODS)


class Reference(NamedTuple):
    """A class as `org/apache/flink/...`, and if one of its members is meant, name and type."""

    owner: str
    member: tuple[str, str] | None = None

    def __str__(self) -> str:
        owner = self.owner.replace("/", ".").replace("$", ".")
        return f"{owner}.{self.member[0]}" if self.member else owner


class _Member(NamedTuple):
    """A field, or a method with its code; no code where it is abstract."""

    name: str
    kind: str
    is_method: bool
    code: bytes


@dataclass(frozen=True)
class ClassFile:
    """The bytes of a class file. A ValueError, by whatever is read, where they are none."""

    data: bytes

    @cached_property
    def _pool(self) -> tuple[dict[int, int], int]:
        """Where each constant begins, by number, and where the last ends."""
        places: dict[int, int] = {}
        (count,) = struct.unpack_from(">H", self.data, 8)
        at, number = 10, 1
        while number < count:
            places[number] = at
            kind = self.data[at]
            if kind != _UTF8 and kind not in _SIZES:
                raise ValueError(f"constant {number} of an unknown kind {kind}")
            at += 3 + self._two(at + 1) if kind == _UTF8 else _SIZES[kind]
            number += 1 + (kind in _WIDE)
        return places, at

    def _two(self, at: int) -> int:
        """The number in two bytes."""
        return self.data[at] << 8 | self.data[at + 1]

    def _text(self, number: int) -> str:
        at = self._pool[0][number]
        return self.data[at + 3 : at + 3 + self._two(at + 1)].decode("utf-8", "backslashreplace")

    def _of(self, number: int) -> str:
        """The text of a constant that has another for it, as strings and classes do."""
        return self._text(self._two(self._pool[0][number] + 1))

    @cached_property
    def strings(self) -> frozenset[str]:
        """The string constants that its code and its fields have."""
        places, _ = self._pool
        return frozenset(
            self._of(number) for number, at in places.items() if self.data[at] == _STRING
        )

    @cached_property
    def parents(self) -> tuple[str, ...]:
        """The class it extends, if any, and the interfaces it has."""
        at = self._pool[1] + 4
        interfaces = range(at + 4, at + 4 + 2 * self._two(at + 2), 2)
        numbers = (self._two(place) for place in (at, *interfaces))
        return tuple(self._of(number) for number in numbers if number)

    @cached_property
    def members(self) -> frozenset[tuple[str, str]]:
        """Name and type of each field and method that it declares."""
        return frozenset((member.name, member.kind) for member in self._declared())

    @cached_property
    def references(self) -> frozenset[Reference]:
        """The classes, and the members of classes, that it refers to."""
        return frozenset(self._referred())

    def _referred(self) -> Iterator[Reference]:
        places, _ = self._pool
        for number, at in places.items():
            if self.data[at] == _CLASS:
                yield Reference(self._class(number))
            elif self.data[at] in _MEMBERS:
                named = places[self._two(at + 3)]
                member = self._text(self._two(named + 1)), self._text(self._two(named + 3))
                yield Reference(self._class(self._two(at + 1)), member)

    def _class(self, number: int) -> str:
        """The name of a class; of an array that of what is in it."""
        name = self._of(number)
        return name.lstrip("[")[1:-1] if name.startswith("[") else name

    def returned(self, method: str) -> str | None:
        """The string that a method returns, where that is all it does; None where it is not."""
        for name, _, is_method, code in self._declared():
            if is_method and name == method and code:
                if code[0] == _LDC and code[2] == _ARETURN:
                    return self._of(code[1])
                if code[0] == _LDC_W and code[3] == _ARETURN:
                    return self._of(code[1] << 8 | code[2])
        return None

    def given(self, method: str) -> Iterator[str]:
        """The strings that code hands to a method of this name, as the only or last argument."""
        for member in self._declared():
            for load in _LOAD_AND_INVOKE.finditer(member.code):
                number = int.from_bytes(load[1] or load[2], "big")
                if self._called(int.from_bytes(load[3], "big")) == method:
                    yield self._of(number)

    def _called(self, number: int) -> str | None:
        """The name of the method that a constant refers to; None where it is no such constant."""
        at = self._pool[0].get(number)
        if at is None or self.data[at] not in _METHODS:
            return None
        return self._of(self._two(at + 3))

    def _declared(self) -> Iterator[_Member]:
        """Fields, then methods."""
        at = self._pool[1] + 6
        at += 2 + 2 * self._two(at)
        for is_method in (False, True):
            count, at = self._two(at), at + 2
            for _ in range(count):
                name, kind = (self._text(self._two(at + place)) for place in (2, 4))
                attributes, at = self._two(at + 6), at + 8
                code = b""
                for _ in range(attributes):
                    (length,) = struct.unpack_from(">I", self.data, at + 2)
                    if is_method and self._text(self._two(at)) == "Code":
                        code = self.data[at + 14 : at + 6 + length]
                    at += 6 + length
                yield _Member(name, kind, is_method, code)
