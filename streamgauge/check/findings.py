"""Names that are used -> what is told of them: gone, changed, deprecated, and what to use then."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from streamgauge.check import names, things
from streamgauge.check.api import Api
from streamgauge.check.java import Java
from streamgauge.check.notes import replacement
from streamgauge.check.things import Line, Use

# What a job stumbles over.
FAILING = ("gone", "changed", "not yet", "unknown")


@dataclass(frozen=True)
class Finding:
    """What is told of a name at a place of a file, on a Flink line; `line` counts from 1.

    `state`: gone (an older line has it), not yet (a newer one has it), unknown (no line has it),
    changed (it is there, and cannot be called so), deprecated.
    """

    file: str
    line: int
    flink: str
    state: str
    name: str
    detail: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Looked:
    """What a file's look-up gave: the findings, and how much of it there was to look up."""

    findings: tuple[Finding, ...] = ()
    names: int = 0
    undecided: int = 0
    guarded: int = 0


def of_python(
    file: str,
    tree: ast.Module,
    flink: str,
    apis: Mapping[str, Api],
    javas: Mapping[str, Java],
) -> Looked:
    """What the line `flink` has not, or not as a file uses it; both mappings: oldest line first."""
    line = Line(flink, apis)
    used = names.used(tree, line)
    every = {
        (use.line, use.column, told.state, told.name): told
        for use in used.uses
        for told in _Told(file, flink, line, apis, javas).of(use)
    }
    found = sorted(every.values(), key=lambda finding: finding.line)
    looked = len({(use.line, use.column) for use in used.uses})
    return Looked(tuple(found), looked, used.undecided, used.guarded)


def together(looked: Iterable[Looked]) -> Looked:
    """Several look-ups of one file as one."""
    every = list(looked)
    found = sorted((f for one in every for f in one.findings), key=lambda finding: finding.line)
    return Looked(
        tuple(found),
        sum(one.names for one in every),
        sum(one.undecided for one in every),
        sum(one.guarded for one in every),
    )


class _Told:
    """Findings of one file on one line."""

    def __init__(
        self,
        file: str,
        flink: str,
        line: Line,
        apis: Mapping[str, Api],
        javas: Mapping[str, Java],
    ) -> None:
        self._file = file
        self._flink = flink
        self._apis = apis
        self._javas = javas
        self._line = line
        self._api = line.api

    def of(self, use: Use) -> Iterator[Finding]:
        """All that is to be told of a use."""
        if use.symbol is None:
            yield self._missing(use)
            return
        if misfit := self._misfit(use):
            yield self._finding(use, "changed", misfit)
        if missing := self._without_java(use):
            yield missing
        elif use.symbol.deprecated:
            yield self._finding(use, "deprecated", "", replacement(use.symbol.deprecated))

    def _finding(self, use: Use, state: str, detail: str, instead: str = "") -> Finding:
        return Finding(self._file, use.line, self._flink, state, short(use.full), detail, instead)

    def _missing(self, use: Use) -> Finding:
        for name in self._line.older:
            if self._has(self._apis[name], use):
                note = self._note(self._apis[name], use)
                return self._finding(use, "gone", f"last in {name}", note or self._moved(use))
        for name in self._line.newer:
            if self._has(self._apis[name], use):
                return self._finding(use, "not yet", f"comes with {name}", self._moved(use))
        return self._finding(use, "unknown", "in no line that is here", self._moved(use))

    def _without_java(self, use: Use) -> Finding | None:
        """PyFlink may keep what calls a Java class that is gone; told where all it calls is."""
        if use.symbol is None or not use.call or not use.symbol.java:
            return None
        here = self._javas[self._flink]
        if any(cls in here.classes for cls in use.symbol.java):
            return None
        for name in self._line.older:
            if all(here.dropped(cls, self._javas[name]) for cls in use.symbol.java):
                detail = f"last in {name}: there is no Java class {use.symbol.java[0]}"
                return self._finding(use, "gone", detail, replacement(use.symbol.deprecated))
        return None

    def _has(self, api: Api, use: Use) -> bool:
        return use.owner in api and api.attribute(use.owner, use.name) is not None

    def _note(self, api: Api, use: Use) -> str:
        """What an older line said of its end."""
        full = api.attribute(use.owner, use.name)
        if full is None:
            return ""
        made = api.constructor(full) if api[full].kind == "class" else None
        return replacement(api[full].deprecated or (made.deprecated if made else ""))

    def _moved(self, use: Use) -> str:
        """The same name in another module, where it is one that modules have."""
        if use.owner in self._api and self._api[use.owner].kind != "module":
            return ""
        modules = self._api.elsewhere(use.name)
        return f"there is {modules[0]}.{use.name}" if modules else ""

    def _misfit(self, use: Use) -> str:
        """Why a call does not fit, where it does on another line: else the file is in doubt."""
        if use.call is None or use.symbol is None:
            return ""
        misfit = things.misfit(use.symbol, use.call)
        if not misfit:
            return ""
        fit = [name for name in self._apis if self._fits(self._apis[name], use)]
        return f"{misfit}; as in {', '.join(fit)}" if fit else ""

    def _fits(self, api: Api, use: Use) -> bool:
        full = api.attribute(use.owner, use.name) if use.owner in api else None
        if full is None or use.call is None:
            return False
        symbol = things.callable_of(api, full, of_instance=use.call.of_instance)
        return symbol is not None and not things.misfit(symbol, use.call)


def short(full: str) -> str:
    """`Class.method`, or a dotted path where there is no class in it."""
    parts = full.split(".")
    cls = next((n for n, part in enumerate(parts) if part[:1].isupper()), None)
    return ".".join(parts[cls:]) if cls is not None else full
