"""Which packages and modules the files of a cell's dialect ask for where its job runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from streamgauge import asked, roots
from streamgauge.cells import Cell
from streamgauge.scenario import JOB

# What stands beside a root and is nobody's helper.
_NOT_HELPERS = {"streamgauge"}


def needed(cell: Cell) -> set[str]:
    """The packages and modules that do not go with the job, Python's included."""
    return _reached(cell).others


def modules(cell: Cell) -> list[Path]:
    """The Python files of the scenario that the dialect is made of, and those that they import."""
    return [file for file in _reached(cell).files if cell.scenario.folder in file.parents]


def files(cell: Cell) -> list[Path]:
    """The same, and those of helpers."""
    return _reached(cell).files


def helpers(cell: Cell) -> list[Path]:
    """The modules and packages beside the scenario's root that are imported, in turn too."""
    return sorted(_reached(cell).helpers)


def _reached(cell: Cell) -> _Reached:
    reached = _Reached(cell)
    for name in (cell.scenario.file(cell.dialect), *(["udf.py"] if cell.udf else [])):
        reached.read(cell.scenario.folder / name, reached.own)
    for function in asked.created(cell, asked.statements(cell)):
        reached.follow(function.object)
    return reached


class _Reached:
    """What files import, and those that they import, and so on."""

    def __init__(self, cell: Cell) -> None:
        self._folder = cell.scenario.folder
        self._package = roots.package(self._folder.parent)
        # A program stands among its modules, what else there is imports them from a package.
        self._beside = [self._folder.parent.parent]
        if cell.dialect == JOB:
            self._beside.insert(0, self._folder)
        self.files: list[Path] = []
        self.own = f"{self._package}.{self._folder.name}."
        self.others: set[str] = set()
        self.helpers: set[Path] = set()

    def read(self, file: Path, prefix: str) -> None:
        """Follow what a file imports; `prefix` is what its relative imports begin with."""
        if file.suffix == ".py" and file.is_file() and file not in self.files:
            self.files.append(file)
            for name in _imported(file, prefix):
                self.follow(name)

    def follow(self, name: str) -> None:
        """Follow a module, or a name in one."""
        top = name.partition(".")[0]
        if name.startswith(self.own):
            for file in _own(self._folder, name):
                self.read(file, self.own)
        elif top != self._package:
            self._follow(top)

    def _follow(self, top: str) -> None:
        there = next(filter(None, (_beside(folder, top) for folder in self._beside)), None)
        if there is None:
            self.others.add(top)
            return
        if there.parent != self._folder:
            self.helpers.add(there)
        for file in there.rglob("*.py") if there.is_dir() else [there]:
            self.read(file, f"{top}.")


def _own(folder: Path, name: str) -> list[Path]:
    """The files of a module, or of what it is a name in."""
    parts = name.split(".")[2:]
    ways = [folder.joinpath(*parts), folder.joinpath(*parts[:-1])]
    files = [path for way in ways for path in (way.with_suffix(".py"), way / "__init__.py")]
    return [path for path in files if path.is_file()]


def _beside(folder: Path, name: str) -> Path | None:
    """The module or the package of this name in a folder."""
    if name in _NOT_HELPERS:
        return None
    if (module := folder / f"{name}.py").is_file():
        return module
    there = folder / name
    return there if next(there.glob("*.py"), None) else None


def _imported(file: Path, own: str) -> Iterator[str]:
    """The modules that a file cannot do without; `own` is what its relative ones begin with."""
    tree = ast.Module([], [])
    # A helper that is broken is told by whoever imports it.
    with suppress(SyntaxError, ValueError):
        tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield from (own + (node.module or alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All of it, but for what is tried, and what is there for types alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Try) or _is_for_types(node):
            continue
        yield node
        yield from _nodes(node)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
