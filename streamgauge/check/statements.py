"""The statements of somebody's file, read in order: imports, bindings, branches."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from streamgauge.check.api import ROOT
from streamgauge.check.expressions import Expressions
from streamgauge.check.scopes import is_none
from streamgauge.check.sources import dotted_name, imports
from streamgauge.check.things import UNKNOWN, Line, Own, Thing, Things, united

# Who catches one of these has thought of another line.
_CAUGHT = {"ImportError", "ModuleNotFoundError", "AttributeError", "TypeError", "Exception", "?"}
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class Statements(Expressions):
    """Reads statements, but for those that define functions and classes."""

    def __init__(self, line: Line, tree: ast.Module) -> None:
        super().__init__(line, tree)
        self._fields: dict[tuple[ast.AST, str], dict[ast.AST, Things]] = {}
        self._hidden = False

    def read(self, body: Iterable[ast.AST]) -> None:
        """Read statements, or what else has statements in it."""
        for node in body:
            reader = getattr(self, f"_read_{type(node).__name__.lower()}", None)
            if reader:
                reader(node)
            elif isinstance(node, ast.expr):
                self.infer(node)
            else:
                self.read(ast.iter_child_nodes(node))

    # Imports.

    def _read_import(self, node: ast.Import) -> None:
        bound = dict(imports(node, "", package=False))
        for alias in node.names:
            if alias.name.partition(".")[0] == ROOT:
                self._path(node, alias.name)
        for name, full in bound.items():
            self.scope.bind(name, self._module(full) if self._there(full) else UNKNOWN)

    def _read_importfrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        flink = not node.level and module.partition(".")[0] == ROOT
        owner = self._path(node, module) if flink else UNKNOWN
        for alias in node.names:
            if alias.name == "*":
                self._star(owner)
                continue
            found = self.attribute(alias, owner, alias.name) if owner else UNKNOWN
            self.scope.bind(alias.asname or alias.name, found)

    def _star(self, owner: Things) -> None:
        """What another package's star brings may hide PyFlink's."""
        self._hidden = self._hidden or not owner
        every = [*self._stars, *(thing for thing in owner if isinstance(thing, Thing))]
        self._stars = [] if self._hidden else every

    def _path(self, node: ast.AST, dotted: str) -> Things:
        """A module by its path; what is told is the first part that is not there."""
        root, *rest = dotted.split(".")
        found = self._module(root)
        for name in rest:
            found = self.attribute(node, found, name)
        return found

    def _there(self, full: str) -> bool:
        return any(api.resolve(full) for api in self.line.every())

    def _module(self, full: str) -> Things:
        for api in self.line.every():
            if name := api.resolve(full):
                return self.line.things(api, name)
        return UNKNOWN

    # Bindings.

    def _read_assign(self, node: ast.Assign) -> None:
        found = self.infer(node.value)
        for target in node.targets:
            if not (is_none(node.value) and isinstance(target, ast.Attribute)):
                self._target(target, found)

    def _read_annassign(self, node: ast.AnnAssign) -> None:
        made = self.infer(node.value)
        self._target(node.target, self.annotated(node.annotation) or made)

    def _read_augassign(self, node: ast.AugAssign) -> None:
        self.infer(node.value)
        self._target(node.target, UNKNOWN)

    def _target(self, target: ast.expr, found: Things) -> None:
        if isinstance(target, ast.Name):
            self.scope.bind(target.id, found)
        elif isinstance(target, ast.Attribute):
            self._field(target, found)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self._target(element, UNKNOWN)
        else:
            self.infer(target)

    def _field(self, target: ast.Attribute, found: Things) -> None:
        """`self.x = ...`, by where that stands."""
        for owner in self.infer(target.value):
            if isinstance(owner, Own):
                self._fields.setdefault((owner.node, target.attr), {})[target] = found

    def annotated(self, annotation: ast.expr | None) -> Things:
        """Instances of what an annotation names."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            return self._quoted(annotation.value)
        if isinstance(annotation, ast.Subscript):
            optional = dotted_name(annotation.value).rpartition(".")[2] == "Optional"
            return self.annotated(annotation.slice) if optional else UNKNOWN
        classes = self.infer(annotation) if dotted_name(annotation or ast.Pass()) else UNKNOWN
        return united(self._instance(thing) for thing in classes) if classes else UNKNOWN

    def _quoted(self, text: str) -> Things:
        """Read for what it names alone: its places are not those of the file."""
        uses = list(self.uses)
        try:
            return self.annotated(ast.parse(text, mode="eval").body)
        except SyntaxError:
            return UNKNOWN
        finally:
            self.uses = uses

    def _instance(self, thing: Thing | Own) -> Things:
        if isinstance(thing, Own):
            return frozenset([Own("instance", thing.node)]) if thing.kind == "class" else UNKNOWN
        return self.line.called(thing) if thing.symbol.kind == "class" else UNKNOWN

    # Branches.

    def _read_if(self, node: ast.If) -> None:
        self.infer(node.test)
        guard = "version" in ast.unparse(node.test).lower() or "TYPE_CHECKING" in ast.dump(
            node.test
        )
        self._guards += guard
        self._ways([node.body, node.orelse])
        self._guards -= guard

    def _ways(self, bodies: Sequence[Sequence[ast.AST]]) -> None:
        """Read each from here; what ends with a `return` or the like leads no further."""
        before = dict(self.scope.now)
        ends = []
        for body in bodies:
            self.scope.now = dict(before)
            self.read(body)
            if not (body and isinstance(body[-1], _LEAVING)):
                ends.append(self.scope.now)
        self.scope.merge(ends or [before])

    def _read_for(self, node: ast.For | ast.AsyncFor) -> None:
        self.infer(node.iter)
        self._target(node.target, UNKNOWN)
        self._loop(node.body)
        self.read(node.orelse)

    _read_asyncfor = _read_for

    def _read_while(self, node: ast.While) -> None:
        self._loop([node.test, *node.body])
        self.read(node.orelse)

    def _loop(self, body: Sequence[ast.AST]) -> None:
        """Read once for what the names are the next time round, and then for good."""
        before = dict(self.scope.now)
        seen = list(self.uses), self.undecided, self.guarded
        self.read(body)
        self.uses, self.undecided, self.guarded = seen
        self.scope.merge([before, self.scope.now])
        start = dict(self.scope.now)
        self.read(body)
        self.scope.merge([start, self.scope.now])

    def _read_try(self, node: ast.Try) -> None:
        guard = any(_catches(handler) for handler in node.handlers)
        before = dict(self.scope.now)
        self._guards += guard
        self.read(node.body)
        self._guards -= guard
        self.read(node.orelse)
        ends = [self.scope.now]
        for handler in node.handlers:
            self.scope.merge([before, ends[0]])
            self._guards += guard
            self.read(handler.body)
            self._guards -= guard
            ends.append(self.scope.now)
        self.scope.merge(ends)
        self.read(node.finalbody)

    def _read_with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.infer(item.context_expr)
            if item.optional_vars:
                self._target(item.optional_vars, UNKNOWN)
        self.read(node.body)

    _read_asyncwith = _read_with


def _catches(handler: ast.ExceptHandler) -> bool:
    caught = [handler.type] if not isinstance(handler.type, ast.Tuple) else handler.type.elts
    return any((dotted_name(c) if c else "?").rpartition(".")[2] in _CAUGHT for c in caught)
