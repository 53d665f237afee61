"""The names a PyFlink has, by their full dotted names, and how they hang together."""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

ROOT = "pyflink"
Parameter = tuple[str, int, bool, tuple[str, ...]]
# Bases that are not of PyFlink, with the names they bring.
_BASES = {
    "builtins.object": frozenset[str](),
    "abc.ABC": frozenset[str](),
    "typing.Generic": frozenset[str](),
    "enum.Enum": frozenset(("name", "value", "mro")),
    "builtins.Exception": frozenset(("args", "with_traceback", "add_note")),
}
_DEEPEST = 20


@dataclass(frozen=True)
class Symbol:
    """A module, class, function, property, value, or an alias of one of these.

    `returns` has the classes of which a call, or the value, is an instance; none where that is not
    known. `parameters` has name, kind (of `inspect`), whether it has to be given and the classes
    of what it gets; None where a decorator may have changed them. `bound`: the first is `self` or
    `cls`. `open`: it may have names that its source does not show. `java` has the Java classes
    that a call reaches for.
    """

    kind: str
    target: str = ""
    parameters: tuple[Parameter, ...] | None = None
    bound: bool = False
    returns: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    open: bool = False
    deprecated: str = ""
    java: tuple[str, ...] = ()

    @cached_property
    def signature(self) -> inspect.Signature | None:
        """How it is called, without `self`; None where that is not known."""
        if self.parameters is None:
            return None
        kept = self.parameters[1:] if self.bound else self.parameters
        return inspect.Signature([_parameter(*parameter[:3]) for parameter in kept])


def _parameter(name: str, kind: int, required: bool) -> inspect.Parameter:
    default = inspect.Parameter.empty if required else None
    return inspect.Parameter(name, inspect._ParameterKind(kind), default=default)  # noqa: SLF001


class Api:
    """The symbols of one PyFlink. Names are looked up from `pyflink` down, through aliases."""

    def __init__(self, symbols: Mapping[str, Symbol]) -> None:
        self._symbols = symbols

    def resolve(self, dotted: str, depth: int = 0) -> str | None:
        """The full name of what a dotted name stands for; None where that is nothing of PyFlink."""
        head, *rest = dotted.split(".")
        full: str | None = head
        for name in rest:
            full = self.attribute(full, name, depth + 1) if full else None
        return full if full in self._symbols else None

    def attribute(self, owner: str, name: str, depth: int = 0) -> str | None:
        """The full name of a module's or class's attribute; None where it has none."""
        if depth > _DEEPEST:
            return None
        for holder in self.lineage(owner):
            symbol = self._symbols.get(f"{holder}.{name}")
            if symbol and symbol.kind == "alias":
                return self.resolve(symbol.target, depth + 1)
            if symbol:
                return f"{holder}.{name}"
        return None

    def __getitem__(self, full: str) -> Symbol:
        return self._symbols[full]

    def __contains__(self, full: str) -> bool:
        return full in self._symbols

    def lineage(self, owner: str) -> Iterator[str]:
        """A class and its bases that are of PyFlink, nearest first; a module alone."""
        return iter(dict.fromkeys(self._lineage(owner, 0)))

    def _lineage(self, owner: str, depth: int) -> Iterator[str]:
        yield owner
        symbol = self._symbols.get(owner)
        if symbol is None or depth > _DEEPEST:
            return
        for base in symbol.bases:
            if full := self.resolve(base, depth + 1):
                yield from self._lineage(full, depth + 1)

    def closed(self, owner: str) -> bool:
        """Whether every name that it has is seen in the sources."""
        return all(self._closed(holder) for holder in self.lineage(owner))

    def _closed(self, holder: str) -> bool:
        symbol = self._symbols[holder]
        known = (base in _BASES or self.resolve(base) for base in symbol.bases)
        return not symbol.open and all(known)

    def lacks(self, owner: str, name: str) -> bool:
        """Whether it is certain that `owner` has no such attribute, nor have its subclasses.

        PyFlink's annotations name a base where it is a subclass that comes back.
        """
        if name.startswith("__") or not self.closed(owner) or self._inherits(owner, name):
            return False
        return not any(self.attribute(cls, name) for cls in (owner, *self._below.get(owner, ())))

    def _inherits(self, owner: str, name: str) -> bool:
        """From what is not of PyFlink."""
        bases = (base for holder in self.lineage(owner) for base in self._symbols[holder].bases)
        return any(name in _BASES.get(base, ()) for base in bases)

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        """The subclasses of each class."""
        below: dict[str, list[str]] = {}
        for cls in (name for name, symbol in self._symbols.items() if symbol.kind == "class"):
            for base in self.lineage(cls):
                below.setdefault(base, []).append(cls)
        return below

    @cached_property
    def members(self) -> frozenset[str]:
        """The last names of all there is."""
        return frozenset(name.rpartition(".")[2] for name in self._symbols)

    def constructor(self, cls: str) -> Symbol | None:
        """How a class is called; None where it is not its `__init__` in the sources that says."""
        for holder in self.lineage(cls):
            if f"{holder}.__new__" in self._symbols or not self._closed(holder):
                return None
            if found := self._symbols.get(f"{holder}.__init__"):
                return found
        return None

    @property
    def reached(self) -> set[str]:
        """The Java classes that any of it reaches for."""
        return {cls for symbol in self._symbols.values() for cls in symbol.java}

    def elsewhere(self, name: str) -> list[str]:
        """Modules from which a user may import a class or function of this name, shortest first."""
        found = [
            module
            for module, symbol in self._symbols.items()
            if symbol.kind == "module" and self._offers(module, name)
        ]
        return sorted(found, key=lambda module: (module.count("."), len(module), module))

    def _offers(self, module: str, name: str) -> bool:
        full = self.attribute(module, name)
        return full is not None and self._symbols[full].kind in ("class", "function")

    def dumped(self) -> dict[str, Any]:
        """All of it as data."""
        plain = asdict(Symbol(""))
        return {
            name: {key: value for key, value in asdict(symbol).items() if value != plain[key]}
            for name, symbol in self._symbols.items()
        }


def loaded(dumped: Mapping[str, Any]) -> Api:
    """What was dumped."""
    return Api({name: _symbol(entry) for name, entry in dumped.items()})


def _symbol(entry: Mapping[str, Any]) -> Symbol:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return Symbol(**fields)


def external(name: str) -> str:
    """The full name of one that nothing in a module binds: a builtin."""
    return f"builtins.{name}" if hasattr(builtins, name) else ""
