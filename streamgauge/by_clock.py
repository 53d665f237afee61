"""Where a cell's question asks the machine's clock: what comes of that is in no rows.

The oracle knows rows alone. So where an answer depends on when they come, no verdict is proof:
another run may have another one. That is noted, and the verdict is of the rows that came.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from streamgauge import asked, sql
from streamgauge.cells import Cell
from streamgauge.errors import ScenarioError
from streamgauge.imports import modules
from streamgauge.scenario import JOB

_SHOWN = 3
# Functions of Flink SQL that are called without parentheses, and those that have them.
_BARE = ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIMESTAMP", "LOCALTIME"]
_CALLED = ["PROCTIME", "NOW", "CURRENT_ROW_TIMESTAMP"]
_IN_TEXT = re.compile(rf"\b(?:{'|'.join(_BARE)}\b|(?:{'|'.join(_CALLED)})\s*\()", re.IGNORECASE)
# Of PyFlink's classes, methods and expressions.
_NAMES = re.compile(
    r"(?i:processing_?time|^proc_?time$)|^(current_(date|time|timestamp)|local_(time|timestamp))$"
)
_PYTHONS = {
    *(("datetime", name) for name in ("now", "utcnow", "today")),
    ("date", "today"),
    *(("time", name) for name in ("time", "time_ns")),
}


def places(cell: Cell) -> list[str]:
    """Where it does, such as `query.sql:3: PROCTIME`, at most three; none if it never does."""
    return list(dict.fromkeys((*_added(cell), *_in_sql(cell), *_in_python(cell))))[:_SHOWN]


def _added(cell: Cell) -> Iterator[str]:
    for source in cell.scenario.sources:
        for column, text in source.added.items():
            yield from (f"{source.name}.{column}: {word}" for _, word in _words(text))


def _in_sql(cell: Cell) -> Iterator[str]:
    for statement in asked.statements(cell):
        for line, word in _words(statement.text):
            yield f"query.sql:{statement.line + line - 1}: {word}"
    name = cell.scenario.file(JOB) if cell.dialect == JOB else ""
    if name.endswith(".sql"):
        text = (cell.scenario.folder / name).read_text(encoding="utf-8")
        yield from (f"{name}:{line}: {word}" for line, word in _words(text))


def _words(text: str) -> Iterator[tuple[int, str]]:
    """The functions in SQL that ask the clock, each with its line; no names, texts or comments."""
    tokens = []
    # What has no end is told by whoever runs it.
    with suppress(ScenarioError):
        tokens = sql.tokens(text)
    for token, following in zip(tokens, [*tokens[1:], None]):
        word = token.text.upper()
        called = following is not None and following.text == "("
        is_name = token.token_type.name in ("STRING", "IDENTIFIER")
        if not is_name and (word in _BARE or (called and word in _CALLED)):
            yield token.line, word


def _in_python(cell: Cell) -> Iterator[str]:
    for file in modules(cell):
        for line, name in sorted(_used(file)):
            yield f"{file.name}:{line}: {name}"


def _used(file: Path) -> Iterator[tuple[int, str]]:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        # Told by whoever runs it.
        return
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) not in prose:
            yield from ((getattr(node, "lineno", 0), name) for name in _asked(node))


def _asked(node: ast.AST) -> Iterable[str]:
    """The names in a node that ask the clock; SQL in a text is looked through too."""
    if isinstance(node, ast.Attribute):
        owner = getattr(node.value, "id", getattr(node.value, "attr", ""))
        if (owner, node.attr) in _PYTHONS:
            return [f"{owner}.{node.attr}"]
        return [node.attr] if _NAMES.search(node.attr) else []
    if isinstance(node, ast.Name):
        return [node.id] if _NAMES.search(node.id) else []
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [found.group().rstrip("( ") for found in _IN_TEXT.finditer(node.value)]
    return []
