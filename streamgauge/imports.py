"""Which packages the files of a cell's dialect ask for where its job runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from streamgauge import roots
from streamgauge.cells import Cell
from streamgauge.scenario import JOB


def needed(cell: Cell) -> set[str]:
    """The packages and modules that are not the scenario's own, Python's included."""
    own = _own(cell)
    names = {name for file in modules(cell) for name in _named(cell, file)}
    others = {name.partition(".")[0] for name in names if not name.startswith(own)}
    return others - {own.partition(".")[0]}


def modules(cell: Cell) -> list[Path]:
    """The Python files of the scenario that the dialect is made of, and those that they import."""
    folder, own = cell.scenario.folder, _own(cell)
    names = [cell.scenario.file(cell.dialect), *(["udf.py"] if cell.udf else [])]
    # An example of PyFlink's is none of it.
    paths = [folder / name for name in names if name.endswith(".py")]
    found = [path for path in paths if path.is_file()]
    for file in found:
        beside = (f"{n.removeprefix(own)}.py" for n in _named(cell, file) if n.startswith(own))
        others = dict.fromkeys(folder / name for name in beside)
        # They are looked through too, in their turn.
        found += [path for path in others if path.is_file() and path not in found]
    return found


def _own(cell: Cell) -> str:
    """What the names of the scenario's own modules begin with."""
    folder = cell.scenario.folder
    return f"{roots.package(folder.parent)}.{folder.name}."


def _named(cell: Cell, file: Path) -> list[str]:
    """What it imports; of a program that is the scenario's own too what lies beside it."""
    own, names = _own(cell), _imported(file, _own(cell))
    if cell.dialect != JOB:
        return list(names)
    beside = {path.stem for path in cell.scenario.folder.glob("*.py")}
    return [own + name if name.partition(".")[0] in beside else name for name in names]


def _imported(file: Path, own: str) -> Iterator[str]:
    """The modules that a file cannot do without."""
    for node in _nodes(ast.parse(file.read_text(encoding="utf-8"))):
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
