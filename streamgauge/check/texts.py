"""The SQL in a Python file, and the options and functions that it sets and registers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Their first argument, or that of this name, is SQL.
_SQL = {
    "execute_sql",
    "sql_query",
    "explain_sql",
    "add_insert_sql",
    "sql_update",
    "compile_plan_sql",
}
# Their first argument is the key of a setting.
_SET = {"set", "set_string", "set_integer", "set_boolean", "set_float"}
# Their first argument is the name of a function from then on.
_REGISTER = (
    "create_temporary_function",
    "create_temporary_system_function",
    "create_java_temporary_function",
    "create_java_temporary_system_function",
    "create_java_function",
    "register_function",
    "register_java_function",
)
# What stands for a part of a text that is not known before it runs.
HOLE = "\0"


@dataclass(frozen=True)
class Text:
    """A text, with the line of the file it begins in and the last that it reaches."""

    text: str
    line: int
    last: int


def statements(tree: ast.Module) -> Iterator[Text]:
    """The texts that are handed to what reads SQL, with holes where they are put together."""
    known = _constants(tree)
    for call in _calls(tree, _SQL):
        value = call.args[0] if call.args else next(iter(k.value for k in call.keywords), None)
        if isinstance(value, ast.Name):
            value = known.get(value.id)
        if value is not None and (text := _text(value)).strip(HOLE):
            yield Text(text, value.lineno, value.end_lineno or value.lineno)


def settings(tree: ast.Module) -> Iterator[Text]:
    """The keys of settings."""
    yield from _first(tree, _SET)


def connectors(tree: ast.Module) -> Iterator[Text]:
    """The connectors of table descriptors."""
    yield from _first(tree, {"for_connector"})


def registered(tree: ast.Module) -> set[str]:
    """The names of functions that the file registers, in upper case."""
    return {text.text.upper() for text in _first(tree, set(_REGISTER))}


def _first(tree: ast.Module, methods: set[str]) -> Iterator[Text]:
    for call in _calls(tree, methods):
        for value in call.args[:1]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield Text(value.value, value.lineno, value.lineno)


def _calls(tree: ast.Module, methods: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in methods:
            yield node


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """What names stand for that the file assigns once."""
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                assigned.setdefault(getattr(target, "id", ""), []).append(node.value)
    return {name: values[0] for name, values in assigned.items() if len(values) == 1}


def _text(node: ast.expr) -> str:
    """A text as far as it is written down."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return re.sub(r"%(\(\w+\))?[sdrf]", HOLE, _text(node.left))
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format":
        return re.sub(r"\{[^{}]*\}", HOLE, _text(node.func.value))  # type: ignore[attr-defined]
    return HOLE


@dataclass(frozen=True)
class Source:
    """A file of the user's, read: a tree where it is Python, and the SQL that is in it."""

    path: str
    tree: ast.Module | None
    statements: tuple[Text, ...]
