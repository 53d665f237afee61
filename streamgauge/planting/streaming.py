"""Wrong variants of Python that only streaming has: of state, timers, kinds of time."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from streamgauge.planting.tree import Tree
from streamgauge.planting.variant import Variant

Found = Iterator[Variant]

# State as a plain object that all keys share, and that no checkpoint has.
_SHARED = {
    "get_state": (
        'type("Shared", (), {"kept": None, "value": lambda self: self.kept, '
        '"update": lambda self, value: setattr(self, "kept", value), '
        '"clear": lambda self: setattr(self, "kept", None)})()'
    ),
    "get_map_state": (
        'type("Shared", (dict,), {"put": dict.__setitem__, "contains": dict.__contains__, '
        '"remove": lambda self, key: self.pop(key, None), "is_empty": lambda self: not self})()'
    ),
    "get_list_state": (
        'type("Shared", (list,), {"get": list.copy, "add": list.append, "add_all": list.extend, '
        '"update": lambda self, values: self.__setitem__(slice(None), values)})()'
    ),
}
_CLEARING = ("clear", "remove")
_WRITING = ("update", "put", "add", "add_all", "put_all")
_TIMES = {
    "register_event_time_timer": "register_processing_time_timer",
    "register_processing_time_timer": "register_event_time_timer",
    "current_watermark": "current_processing_time",
    "current_processing_time": "current_watermark",
}
_TIMERS = ("register_event_time_timer", "register_processing_time_timer")


def _shared(tree: Tree) -> Found:
    for call, method in tree.calls(*_SHARED):
        yield tree.put("state shared by keys", call, _SHARED[method.attr])


def _statements(tree: Tree) -> Iterator[tuple[ast.Call, str]]:
    """Calls of methods whose results nobody wants."""
    for node in tree.of(ast.Expr):
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
            yield node.value, node.value.func.attr


def _clearing(tree: Tree) -> Found:
    for call, name in _statements(tree):
        if name in _CLEARING:
            yield tree.put("state never cleared", call, "None")
        if name in _WRITING:
            yield tree.put("state not kept", call, "None")
            assert isinstance(call.func, ast.Attribute), "it is a method's"
            yield tree.put(
                "state cleared too soon", call, f"{tree.written(call.func.value)}.clear()"
            )


def _timers(tree: Tree) -> Found:
    for call, method in tree.calls(*_TIMERS):
        for at in call.args[:1]:
            written = tree.written(at)
            for off in (f"({written}) + 1", f"({written}) - 1"):
                yield tree.put("timer off by one", at, off)
            again = f"{tree.written(method)}(({written}) + 1)"
            yield tree.put("timer twice", call, f"({tree.written(call)}, {again})")
    for call, name in _statements(tree):
        if name in _TIMERS:
            yield tree.put("timer never", call, "None")
        if name.startswith("delete_"):
            yield tree.put("timer not deleted", call, "None")


def _times(tree: Tree) -> Found:
    for _, method in tree.calls(*_TIMES):
        yield tree.renamed("kind of time", method, _TIMES[method.attr])
    for call, method in tree.calls("fromtimestamp"):
        if len(call.args) > 1:
            instead = f"{tree.written(method)}({tree.written(call.args[0])})"
            yield tree.put("local time", call, instead)


def _swallowed(tree: Tree) -> Found:
    for node in tree.of(ast.Raise):
        yield tree.put("exception swallowed", node, "pass")
    for handler in tree.of(ast.ExceptHandler):
        last = handler.body[-1]
        yield Variant("exception swallowed", tree.start(handler.body[0]), tree.stop(last), "pass")


def _yields(tree: Tree) -> Found:
    for node in tree.of(ast.Expr):
        if isinstance(node.value, (ast.Yield, ast.YieldFrom)):
            yield tree.put("row left out", node, "yield from ()")


KINDS: tuple[Callable[[Tree], Found], ...] = (
    _shared,
    _clearing,
    _timers,
    _times,
    _swallowed,
    _yields,
)
