"""Python as its syntax tree over its text, where each node keeps its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from streamgauge.planting.variant import Variant

Node = TypeVar("Node", bound=ast.AST)


class Tree:
    """A text's nodes that errors can be planted into: no annotations, no decorators, no docs."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.nodes = list(_nodes(ast.parse(text)))
        self.parents = {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    def of(self, kind: type[Node]) -> Iterator[Node]:
        """The nodes of a kind."""
        return (node for node in self.nodes if isinstance(node, kind))

    def calls(self, *names: str) -> Iterator[tuple[ast.Call, ast.Attribute]]:
        """Calls of a method of one of these names."""
        for call in self.of(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr in names:
                yield call, call.func

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line begins, in bytes, as the tree counts."""
        ends = (m.end() for m in re.finditer(rb"\r\n|\r|\n", self._bytes))
        return [0, *ends]

    @cached_property
    def _bytes(self) -> bytes:
        return self.text.encode()

    def _at(self, line: int, column: int) -> int:
        return len(self._bytes[: self._lines[line - 1] + column].decode())

    def start(self, node: ast.AST) -> int:
        """Where it begins in the text."""
        return self._at(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def stop(self, node: ast.AST) -> int:
        """Where it ends."""
        return self._at(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def written(self, node: ast.AST) -> str:
        """The node as it is written, without brackets around it."""
        return self.text[self.start(node) : self.stop(node)]

    def put(self, kind: str, node: ast.AST, instead: str) -> Variant:
        """Another text for a node."""
        return Variant(kind, self.start(node), self.stop(node), instead)

    def edited(self, kind: str, *edits: tuple[int, int, str]) -> Variant:
        """Other texts at several places (start, stop, instead), which do not overlap."""
        whole, at = "", min(edits)[0]
        for start, stop, instead in sorted(edits):
            whole, at = whole + self.text[at:start] + instead, stop
        return Variant(kind, min(edits)[0], at, whole)

    def between(
        self, kind: str, left: ast.AST, right: ast.AST, old: str, new: str
    ) -> Iterator[Variant]:
        """Another word for the one that stands between two nodes."""
        begin, end = self.stop(left), self.start(right)
        word = re.escape(old).replace(r"\ ", r"\s+")
        for found in re.finditer(word, self.text[begin:end]):
            yield Variant(kind, begin + found.start(), begin + found.end(), new)

    def renamed(self, kind: str, node: ast.Attribute, name: str) -> Variant:
        """Another name for what is looked up."""
        stop = self.stop(node)
        return Variant(kind, stop - len(node.attr), stop, name)

    def unlinked(self, kind: str, call: ast.Call, method: ast.Attribute) -> Variant:
        """A method of a chain left out."""
        return Variant(kind, self._closed(method.value), self.stop(call), "")

    def _closed(self, node: ast.AST) -> int:
        """Where it ends, with the brackets around it: where the dot before its method stands."""
        parent = self.parents[node]
        assert isinstance(parent, ast.Attribute), "it is what a method is of"
        begin = self.stop(node)
        rest = self.text[begin : self.stop(parent) - len(parent.attr)]
        return begin + len(rest[: rest.rindex(".")].rstrip())


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "keywords_of_class"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_doc(child):
                yield from _nodes(child)


def _is_doc(node: ast.AST) -> bool:
    """A text that stands alone, or what only brings names."""
    texts = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return texts or isinstance(node, (ast.Import, ast.ImportFrom))
