"""Several Python modules that import from each other, written as one.

A module stays as it is written, but for its imports from the others, and its own names
where an earlier module has other things of the same names: these get new ones.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from streamgauge.renaming import bound, renamed

_FUTURE = "from __future__ import annotations\n\n"


class Merged:
    """The code of `files` and of the modules that they import from `package`, in one text.

    `package` is that of the files' own folder. What is imported comes first, the files
    of `last` last.
    """

    def __init__(self, files: Sequence[Path], package: str, last: Sequence[Path] = ()) -> None:
        self._package = package
        self._trees: dict[Path, ast.Module] = {}
        for file in files:
            self._gather(file)
        self._trees.update({file: _parsed(file) for file in last})
        self._meanings: dict[str, str] = {}
        self._names: dict[Path, dict[str, str]] = {}
        for file in self._trees:
            self._names[file] = self._name(file)

    def __str__(self) -> str:
        future = any(_is_future(n) for tree in self._trees.values() for n in tree.body)
        return (_FUTURE if future else "") + "\n\n\n".join(map(self._part, self._trees))

    def binds(self, file: Path, name: str) -> bool:
        """Whether a module is in the text, and has this name."""
        tree = self._trees.get(file)
        return tree is not None and any(name == each for each, _ in bound(tree))

    def name(self, file: Path, name: str) -> str:
        """What a module's name is called in the text."""
        return self._names.get(file, {}).get(name, name)

    def _gather(self, file: Path) -> None:
        """Put the file after those that it imports."""
        if file not in self._trees:
            tree = _parsed(file)
            for _, other in self._imports(file, tree):
                self._gather(other)
            self._trees[file] = tree

    def _imports(self, file: Path, tree: ast.Module) -> Iterator[tuple[ast.ImportFrom, Path]]:
        """The imports of names from modules of the package."""
        for node in ast.walk(tree):
            own = _own(node, self._package)
            # A package within the package stays one.
            if own and isinstance(node, ast.ImportFrom) and _beside(file, own).is_file():
                yield node, _beside(file, own)

    def _name(self, file: Path) -> dict[str, str]:
        """The names of a module that are others in the text."""
        names: dict[str, str] = {}
        for node, other in self._imports(file, self._trees[file]):
            names.update({a.asname or a.name: self.name(other, a.name) for a in node.names})
        for name, meaning in bound(self._trees[file]):
            if name not in names:
                names[name] = self._free(name, meaning, file.stem)
        return {name: new for name, new in names.items() if name != new}

    def _free(self, name: str, meaning: str, stem: str) -> str:
        """The name, or a new one where it means something else already."""
        while self._meanings.setdefault(name, meaning) != meaning:
            name = f"{name}_of_{stem}"
        return name

    def _part(self, file: Path) -> str:
        """A module's code under a comment with its name."""
        tree, names = self._trees[file], self._names[file]
        title = f"# {file.name}"
        doc = ast.get_docstring(tree)
        if doc:
            title += f": {doc.splitlines()[0]}"
        own = [node for node, _ in self._imports(file, tree)]
        own += [node for node in tree.body if _is_future(node)]  # type: ignore[misc]
        text = renamed(tree, names, own) if names else _without(file, own)
        return f"{title}\n\n{_without_docstring(text)}"


def _beside(file: Path, name: str) -> Path:
    return file.with_name(f"{name}.py")


def _parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def _own(node: ast.AST, package: str) -> str | None:
    """The module of the package that names are imported from, if this is such an import."""
    if not isinstance(node, ast.ImportFrom):
        return None
    module = node.module or ""
    if node.level == 1 and module:
        return module
    return module[len(package) + 1 :] if module.startswith(f"{package}.") else None


def _is_future(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _without(file: Path, imports: Sequence[ast.ImportFrom]) -> str:
    """A module's text without some imports."""
    lines = file.read_text(encoding="utf-8").splitlines()
    for node in sorted(imports, key=lambda node: -node.lineno):
        indent = " " * node.col_offset
        lines[node.lineno - 1 : node.end_lineno] = [f"{indent}pass"] if indent else []
    return "\n".join(lines)


def _without_docstring(text: str) -> str:
    tree = ast.parse(text)
    if ast.get_docstring(tree):
        text = "\n".join(text.splitlines()[tree.body[0].end_lineno :])
    return text.strip()
