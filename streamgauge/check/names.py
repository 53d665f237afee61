"""The names of PyFlink that somebody's Python file uses, as a line has them: read, never run."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from streamgauge.check.scopes import Scope, fields
from streamgauge.check.statements import Statements
from streamgauge.check.things import UNKNOWN, Line, Own, Thing, Things, united

_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def used(tree: ast.Module, line: Line) -> Names:
    """All that a file uses of PyFlink."""
    names = Names(line, tree)
    names.read(tree.body)
    names.finish()
    return names


class Names(Statements):
    """Reads statements in order; bodies of functions when what is around them has been read."""

    def __init__(self, line: Line, tree: ast.Module) -> None:
        super().__init__(line, tree)
        self._later: list[tuple[ast.AST, Scope]] = []
        self._classes: dict[ast.AST, tuple[Scope, list[Things]]] = {}
        self._results: dict[ast.AST, Things] = {}
        self._around: dict[ast.AST, Scope] = {}

    def finish(self) -> None:
        """Read what waits; `__init__` and `open` come first, where fields get their values."""
        while self._later:
            self._later.sort(key=lambda pair: getattr(pair[0], "name", "") in ("__init__", "open"))
            node, _ = self._later.pop()
            self._body(node)

    def _read_functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for expression in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            self.infer(expression)
        plain = not node.decorator_list
        self.scope.bind(node.name, frozenset([Own("function", node)]) if plain else UNKNOWN)
        self._around[node] = self.scope
        self._later.append((node, self.scope))

    _read_asyncfunctiondef = _read_functiondef

    def _read_classdef(self, node: ast.ClassDef) -> None:
        bases = [self.infer(base) for base in node.bases]
        for keyword in node.keywords:
            self.infer(keyword.value)
        for decorator in node.decorator_list:
            self.infer(decorator)
        self.scope.bind(node.name, frozenset([Own("class", node)]))
        outer, self.scope = self.scope, Scope(node, self.scope)
        self._classes[node] = self.scope, bases
        self.read(node.body)
        self.scope = outer

    def _read_return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.scope.returned.append(self.infer(node.value))

    def _body(self, node: ast.AST) -> None:
        """Read a function's body, once."""
        if node in self._results or not isinstance(node, _Function):
            return
        self._results[node] = UNKNOWN
        guards, self._guards = self._guards, 0
        outer, self.scope = self.scope, Scope(node, self._around[node])
        self._arguments(node)
        self.read(node.body)
        self._results[node] = self.annotated(node.returns) or united(self.scope.returned)
        self.scope, self._guards = outer, guards

    def _arguments(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        for argument in arguments:
            self.scope.bind(argument.arg, self.annotated(argument.annotation))
        around = self._around[node].node
        if isinstance(around, ast.ClassDef) and arguments and not node.decorator_list:
            self._overriding(around, node.name, arguments)

    def _overriding(self, cls: ast.ClassDef, name: str, arguments: Sequence[ast.arg]) -> None:
        """A method's `self`, and what the method that it overrides gets."""
        own = Own("instance", cls)
        self.scope.bind(arguments[0].arg, frozenset([own]))
        for base in self.bases(own):
            _, full = self.line.attribute(base, name)
            parameters = self.line.api[full].parameters if full in self.line.api else None
            for argument, parameter in zip(arguments[1:], (parameters or ())[1:]):
                if argument.annotation is None:
                    self.scope.bind(argument.arg, self.line.instances(parameter[3]))

    def of_own(self, owner: Own, name: str) -> Things | None:
        """Fields, methods and names of the class, and of its bases that the file has too."""
        scope, bases = self._classes.get(owner.node, (None, []))
        if scope is None or "__getattr__" in scope.now:
            return UNKNOWN
        if sites := fields(owner.node)[name]:
            seen = self._fields.get((owner.node, name), {})
            return united(seen.values()) if len(seen) == sites else UNKNOWN
        if name in scope.now:
            return scope.now[name]
        known = [base for things in bases for base in things if isinstance(base, Own)]
        return next((found for base in known if (found := self.of_own(base, name))), None)

    def bases(self, owner: Own) -> list[Thing]:
        """Instances of PyFlink's classes; nothing where one of the bases is not known."""
        _, bases = self._classes.get(owner.node, (None, [UNKNOWN]))
        if not all(bases):
            return []
        every = [thing for things in bases for thing in things]
        inherited = [
            base for thing in every if isinstance(thing, Own) for base in self.bases(thing)
        ]
        flink = [thing for thing in every if isinstance(thing, Thing)]
        made = (self._instance(thing) for thing in flink if thing.symbol.kind == "class")
        return [*(t for things in made for t in things if isinstance(t, Thing)), *inherited]

    def called_own(self, owner: Own) -> Things:
        """An instance of a class; what a function returns."""
        if owner.kind == "class":
            return frozenset([Own("instance", owner.node)])
        if owner.kind == "function":
            self._body(owner.node)
            return self._results.get(owner.node, UNKNOWN)
        return UNKNOWN
