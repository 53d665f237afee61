"""A Java class file, as far as texts are concerned: its constants, read without a JVM."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

# Bytes that a constant of each kind takes, with the one that tells the kind; of texts see below.
_SIZES = {3: 5, 4: 5, 5: 9, 6: 9, 7: 3, 8: 3, 9: 5, 10: 5, 11: 5, 12: 5, 15: 4, 16: 3, 17: 5, 18: 5}
_SIZES |= {19: 3, 20: 3}
_UTF8, _STRING, _CLASS, _WIDE = 1, 8, 7, (5, 6)
# `ldc` or `ldc_w` of a constant, and `areturn`.
_LDC, _LDC_W, _ARETURN = 0x12, 0x13, 0xB0
# `ldc` or `ldc_w`, and `invokevirtual`; begun anywhere, as where an instruction begins is not read.
_LOAD_AND_INVOKE = re.compile(rb"(?:\x12(.)|\x13(..))\xb6(..)", re.DOTALL)
_METHODS = (10, 11)


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
        return self.data[at + 3 : at + 3 + self._two(at + 1)].decode("utf-8", "replace")

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
    def parent(self) -> str:
        """The class it extends, with slashes."""
        number = self._two(self._pool[1] + 4)
        return self._of(number) if number else ""

    def returned(self, method: str) -> str | None:
        """The string that a method returns, where that is all it does; None where it is not."""
        for name, code in self._methods():
            if name == method and code:
                if code[0] == _LDC and code[2] == _ARETURN:
                    return self._of(code[1])
                if code[0] == _LDC_W and code[3] == _ARETURN:
                    return self._of(code[1] << 8 | code[2])
        return None

    def given(self, method: str) -> Iterator[str]:
        """The strings that code hands to a method of this name, as the only or last argument."""
        for _, code in self._methods():
            for load in _LOAD_AND_INVOKE.finditer(code):
                number = int.from_bytes(load[1] or load[2], "big")
                if self._called(int.from_bytes(load[3], "big")) == method:
                    yield self._of(number)

    def _called(self, number: int) -> str | None:
        """The name of the method that a constant refers to; None where it is no such constant."""
        at = self._pool[0].get(number)
        if at is None or self.data[at] not in _METHODS:
            return None
        return self._of(self._two(at + 3))

    def _methods(self) -> Iterator[tuple[str, bytes]]:
        """Each method's name and code; no code where it is abstract."""
        at = self._pool[1] + 6
        at += 2 + 2 * self._two(at)
        for is_method in (False, True):
            count, at = self._two(at), at + 2
            for _ in range(count):
                name, attributes, at = self._text(self._two(at + 2)), self._two(at + 6), at + 8
                code = b""
                for _ in range(attributes):
                    (length,) = struct.unpack_from(">I", self.data, at + 2)
                    if is_method and self._text(self._two(at)) == "Code":
                        code = self.data[at + 14 : at + 6 + length]
                    at += 6 + length
                if is_method:
                    yield name, code
