"""Sources of a package -> its names: parsed, never imported."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from streamgauge.check import notes
from streamgauge.check.api import ROOT, Api, Parameter, Symbol, external
from streamgauge.check.files import parsed

# What is there, and is not for use: what is in it is not read.
_ASIDE = {"tests", "examples", "fn_execution"}
# They leave a function's parameters as they are.
_HARMLESS = {
    "abstractmethod",
    "classmethod",
    "staticmethod",
    "property",
    "wraps",
    "override",
    "PublicEvolving",
    "Public",
    "Internal",
    "Experimental",
    "Deprecated",
}
# What else than a plain function a decorator makes.
_KINDS = ("property", "classmethod")
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def read(package: Path) -> Api:
    """The names of the package `pyflink` in this folder. A StreamgaugeError where one is broken."""
    symbols: dict[str, Symbol] = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join((ROOT, *(part for part in parts if part != "__init__")))
        for parent in accumulate(name.split(".")[:-1], "{}.{}".format):
            # A folder without `__init__` is a module too.
            symbols.setdefault(parent, Symbol("module"))
        if _ASIDE.intersection(parts):
            symbols[name] = Symbol("module", open=True)
        else:
            _Module(name, path.name == "__init__.py", symbols).read(path)
    for path in (*package.rglob("*.so"), *package.rglob("*.pyx")):
        parts = (*path.relative_to(package).parent.parts, path.name.partition(".")[0])
        symbols.setdefault(".".join((ROOT, *parts)), Symbol("module", open=True))
    return Api(symbols)


class _Module:
    """One module's names, on their way into the symbols of all."""

    def __init__(self, name: str, package: bool, symbols: dict[str, Symbol]) -> None:
        self._name = name
        self._package = package
        self._symbols = symbols
        self._bound: dict[str, str] = {}

    def read(self, path: Path) -> None:
        tree = parsed(path)
        nodes = list(ast.walk(tree))
        # What a function imports is good enough to read its annotations by.
        for node in nodes:
            self._bound.update(self._imports(node))
        self._bound.update({name: f"{self._name}.{name}" for name in _bound(tree.body)})
        self._bound.update(pair for node in _flat(tree.body) for pair in self._imports(node))
        self._symbols[self._name] = Symbol("module", open="__getattr__" in self._bound)
        self._statements(tree.body, (self._name,))
        self._installed(nodes)

    def _statements(self, body: Sequence[ast.stmt], owners: tuple[str, ...]) -> None:
        """What these statements bind in the innermost of `owners`, which have full names."""
        for node in _flat(body):
            for name, target in self._imports(node):
                self._add(owners, name, Symbol("alias", target=target))
            if isinstance(node, ast.ClassDef):
                self._class(node, owners)
            elif isinstance(node, _Function):
                self._function(node, owners)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                self._value(node, owners)
            elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                self._symbols[owners[-1]] = Symbol("module", open=True)

    def _add(self, owners: tuple[str, ...], name: str, symbol: Symbol) -> None:
        self._symbols[f"{owners[-1]}.{name}"] = symbol

    def _class(self, node: ast.ClassDef, owners: tuple[str, ...]) -> None:
        decorated = {_last(decorator) for decorator in node.decorator_list} - _HARMLESS
        bases = [self._full(base, owners) for base in node.bases]
        metaclass = {_last(keyword.value) for keyword in node.keywords} - {"ABCMeta"}
        attributes = set(_bound(node.body))
        symbol = Symbol(
            "class",
            bases=tuple(base or "?" for base in bases),
            open=bool(decorated or metaclass or attributes & {"__getattr__", "__getattribute__"}),
            deprecated=notes.deprecation(node),
        )
        self._add(owners, node.name, symbol)
        inside = (*owners, f"{owners[-1]}.{node.name}")
        for name in _of_self(node):
            self._add(inside, name, Symbol("value"))
        self._statements(node.body, inside)

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, owners: tuple[str, ...]
    ) -> None:
        decorators = {_last(decorator) for decorator in node.decorator_list}
        if decorators & {"setter", "deleter", "overload"}:
            return
        method = len(owners) > 1
        symbol = Symbol(
            next((kind for kind in _KINDS if kind in decorators), "function"),
            parameters=None
            if decorators - _HARMLESS
            else tuple(self._parameters(node.args, owners)),
            bound=method and "staticmethod" not in decorators,
            returns=self._returns(node, owners),
            deprecated=notes.deprecation(node),
            java=tuple(notes.java_classes(node)),
        )
        self._add(owners, node.name, symbol)

    def _value(self, node: ast.Assign | ast.AnnAssign, owners: tuple[str, ...]) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for name in (target.id for target in targets if isinstance(target, ast.Name)):
            self._add(owners, name, Symbol("value", returns=self._made(node.value, owners)))

    def _returns(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, owners: tuple[str, ...]
    ) -> tuple[str, ...]:
        """By annotation, else by what its body returns, where all of that is plain."""
        if node.returns is not None:
            return self.annotated(node.returns, owners)
        values = [sub.value for sub in ast.walk(node) if isinstance(sub, ast.Return)]
        made = [self._made(value, owners) for value in values]
        return tuple(dict.fromkeys(name for names in made for name in names)) if all(made) else ()

    def _made(self, value: ast.expr | None, owners: tuple[str, ...]) -> tuple[str, ...]:
        """The class of `Class(...)`, or of `self`; a name is not yet known to be a class's."""
        if isinstance(value, ast.Name) and value.id == "self" and len(owners) > 1:
            return (owners[-1],)
        if not isinstance(value, ast.Call):
            return ()
        full = self._full(value.func, owners)
        return (full,) if full.rpartition(".")[2][:1].isupper() else ()

    def annotated(self, annotation: ast.expr, owners: tuple[str, ...]) -> tuple[str, ...]:
        """The classes that an annotation names; none where one of them is not of PyFlink."""
        names = [self._full(part, owners) for part in _alternatives(annotation)]
        return tuple(names) if all(name.startswith(f"{ROOT}.") for name in names) else ()

    def _full(self, node: ast.expr, owners: tuple[str, ...]) -> str:
        """The full name of a dotted name as written there; "" where it is none."""
        if isinstance(node, ast.Subscript):
            node = node.value
        dotted = dotted_name(node)
        head, _, rest = dotted.partition(".")
        inside = (f"{owner}.{head}" for owner in reversed(owners[1:]))
        found = next((name for name in inside if name in self._symbols), None)
        full = found or self._bound.get(head) or external(head)
        return f"{full}.{rest}" if full and rest else full

    def _parameters(self, arguments: ast.arguments, owners: tuple[str, ...]) -> Iterator[Parameter]:
        """Name, kind, whether it has to be given, and the classes of what it gets, of each."""
        for argument, kind, required in _arguments(arguments):
            types = self.annotated(argument.annotation, owners) if argument.annotation else ()
            yield argument.arg, kind, required, types

    def _imports(self, node: ast.AST) -> Iterator[tuple[str, str]]:
        return imports(node, self._name, package=self._package)

    def _installed(self, nodes: Iterable[ast.AST]) -> None:
        """What the module sets as attributes of modules, as PyFlink's connectors are."""
        for call in nodes:
            if isinstance(call, ast.Call) and _last(call.func) == "setattr":
                owner, name, value = call.args
                module, full = self._full(owner, ("",)), self._full(value, ("",))
                if isinstance(name, ast.Constant) and module.startswith(ROOT) and full:
                    self._symbols[f"{module}.{name.value!s}"] = Symbol("alias", target=full)


