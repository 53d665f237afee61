"""Operators that keep state have a uid: a savepoint finds them again in a changed job."""

import ast
from collections import Counter
from pathlib import Path

import pytest

JOBS = Path(__file__).resolve().parents[2] / "jobs"
FILES = sorted([*JOBS.glob("*/datastream.py"), *JOBS.glob("*/process.py")])

# What keeps state, or may. `aggregate`, `apply` and the like come after a window.
STATEFUL = {
    *("process", "reduce", "aggregate", "apply"),
    *("sum", "min", "max", "min_by", "max_by"),
}


def names_and_uids(code):
    """Each stateful call on a stream with whether `.uid("...")` follows it, and all the uids."""
    tree = ast.parse(code)
    calls = [node for node in ast.walk(tree) if method(node)]
    named = {id(call.func.value): call.args[0].value for call in calls if method(call) == "uid"}
    stateful = [call for call in calls if method(call) in STATEFUL and in_query(tree, call)]
    return {(c.lineno, method(c)): id(c) in named for c in stateful}, list(named.values())


def method(node):
    is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return node.func.attr if is_method else None


def in_query(tree, call):
    """Streams are handled in functions of the module; methods of classes handle rows."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return any(call is node for function in functions for node in ast.walk(function))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_stateful_operators_have_uids(file):
    """Each has one of its own."""
    named, uids = names_and_uids(file.read_text())

    assert [] == [call for call, has_uid in named.items() if not has_uid]
    assert [] == [uid for uid, times in Counter(uids).items() if times > 1]


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("def query(s):\n return s.key_by(k).process(f).uid('a')", [True]),
        ("def query(s):\n return s.key_by(k).process(f)", [False]),
        ("def query(s):\n return s.key_by(k).window(w).aggregate(f).name('b')", [False]),
        ("def query(s):\n return s.process(f).uid('a').key_by(k).reduce(g)", [True, False]),
        ("class F:\n def f(self):\n  return self.g.process(1)", []),
    ],
)
def test_missing_uids_are_seen(code, named):
    """The look itself is no rubber stamp."""
    assert sorted(named) == sorted(names_and_uids(code)[0].values())
