"""What the expressions of somebody's file stand for, and the names of PyFlink they use."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from streamgauge.check import things
from streamgauge.check.scopes import Scope
from streamgauge.check.things import UNKNOWN, Call, Line, Own, Thing, Things, Use, united

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Expressions:
    """Reads expressions in the scope it has come to; `uses` has what was found on the way."""

    def __init__(self, line: Line, tree: ast.Module) -> None:
        self.line = line
        self.scope = Scope(tree)
        self.uses: list[Use] = []
        self.undecided = 0
        self.guarded = 0
        # Deeper than nothing: what fails here is caught, or asked for first.
        self._guards = 0
        self._asked = set(_asked(tree))
        # Modules of which all is imported; none where that is so of others too.
        self._stars: list[Thing] = []

    def infer(self, node: ast.expr | None, *, called: bool = False) -> Things:
        """What an expression stands for; each is read once where it stands."""
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, called=called)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.IfExp):
            self.infer(node.test)
            return united([self.infer(node.body), self.infer(node.orelse)])
        if isinstance(node, ast.NamedExpr):
            found = self.infer(node.value)
            self.scope.bind(node.target.id, found)
            return found
        return self._others(node)

    def _others(self, node: ast.expr | None) -> Things:
        """What is not followed: its parts are read all the same."""
        if isinstance(node, _COMPREHENSIONS):
            self._comprehension(node)
        elif isinstance(node, ast.Lambda):
            self._within(Scope(node, self.scope), [node.body])
        elif node is not None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.infer(child)
                elif isinstance(child, ast.keyword):
                    self.infer(child.value)
        return UNKNOWN

    def _comprehension(self, node: ast.AST) -> None:
        for generator in node.generators:  # type: ignore[attr-defined]
            self.infer(generator.iter)
        scope = Scope(node, self.scope)
        conditions = [c for g in node.generators for c in g.ifs]  # type: ignore[attr-defined]
        parts = [getattr(node, part, None) for part in ("elt", "key", "value")]
        self._within(scope, [*conditions, *parts])

    def _within(self, scope: Scope, nodes: Iterable[ast.expr | None]) -> None:
        outer, self.scope = self.scope, scope
        for node in nodes:
            self.infer(node)
        self.scope = outer

    def _name(self, node: ast.Name) -> Things:
        found = self.scope.look(node.id)
        if found is not None:
            return found
        for module in self._stars:
            inside, full = self.line.attribute(module, node.id)
            # A star brings no modules, as `__all__` seldom has them.
            if full and not node.id.startswith("_") and not _module_in(inside):
                self.use(node, [module], node.id, full)
                return inside
        return UNKNOWN

    def _attribute(self, node: ast.Attribute, *, called: bool) -> Things:
        owners = self.infer(node.value)
        if not owners:
            self.undecided += node.attr in self.line.api.members
            return UNKNOWN
        return self.attribute(node, owners, node.attr, called=called)

    def attribute(
        self, node: ast.AST, owners: Things, name: str, *, called: bool = False
    ) -> Things:
        """What an attribute of any of these stands for; a use where they are of PyFlink."""
        own = [self.of_own(owner, name) for owner in owners if isinstance(owner, Own)]
        if any(found is not None for found in own):
            return united(found or UNKNOWN for found in own)
        flink = [owner for owner in owners if isinstance(owner, Thing)]
        flink += [base for owner in owners if isinstance(owner, Own) for base in self.bases(owner)]
        if not flink:
            return UNKNOWN
        found = [self.line.attribute(owner, name, called=called) for owner in flink]
        heirs = any(isinstance(owner, Own) for owner in owners)
        if all(self.line.lacks(owner, name, called=called, heir=heirs) for owner in flink):
            self._missing(node, flink[0], name)
        elif all(full for _, full in found):
            self.use(node, flink, name, found[0][1])
        else:
            self.undecided += 1
        return united(inside for inside, _ in found)

    def of_own(self, owner: Own, name: str) -> Things | None:
        """What the file itself says of an attribute of its class; None where it says nothing."""
        raise NotImplementedError

    def bases(self, owner: Own) -> list[Thing]:
        """What of PyFlink a class of the file inherits; nothing where not all of it is known."""
        raise NotImplementedError

    def called_own(self, owner: Own) -> Things:
        """What a call of a class or function of the file gives."""
        raise NotImplementedError

    def _missing(self, node: ast.AST, owner: Thing, name: str) -> None:
        if self._guards or name in self._asked:
            self.guarded += 1
        else:
            self.uses.append(Use(*place(node), owner.name, name, None))

    def use(
        self,
        node: ast.AST,
        owners: Iterable[Thing],
        name: str,
        full: str,
        call: Call | None = None,
    ) -> None:
        """Note a use of what the line has; what only another line has is not of it."""
        if full in self.line.api and all(owner.name in self.line.api for owner in owners):
            owner, _, last = full.rpartition(".")
            self.uses.append(Use(*place(node), owner, last, self.line.api[full], call))

    def _call(self, node: ast.Call) -> Things:
        function = self.infer(node.func, called=True)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            self.infer(argument.value if isinstance(argument, ast.Starred) else argument)
        given: list[Things] = []
        for thing in function:
            if isinstance(thing, Own):
                given.append(self.called_own(thing))
            else:
                given.append(self.line.called(thing))
                self._fit(node, thing)
        return united(given) if given else UNKNOWN

    def _fit(self, node: ast.Call, thing: Thing) -> None:
        """Note how a symbol is called, for the signature that it has."""
        if thing.kind != "symbol" or thing.name not in self.line.api or self._guards:
            return
        fitting = things.callable_of(self.line.api, thing.name, of_instance=thing.of_instance)
        if fitting:
            owner, _, name = thing.name.rpartition(".")
            call = _shape(node, of_instance=thing.of_instance)
            self.uses.append(Use(*place(node.func), owner, name, fitting, call))


def place(node: ast.AST) -> tuple[int, int]:
    """Line and column, from 1, of the end of what is named: in a chain, its own line."""
    line: int = node.end_lineno  # type: ignore[attr-defined]
    return line, node.end_col_offset  # type: ignore[attr-defined]


def _module_in(found: Things) -> bool:
    return any(isinstance(thing, Thing) and thing.symbol.kind == "module" for thing in found)


def _shape(node: ast.Call, *, of_instance: bool) -> Call:
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    plain = [argument for argument in node.args if not isinstance(argument, ast.Starred)]
    keywords = tuple(keyword.arg for keyword in node.keywords if keyword.arg)
    is_open = starred or len(keywords) < len(node.keywords)
    return Call(len(plain), keywords, is_open, of_instance)


def _asked(tree: ast.AST) -> Iterable[str]:
    """The names for which the file itself asks by `hasattr` or `getattr`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("hasattr", "getattr"):
            yield from (str(a.value) for a in node.args[1:2] if isinstance(a, ast.Constant))
