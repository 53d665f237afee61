"""What a source says beside its names: what is deprecated, and which Java it reaches for."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from typing import Union

Documented = Union[ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef]

# `.. note:: Deprecated in 1.15. Use ...`, with or without the dots, to the end of the paragraph.
_NOTE = re.compile(r"\bnote::\s*(Deprecated\b.*?)(?:\n\s*\n|\Z)", re.DOTALL)
# `**IMPORTANT** `X` is deprecated in favor of ...`
_IMPORTANT = re.compile(r"\*\*IMPORTANT\*\*\s*(.*?\bis deprecated\b.*?)(?:\n\s*\n|\Z)", re.DOTALL)
_TELLING = re.compile(r"\b(use|in favor of|replaced|suggested)\b", re.IGNORECASE)
_ROLE = re.compile(r":\w+:`~?([^`]*)`")


def deprecation(node: Documented) -> str:
    """The note that a thing is deprecated, in one line; "" where it is not."""
    by = (_decorated(node), _documented(node), _warned(node))
    return _plain(next(filter(None, by), ""))


def replacement(note: str) -> str:
    """Those of a note's sentences that say what to use; all of it where none does."""
    sentences = re.split(r"(?<=[.!]) +(?=[A-Z])", note)
    telling = [sentence for sentence in sentences if _TELLING.search(sentence)]
    return " ".join(telling) or note


def _decorated(node: Documented) -> str:
    """`@Deprecated(since="2.1.0", detail="...")`."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "Deprecated":
            given = {key.arg: _text(key.value) for key in decorator.keywords}
            return f"Deprecated since {given.get('since', '?')}. {given.get('detail', '')}"
    return ""


def _documented(node: Documented) -> str:
    text = inspect.cleandoc(ast.get_docstring(node, clean=False) or "")
    found = _NOTE.search(text) or _IMPORTANT.search(text)
    return found[1] if found else ""


def _warned(node: Documented) -> str:
    """A DeprecationWarning that every call gives: not one in a branch."""
    for statement in node.body if not isinstance(node, ast.ClassDef) else ():
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            words = [ast.unparse(argument) for argument in statement.value.args]
            if (
                ast.unparse(statement.value.func) == "warnings.warn"
                and "DeprecationWarning" in words
            ):
                return _text(statement.value.args[0])
    return ""


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _plain(note: str) -> str:
    """Without the roles of reStructuredText and its backticks, in one line."""
    return " ".join(_ROLE.sub(r"\1", note).replace("`", "").split())


def java_classes(node: ast.AST) -> Iterator[str]:
    """The Flink classes that are reached by `jvm.org.apache.flink...`."""
    for sub in ast.walk(node):
        if isinstance(sub, ast.Attribute) and sub.attr[:1].isupper():
            dotted = ast.unparse(sub).partition("jvm.")[2].replace("\\\n", "").replace(" ", "")
            names = dotted.split(".")
            if dotted.startswith("org.apache.flink.") and not any(
                n[:1].isupper() for n in names[:-1]
            ):
                yield dotted
