"""Wrong variants of Python, of the kinds that people write."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from streamgauge.planting import streaming
from streamgauge.planting.sql import Tables
from streamgauge.planting.tree import Tree
from streamgauge.planting.variant import Variant, differing

Found = Iterator[Variant]

_BORDERS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
}
_OTHERS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", ">"),
    ast.LtE: ("<=", ">="),
    ast.Gt: (">", "<"),
    ast.GtE: (">=", "<="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_OPERATORS: dict[type[ast.operator], tuple[str, str, str]] = {
    ast.Add: ("arithmetic", "+", "-"),
    ast.Sub: ("arithmetic", "-", "+"),
    ast.FloorDiv: ("arithmetic", "//", "/"),
    ast.BitAnd: ("AND/OR", "&", "|"),
    ast.BitOr: ("AND/OR", "|", "&"),
}
# What is looked up, and what else could be; of a call, and of Table API's expressions.
_ATTRIBUTES = {
    "sum": ("aggregate", "max"),
    "max": ("aggregate", "min"),
    "min": ("aggregate", "max"),
    "avg": ("aggregate", "max"),
    "asc": ("order", "desc"),
    "desc": ("order", "asc"),
    "is_null": ("NOT", "is_not_null"),
    "is_not_null": ("NOT", "is_null"),
    "union_all": ("UNION", "union"),
    "union": ("UNION", "union_all"),
    "left_outer_join": ("join kind", "join"),
    "right_outer_join": ("join kind", "join"),
    "full_outer_join": ("join kind", "left_outer_join"),
}
_FUNCTIONS = {"min": "max", "max": "min", "sum": "max", "any": "all", "all": "any"}
_LEFT_OUT = {
    **dict.fromkeys(("filter", "where"), "condition left out"),
    **dict.fromkeys(("allowed_lateness", "side_output_late_data"), "lateness"),
    **dict.fromkeys(("lower", "upper", "strip", "lstrip", "rstrip"), "function left out"),
    **dict.fromkeys(("casefold", "lower_case", "upper_case", "trim"), "function left out"),
    **dict.fromkeys(("replace", "removeprefix", "removesuffix"), "function left out"),
    "if_null": "coalesce left out",
    "distinct": "DISTINCT lost",
}
_NARROWER = {"BIGINT": "INT", "INT": "SMALLINT", "SMALLINT": "TINYINT", "DOUBLE": "FLOAT"}
_MATCHED = 2


def variants(text: str, tables: Tables = ()) -> list[Variant]:
    """The wrong variants of a text, in order; columns are exchanged for others of the tables."""
    tree = Tree(text)
    found = [variant for kind in (*_KINDS, *streaming.KINDS) for variant in kind(tree)]
    parsed = (v for v in (*found, *_columns(tree, tables)) if _is_python(v.planted(text)))
    return differing(parsed, text)


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _comparisons(tree: Tree) -> Found:
    for node in tree.of(ast.Compare):
        sides = [node.left, *node.comparators]
        for left, right, operator in zip(sides, sides[1:], node.ops):
            yield from tree.between("comparison", left, right, *_OTHERS[type(operator)])
            if type(operator) in _BORDERS:
                yield from tree.between("border", left, right, *_BORDERS[type(operator)])


def _logic(tree: Tree) -> Found:
    for node in tree.of(ast.BoolOp):
        words = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:]):
            yield from tree.between("AND/OR", left, right, *words)


def _conditions(tree: Tree) -> Found:
    """Left out: one of several, or the whole of an `if`."""
    for node in tree.of(ast.BoolOp):
        for value in node.values:
            rest = [tree.written(other) for other in node.values if other is not value]
            word = " and " if isinstance(node.op, ast.And) else " or "
            brackets = [f"({each})" for each in rest]
            yield tree.put("condition left out", node, f"({word.join(brackets)})")
    for joined in tree.of(ast.BinOp):
        if isinstance(joined.op, (ast.BitAnd, ast.BitOr)):
            for side in (joined.left, joined.right):
                yield tree.put("condition left out", joined, f"({tree.written(side)})")
    for branch in tree.of(ast.AST):
        tests = getattr(branch, "ifs", None) or [getattr(branch, "test", None)]
        for test in tests:
            if test is not None and not isinstance(branch, (ast.While, ast.Assert)):
                yield tree.put("condition left out", test, "True")


def _negations(tree: Tree) -> Found:
    for node in tree.of(ast.UnaryOp):
        if isinstance(node.op, ast.Not):
            yield tree.put("NOT", node, f"({tree.written(node.operand)})")
        if isinstance(node.op, (ast.USub, ast.Invert)):
            yield tree.put("NOT", node, f"({tree.written(node.operand)})")


def _numbers(tree: Tree) -> Found:
    for node in tree.of(ast.Constant):
        parent = tree.parents.get(node)
        powers = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow)
        if type(node.value) is int and not powers:
            of_row = isinstance(parent, ast.Subscript) and parent.slice is node
            kind = "another column" if of_row else "number by one"
            for other in (node.value + 1, node.value - 1):
                if other > 0 or (of_row and other == 0):
                    yield tree.put(kind, node, str(other))


def _arithmetic(tree: Tree) -> Found:
    for node in tree.of(ast.BinOp):
        if type(node.op) in _OPERATORS:
            kind, old, new = _OPERATORS[type(node.op)]
            yield from tree.between(kind, node.left, node.right, old, new)


def _attributes(tree: Tree) -> Found:
    """Those of tables and their expressions."""
    if "pyflink.table" not in tree.text:
        return
    for node in tree.of(ast.Attribute):
        if node.attr in _ATTRIBUTES:
            kind, other = _ATTRIBUTES[node.attr]
            yield tree.renamed(kind, node, other)
    for call, method in tree.calls("join"):
        if len(call.args) >= _MATCHED:
            yield tree.renamed("join kind", method, "left_outer_join")
    for node in tree.of(ast.Attribute):
        if node.attr == "count" and not tree.written(node.value).startswith("lit("):
            yield tree.put("COUNT(*)", node.value, "lit(1)")
        if node.attr in ("sum", "avg", "count") and not _is_called(tree, node):
            yield tree.renamed("DISTINCT added", node, f"{node.attr}.distinct")


def _is_called(tree: Tree, node: ast.Attribute) -> bool:
    parent = tree.parents[node]
    return isinstance(parent, ast.Call) and parent.func is node


def _casts(tree: Tree) -> Found:
    """To a type that has less room."""
    for call, _ in tree.calls("cast", "try_cast"):
        for to in call.args[:1]:
            method = to.func if isinstance(to, ast.Call) else None
            if isinstance(method, ast.Attribute) and method.attr in _NARROWER:
                yield tree.renamed("narrower cast", method, _NARROWER[method.attr])


def _cases(tree: Tree) -> Found:
    """The second of two branches looked at first."""
    for first in tree.of(ast.If):
        second = first.orelse[0] if first.orelse else None
        if isinstance(second, ast.If) and tree.written(second).startswith("elif"):
            spans = [_branch(tree, each) for each in (first, second)]
            texts = [[tree.text[start:stop] for start, stop in each] for each in spans]
            edits = [(*span, t) for span, t in zip(spans[0] + spans[1], texts[1] + texts[0])]
            yield tree.edited("CASE order", *edits)


def _branch(tree: Tree, branch: ast.If) -> list[tuple[int, int]]:
    """Where its condition stands, and what is done then."""
    test, body = branch.test, branch.body
    return [(tree.start(test), tree.stop(test)), (tree.start(body[0]), tree.stop(body[-1]))]


def _functions(tree: Tree) -> Found:
    for call in tree.of(ast.Call):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in _FUNCTIONS:
            yield tree.put("aggregate", call.func, _FUNCTIONS[name])
        for keyword in call.keywords:
            if keyword.arg == "reverse":
                yield tree.put("order", keyword.value, f"not {tree.written(keyword.value)}")
            if keyword.arg == "key" and name in ("sorted", "min", "max"):
                yield tree.put("order", keyword.value, "None")


def _left_out(tree: Tree) -> Found:
    for call, method in tree.calls(*_LEFT_OUT):
        yield tree.unlinked(_LEFT_OUT[method.attr], call, method)


def _ties(tree: Tree) -> Found:
    """The last of what a key orders by."""
    for node in tree.of(ast.Tuple):
        if isinstance(tree.parents[node], ast.Lambda) and len(node.elts) > 1:
            kept = ", ".join(tree.written(each) for each in node.elts[:-1])
            yield tree.put("tie order", node, f"({kept},)")


def _columns(tree: Tree, tables: Tables) -> Found:
    """Another column of the same type, the next of its table, where one is named."""
    for columns in tables:
        for node in tree.of(ast.Constant):
            if isinstance(node.value, str) and node.value in columns:
                alike = [n for n, kind in columns.items() if kind == columns[node.value]]
                following = alike[(alike.index(node.value) + 1) % len(alike)]
                if following != node.value:
                    yield tree.put("another column", node, repr(following))
        for of_row in tree.of(ast.Attribute):
            own = isinstance(of_row.value, ast.Name) and of_row.value.id == "self"
            if of_row.attr in columns and not own and not _is_called(tree, of_row):
                alike = [n for n, kind in columns.items() if kind == columns[of_row.attr]]
                following = alike[(alike.index(of_row.attr) + 1) % len(alike)]
                yield tree.renamed("another column", of_row, following)


_KINDS: tuple[Callable[[Tree], Found], ...] = (
    _comparisons,
    _logic,
    _conditions,
    _negations,
    _numbers,
    _arithmetic,
    _attributes,
    _casts,
    _cases,
    _functions,
    _left_out,
    _ties,
)
