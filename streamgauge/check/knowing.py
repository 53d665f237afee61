"""SQL that is used -> what is told of it: what a line's jars do not know, and others' do."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Protocol

from streamgauge.check import sql, texts
from streamgauge.check.findings import Finding, Looked
from streamgauge.check.java import Functions, Java
from streamgauge.check.sql import SqlUse
from streamgauge.check.texts import Source
from streamgauge.errors import StreamgaugeError

_FACTORIES = ("connector", "format", "catalog")


class Javas(Protocol):
    """What the jars of each line know, oldest line first."""

    def __getitem__(self, name: str) -> Java:
        """Of one line."""

    def __iter__(self) -> Iterator[str]:
        """The lines."""

    def functions(self, name: str) -> Functions:
        """The functions of one line."""

    def mentions(self, name: str, texts: Sequence[str]) -> set[str]:
        """Those of the texts that a line's planner or table API has in any way."""


def registered(source: Source) -> set[str]:
    """The functions that a file makes known, in upper case."""
    found = set() if source.tree is None else texts.registered(source.tree)
    for text in source.statements:
        with suppress(StreamgaugeError):
            found |= sql.registered(text)
    return found


def of_sql(source: Source, flink: str, javas: Javas, known: set[str]) -> Looked:
    """What the line `flink` does not know of a file's SQL and settings; `known` has functions."""
    uses = [use for use in _uses(source) if not (use.kind == "function" and use.name in known)]
    unknown = [use for use in uses if not _knows(javas, flink, use)]
    others = {use: _others(use, flink, javas) for use in dict.fromkeys(unknown)}
    doubtful = [use.name for use, lines in others.items() if lines and use.kind not in _FACTORIES]
    seen = javas.mentions(flink, doubtful) if doubtful else set()
    told = [use for use in unknown if others[use] and use.name not in seen]
    found = tuple(_finding(source.path, use, flink, others[use], list(javas)) for use in told)
    return Looked(found, len(uses), len(unknown) - len(told) + _unread(source))


def _uses(source: Source) -> Iterator[SqlUse]:
    """Text that is no SQL has none."""
    for text in source.statements:
        with suppress(StreamgaugeError):
            yield from sql.used(text)
    if source.tree is not None:
        yield from _of_python(source.tree)


def _unread(source: Source) -> int:
    """How many of a file's texts are no SQL: nothing of them was looked at."""
    return sum(not sql.readable(text) for text in source.statements)


def _of_python(tree: ast.Module) -> Iterator[SqlUse]:
    for text in texts.settings(tree):
        yield SqlUse("setting", text.text, text.line)
    for text in texts.connectors(tree):
        yield SqlUse("connector", text.text, text.line)


def _knows(javas: Javas, line: str, use: SqlUse) -> bool:
    """Of a table's option any tail may be what is known: formats have their name before it."""
    if use.kind == "function":
        functions = javas.functions(line)
        return use.name in functions.own or use.name in functions.words
    java = javas[line]
    if use.kind in _FACTORIES:
        return use.name in java.factories
    if use.kind == "option" and use.connector not in java.factories:
        return True
    parts = use.name.split(".")
    tails = {".".join(parts[at:]) for at in range(len(parts) if use.kind == "option" else 1)}
    return bool(tails & java.options)


def _others(use: SqlUse, flink: str, javas: Javas) -> list[str]:
    """The other lines that know it. A key of one word may be anybody's."""
    if use.kind in ("option", "setting") and not {".", "-"} & set(use.name):
        return []
    return [name for name in javas if name != flink and _has(javas, name, use)]


def _has(javas: Javas, line: str, use: SqlUse) -> bool:
    """Not by Calcite's words: it has functions that Flink does not take."""
    if use.kind == "function":
        return use.name in javas.functions(line).own
    java = javas[line]
    return use.name in (java.factories if use.kind in _FACTORIES else java.options)


def _finding(
    file: str, use: SqlUse, flink: str, have: Sequence[str], lines: Sequence[str]
) -> Finding:
    older = [name for name in have if lines.index(name) < lines.index(flink)]
    state, detail = (
        ("gone", f"last in {older[-1]}") if older else ("not yet", f"comes with {have[0]}")
    )
    quoted = use.name if use.kind == "function" else f"'{use.name}'"
    of = f" of connector '{use.connector}'" if use.connector else ""
    return Finding(file, use.line, flink, state, f"{use.kind} {quoted}{of}", detail)