def imports(node: ast.AST, module: str, *, package: bool) -> Iterator[tuple[str, str]]:
    """The names that an import statement in `module` binds, with what each stands for."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            plain = alias.name if alias.asname else alias.name.partition(".")[0]
            yield alias.asname or plain, plain
    elif isinstance(node, ast.ImportFrom):
        parts = module.split(".")
        up = node.level - package
        base = parts[: len(parts) - up] if node.level else []
        origin = ".".join([*base, *filter(None, [node.module])])
        for alias in node.names:
            if alias.name != "*":
                yield alias.asname or alias.name, f"{origin}.{alias.name}"


def dotted_name(node: ast.AST) -> str:
    """`a.b.c` of such an expression, which may stand in quotes; "" for any other."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if node.value.replace(".", "").isidentifier() else ""
    if isinstance(node, ast.Attribute):
        owner = dotted_name(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return node.id if isinstance(node, ast.Name) else ""


def _alternatives(annotation: ast.expr) -> Iterator[ast.expr]:
    """The types an annotation allows, without None."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            yield annotation
            return
    if isinstance(annotation, ast.BinOp):
        yield from (*_alternatives(annotation.left), *_alternatives(annotation.right))
    elif isinstance(annotation, ast.Subscript) and _last(annotation) in ("Optional", "Union"):
        inner = annotation.slice
        for part in inner.elts if isinstance(inner, ast.Tuple) else [inner]:
            yield from _alternatives(part)
    elif not (isinstance(annotation, ast.Constant) and annotation.value is None):
        yield annotation


def _last(node: ast.AST) -> str:
    """The last name of `a.b`, of `a.b(...)` and of `a.b[...]`."""
    if isinstance(node, ast.Call):
        return _last(node.func)
    if isinstance(node, ast.Subscript):
        return _last(node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "?")


def _flat(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The statements, with those in the blocks of `if`, `try`, `with` and loops."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While, ast.ExceptHandler)):
            yield from _flat(ast.iter_child_nodes(node))


def _bound(body: Iterable[ast.AST]) -> Iterator[str]:
    """The names that classes, functions and assignments in a body bind."""
    for node in _flat(body):
        if isinstance(node, (ast.ClassDef, *_Function)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (sub.id for t in targets for sub in ast.walk(t) if isinstance(sub, ast.Name))


def _of_self(node: ast.ClassDef) -> Iterator[str]:
    """What its methods set on `self`, or on `cls`."""
    for sub in ast.walk(node):
        if isinstance(sub, ast.Attribute) and isinstance(sub.ctx, ast.Store):
            yield sub.attr


def _arguments(arguments: ast.arguments) -> Iterator[tuple[ast.arg, int, bool]]:
    """Each with its kind, as `inspect` numbers them, and whether it has to be given."""
    positional = [*arguments.posonlyargs, *arguments.args]
    first_default = len(positional) - len(arguments.defaults)
    for number, argument in enumerate(positional):
        yield argument, int(number >= len(arguments.posonlyargs)), number < first_default
    if arguments.vararg:
        yield arguments.vararg, 2, True
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        yield argument, 3, default is None
    if arguments.kwarg:
        yield arguments.kwarg, 4, True
