"""What the names of a module, class or function of somebody's file stand for, as it is read."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from streamgauge.check.things import UNKNOWN, Things, united

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Scope:
    """Names bound in one place; those not bound here are looked up further out.

    `now` is what they stand for where the reading has come to. What is read later, as a function's
    body, sees a name only where a single statement binds it.
    """

    def __init__(self, node: ast.AST, outer: Scope | None = None) -> None:
        self.node = node
        self.outer = outer
        self.now: dict[str, Things] = {}
        self.returned: list[Things] = []
        self._bound = Counter(_bound(node))

    def bind(self, name: str, things: Things) -> None:
        """From here on, `name` stands for these."""
        self.now[name] = things

    def look(self, name: str) -> Things | None:
        """What a name stands for here; None where nothing binds it."""
        if self.binds(name):
            return self.now.get(name, UNKNOWN)
        scope = self.around()
        while scope:
            if times := scope.binds(name):
                return scope.now.get(name, UNKNOWN) if times == 1 else UNKNOWN
            scope = scope.around()
        return None

    def binds(self, name: str) -> int:
        """How often a name is bound in this scope."""
        return self._bound[name]

    def around(self) -> Scope | None:
        """The next scope whose names are seen from here: a class's are not."""
        outer = self.outer
        while outer and isinstance(outer.node, ast.ClassDef):
            outer = outer.outer
        return outer

    def merge(self, ways: Iterable[Mapping[str, Things]]) -> None:
        """Any of several ways led here; what only some of them bind may be anything."""
        ways = list(ways)
        names = {name for way in ways for name in way}
        self.now = {name: united(way.get(name, UNKNOWN) for way in ways) for name in names}


def _bound(node: ast.AST) -> Iterator[str]:
    """A name for each time that it is bound in the scope of a node."""
    if isinstance(node, FUNCTIONS):
        arguments = node.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        yield from (arg.arg for arg in (*every, arguments.vararg, arguments.kwarg) if arg)
    for sub in inside(node):
        if isinstance(sub, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield sub.name
        elif isinstance(sub, ast.Name) and not isinstance(sub.ctx, ast.Load):
            yield sub.id
        elif isinstance(sub, (ast.Import, ast.ImportFrom)):
            yield from (a.asname or a.name.partition(".")[0] for a in sub.names)
        elif isinstance(sub, ast.ExceptHandler) and sub.name:
            yield sub.name
        elif isinstance(sub, (ast.Global, ast.Nonlocal)):
            # Bound elsewhere as well: twice, so that nobody relies on it.
            yield from (*sub.names, *sub.names)


def inside(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a scope; of those within it, their first alone."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (*FUNCTIONS, ast.ClassDef)):
            yield from inside(child)


@cache
def fields(cls: ast.AST) -> Counter[str]:
    """How often the class's methods set each attribute of anything, but for setting None."""
    return Counter(
        target.attr
        for node in ast.walk(cls)
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and not is_none(node.value)
        for whole in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for target in ast.walk(whole)
        if isinstance(target, ast.Attribute) and isinstance(target.ctx, ast.Store)
    )


def is_none(node: ast.AST | None) -> bool:
    """Whether it is `None`, as fields are before they have a value."""
    return isinstance(node, ast.Constant) and node.value is None
