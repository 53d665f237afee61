"""The names of a Python module, and the module with other names."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Union

_Function = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda]


def bound(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each name of a module with what it means: the same text is the same thing.

    What packages have under several paths, as pyflink has, counts as one thing.
    """
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            top = (getattr(node, "module", None) or "").partition(".")[0]
            for a in node.names:
                yield a.asname or a.name.partition(".")[0], f"{top}:{a.name}"
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, ast.dump(node)
        else:
            yield from ((name, ast.dump(node)) for name in _stored(node))


def _stored(*nodes: ast.AST) -> set[str]:
    """The names that code binds."""
    inner = [node for each in nodes for node in ast.walk(each)]
    names = {n.id for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    names |= {n.name for n in inner if isinstance(n, ast.ExceptHandler) and n.name}
    names |= {n.arg for n in inner if isinstance(n, ast.arg)}
    return names


def renamed(tree: ast.Module, names: Mapping[str, str], without: Sequence[ast.ImportFrom]) -> str:
    """The module's code, written anew, with new names, and without some imports."""
    return ast.unparse(ast.fix_missing_locations(_Renaming(names, without).visit(tree)))


class _Renaming(ast.NodeTransformer):
    """Renames what a module has, not what functions have for themselves."""

    def __init__(self, names: Mapping[str, str], without: Sequence[ast.ImportFrom]) -> None:
        self._names = names
        self._without = without
        self._depth = 0

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_Global(self, node: ast.Global) -> ast.AST:
        node.names = [self._names.get(name, name) for name in node.names]
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        if node in self._without:
            return ast.Pass() if self._depth else None
        return self._import(node)

    def visit_Import(self, node: ast.Import) -> ast.AST:
        return self._import(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> ast.AST:
        for alias in node.names if not self._depth else []:
            new = self._names.get(alias.asname or alias.name)
            alias.asname = new or alias.asname
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        if not self._depth:
            node.name = self._names.get(node.name, node.name)
        return self._within(node, set())

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if not self._depth:
            node.name = self._names.get(node.name, node.name)
        return self._within(node, _locals(node))

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self._within(node, _locals(node))

    def _within(self, node: ast.AST, own: set[str]) -> ast.AST:
        before = self._names
        self._names = {name: new for name, new in before.items() if name not in own}
        self._depth += 1
        self.generic_visit(node)
        self._depth -= 1
        self._names = before
        return node


def _locals(function: _Function) -> set[str]:
    """What a function has for itself."""
    told = {name for n in ast.walk(function) if isinstance(n, ast.Global) for name in n.names}
    body = function.body if isinstance(function.body, list) else [function.body]
    return _stored(function.args, *body) - told
