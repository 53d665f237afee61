"""Where a cell's question asks the machine's clock: what comes of that is in no rows.

The oracle knows rows alone. So where an answer depends on when they come, no verdict is proof:
another run may have another one. That is noted, and the verdict is of the rows that came.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from streamgauge import asked, sql
from streamgauge.cells import Cell
from streamgauge.errors import ScenarioError
from streamgauge.imports import files
from streamgauge.scenario import JOB

_SHOWN = 3
# Functions of Flink SQL that are called without parentheses, and those that have them, empty.
_BARE = ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIMESTAMP", "LOCALTIME"]
_CALLED = ["PROCTIME", "NOW", "CURRENT_ROW_TIMESTAMP", "UNIX_TIMESTAMP"]
_IN_TEXT = re.compile(
    rf"\b(?:{'|'.join(_BARE)}\b|(?:{'|'.join(_CALLED)})\s*\(\s*\))", re.IGNORECASE
)
# Of PyFlink's classes and methods, which nobody else's are called like.
_NAMES = re.compile(r"ProcessingTime|_processing_time_timer$|^current_processing_time$")
# Of its expressions, where a file has them from there: others may have the names too.
_EXPRESSIONS = (
    "current_date",
    "current_time",
    "current_timestamp",
    "local_time",
    "local_timestamp",
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
        # What is not UTF-8 is told by whoever runs it, too.
        text = (cell.scenario.folder / name).read_text(encoding="utf-8", errors="replace")
        yield from (f"{name}:{line}: {word}" for line, word in _words(text))


def _words(text: str) -> Iterator[tuple[int, str]]:
    """The functions in SQL that ask the clock, each with its line; no names, texts or comments."""
    tokens = []
    # What has no end is told by whoever runs it.
    with suppress(ScenarioError):
        tokens = sql.tokens(text)
    for at, token in enumerate(tokens):
        word = token.text.upper()
        called = [each.text for each in tokens[at + 1 : at + 3]] == ["(", ")"]
        is_name = token.token_type.name in ("STRING", "IDENTIFIER")
        if not is_name and (word in _BARE or (called and word in _CALLED)):
            yield token.line, word


def _in_python(cell: Cell) -> Iterator[str]:
    for file in files(cell):
        for line, name in sorted(_used(file)):
            yield f"{file.name}:{line}: {name}"


def _used(file: Path) -> Iterator[tuple[int, str]]:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        # Told by whoever runs it.
        return
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    known = _expressions(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from () if id(node) in prose else _in_text(node, node.value)
        elif isinstance(node, (ast.Name, ast.Attribute)) and (name := _asked(node, known)):
            yield node.lineno, name


def _in_text(node: ast.Constant, text: str) -> Iterator[tuple[int, str]]:
    """SQL in a text, which may be of several lines."""
    last = node.end_lineno or node.lineno
    for found in _IN_TEXT.finditer(text):
        line = node.lineno + text.count("\n", 0, found.start())
        yield min(line, last), found.group().rstrip("() \n")


def _asked(node: ast.Name | ast.Attribute, known: Mapping[str, str]) -> str:
    """The name by which a node asks the clock, if it does."""
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id if _NAMES.search(node.id) else "")
    owner, name = getattr(node.value, "id", getattr(node.value, "attr", "")), node.attr
    whole = f"{owner}.{name}"
    if whole in known:
        return known[whole]
    if (owner, name) in _PYTHONS:
        return whole
    return name if _NAMES.search(name) or name == "proctime" else ""


def _expressions(tree: ast.AST) -> Mapping[str, str]:
    """What a file calls the expressions that ask the clock, and their own names."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pyflink.table"):
            for alias in node.names:
                here = alias.asname or alias.name
                before = "" if alias.name == "*" else f"{here}."
                if alias.name in _EXPRESSIONS:
                    found[here] = alias.name
                elif alias.name in ("*", "expressions"):
                    found |= {f"{before}{name}": name for name in _EXPRESSIONS}
    return found
