"""What an expression of somebody's file stands for, and what becomes of it on a line."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from streamgauge.check.api import Api, Symbol


@dataclass(frozen=True)
class Thing:
    """A symbol of PyFlink (`symbol`), or an instance of a class of it (`instance`).

    `of_instance`: a function that was reached through an instance, so that `self` is given.
    """

    kind: str
    name: str
    symbol: Symbol = field(compare=False)
    of_instance: bool = False


@dataclass(frozen=True)
class Own:
    """A class (`class`) or function of the file itself, or an instance of such a class."""

    kind: str
    node: ast.AST


# What an expression may be; nothing: that is not known.
Things = frozenset["Thing | Own"]
UNKNOWN: Things = frozenset()


@dataclass(frozen=True)
class Call:
    """How something is called; `open`: with `*` or `**` of which nobody knows how many."""

    positional: int
    keywords: tuple[str, ...]
    open: bool
    of_instance: bool


@dataclass(frozen=True)
class Use:
    """A name that is used: of which owner, and what it is there; None where the line lacks it."""

    line: int
    column: int
    owner: str
    name: str
    symbol: Symbol | None
    call: Call | None = None

    @property
    def full(self) -> str:
        """Its full name."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


class Line:
    """The API of a line, with those of others for what this one lacks."""

    def __init__(self, flink: str, apis: Mapping[str, Api]) -> None:
        """`apis` by line, oldest first; those of other lines are asked for when needed alone."""
        lines = list(apis)
        at = lines.index(flink)
        self.api = apis[flink]
        self.older = [*reversed(lines[:at])]
        self.newer = lines[at + 1 :]
        self._apis = apis

    def every(self) -> Iterator[Api]:
        """The line's own, then the others': older ones first, each kind nearest first."""
        yield self.api
        yield from self.others()

    def others(self) -> Iterator[Api]:
        """Those of the other lines."""
        yield from (self._apis[name] for name in (*self.older, *self.newer))

    def attribute(self, thing: Thing, name: str, *, called: bool = False) -> tuple[Things, str]:
        """What an attribute stands for, and its full name; nothing where that is not known.

        Other lines are asked where this one lacks it for certain, or may do so.
        """
        for api in self.every():
            if thing.name in api and (full := api.attribute(thing.name, name)):
                return self.things(api, full, of_instance=thing.kind == "instance"), full
            made_up = api is self.api and thing.name in api and not api.lacks(thing.name, name)
            if made_up and not called:
                break
        return UNKNOWN, ""

    def lacks(self, thing: Thing, name: str, *, called: bool, heir: bool = False) -> bool:
        """Whether the line certainly has no such attribute.

        Of a class that makes up attributes, that is so for what is called and was a method; of
        an `heir`, a class of the file that inherits from `thing`, for what another line has.
        """
        if thing.name not in self.api or thing.symbol.kind not in ("module", "class"):
            return False
        if self.api.attribute(thing.name, name):
            return False
        if self.api.lacks(thing.name, name):
            return not heir or bool(self._elsewhere(thing.name, name))
        made_up = called and thing.kind == "instance"
        return made_up and "function" in self._elsewhere(thing.name, name)

    def _elsewhere(self, owner: str, name: str) -> set[str]:
        """The kinds of what other lines have there."""
        fulls = ((api, api.attribute(owner, name)) for api in self.others() if owner in api)
        return {api[full].kind for api, full in fulls if full}

    def things(self, api: Api, full: str, *, of_instance: bool = False) -> Things:
        """What a full name stands for."""
        symbol = api[full]
        if symbol.kind in ("property", "value"):
            return self.instances(symbol.returns)
        return frozenset([Thing("symbol", full, symbol, of_instance)])

    def instances(self, classes: Iterable[str]) -> Things:
        """Instances of these; nothing where one is not known."""
        made: list[Thing] = []
        for name in classes:
            api = next((api for api in self.every() if api.resolve(name)), None)
            full = api.resolve(name) if api else None
            if api is None or full is None or api[full].kind != "class":
                return UNKNOWN
            made.append(Thing("instance", full, api[full]))
        return frozenset(made)

    def called(self, thing: Thing) -> Things:
        """What a call of it gives."""
        if thing.kind == "symbol" and thing.symbol.kind == "class":
            return self.instances([thing.name])
        return self.instances(thing.symbol.returns) if thing.kind == "symbol" else UNKNOWN


def united(parts: Iterable[Things]) -> Things:
    """Any of these; nothing where one of them is not known."""
    parts = list(parts)
    return frozenset().union(*parts) if all(parts) else UNKNOWN


def callable_of(api: Api, full: str, *, of_instance: bool) -> Symbol | None:
    """The symbol whose signature a call of this name has to fit; None where none is known."""
    symbol = api[full]
    if symbol.kind == "class":
        return api.constructor(full)
    unbound = symbol.bound and symbol.kind == "function" and not of_instance
    return None if unbound else symbol


def misfit(symbol: Symbol, call: Call) -> str:
    """Why a call does not fit a signature, as Python would say; "" where it does."""
    if symbol.signature is None:
        return ""
    bind = symbol.signature.bind_partial if call.open else symbol.signature.bind
    try:
        bind(*[None] * call.positional, **dict.fromkeys(call.keywords))
    except TypeError as error:
        return str(error)
    return ""
