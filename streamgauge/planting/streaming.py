"""Wrong variants of Python that only streaming has: of state, timers, kinds of time, lateness."""

from __future__ import annotations

import ast
import re
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
# The same for each key: only what starts the job anew sees that no checkpoint has it. At a timer a
# process-mode key reads otherwise than at a row; encoded it is the same.
_BY_KEY = (
    'type("ByKey", (), {{"kept": {{}}, "backend": {context}._keyed_state_backend, "__getattr__": '
    "lambda self, name: getattr(self.kept.setdefault(repr(getattr(self.backend, "
    "'_encoded_current_key', None) or self.backend.get_current_key()), {shared}), name)}})()"
)
_CLEARING = ("clear", "remove")
_WRITING = ("update", "put", "add", "add_all", "put_all")
_TIMES = {
    "register_event_time_timer": "register_processing_time_timer",
    "register_processing_time_timer": "register_event_time_timer",
    "current_watermark": "current_processing_time",
    "current_processing_time": "current_watermark",
}
# Windows by event time, and those that look like them.
_WINDOWS = re.compile(r"\b(Tumbling|Sliding)EventTimeWindows\b|\bEventTimeSessionWindows\b")
_LATE_MS = 60_000
# What a function gives that is called once, when the job is built.
_BUILDS = ("DataStream", "Table")
_TIMERS = ("register_event_time_timer", "register_processing_time_timer")


def _shared(tree: Tree) -> Found:
    for call, method in tree.calls(*_SHARED):
        yield tree.put("state shared by keys", call, _SHARED[method.attr])


def _by_key(tree: Tree) -> Found:
    for call, method in tree.calls(*_SHARED):
        context = tree.written(method.value)
        instead = _BY_KEY.format(context=context, shared=_SHARED[method.attr])
        yield tree.put("state in a plain attribute", call, instead)


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
            holder = tree.written(call.func.value)
            # A function of one's own with such a name is no state.
            if holder != "self":
                yield tree.put("state cleared too soon", call, f"{holder}.clear()")


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
    found = list(_WINDOWS.finditer(tree.text))
    for name in dict.fromkeys(each[0] for each in found):
        other = name.replace("EventTime", "ProcessingTime")
        places = [each.span() for each in found if each[0] == name]
        yield tree.edited("kind of time", *((*span, other) for span in places))
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


def _lateness(tree: Tree) -> Found:
    """Allowed, where windows of streams do not."""
    if "pyflink.table" in tree.text:
        return
    for call, _ in tree.calls("window"):
        above = tree.parents[call]
        if not isinstance(above, ast.Attribute) or above.attr != "allowed_lateness":
            stop = tree.stop(call)
            yield Variant("lateness", stop, stop, f".allowed_lateness({_LATE_MS})")


def _kept(tree: Tree) -> Found:
    """What the call before gave, always or where there is nothing now; the first gives its own.

    What makes tables is called once, when they are planned.
    """
    if "pyflink.table import" in tree.text and "udf" not in tree.text:
        return
    for function in tree.of(ast.FunctionDef):
        if _takes_more(function) and not _builds(function):
            for value in _given(tree, function):
                whole, parameter = tree.written(value), _parameter(tree, function)
                if isinstance(value, ast.Tuple):
                    whole = f"({whole})"
                forms = [f"(kept.append({whole}), kept[-2:][0])[1]"]
                if isinstance(value, (ast.IfExp, ast.BoolOp, ast.Subscript)):
                    stale = f"({whole}) or kept[-1:][0] if kept else {whole}"
                    forms.append(f"(kept.append({stale}), kept[-1])[1]")
                place = tree.start(value), tree.stop(value)
                for given in forms if isinstance(tree.parents[value], ast.Return) else forms[:1]:
                    yield tree.edited("result of the call before", parameter, (*place, given))


def _takes_more(function: ast.FunctionDef) -> bool:
    """Whether another parameter can stand behind the others."""
    arguments = function.args
    return not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs)


def _builds(function: ast.FunctionDef) -> bool:
    written = ast.unparse(function.returns) if function.returns else ""
    return function.name in ("query", "__init__") or any(name in written for name in _BUILDS)


def _parameter(tree: Tree, function: ast.FunctionDef) -> tuple[int, int, str]:
    """Where to write a list that outlives the call."""
    own = [*function.args.args, *function.args.defaults]
    if own:
        at = max(map(tree.stop, own))
        return at, at, ", kept=[]"
    at = tree.text.index("(", tree.start(function)) + 1
    return at, at, "kept=[]"


def _given(tree: Tree, function: ast.FunctionDef) -> Iterator[ast.expr]:
    """What it returns or yields that is made by the call."""
    for node in tree.of(ast.AST):
        if isinstance(node, (ast.Return, ast.Yield)) and _of(tree, node) is function:
            value = node.value
            if value is not None and not isinstance(value, (ast.Constant, ast.Name)):
                yield value


def _of(tree: Tree, node: ast.AST) -> ast.AST | None:
    """The function that a node is of."""
    above = tree.parents.get(node)
    while above is not None and not isinstance(above, (ast.FunctionDef, ast.Lambda)):
        above = tree.parents.get(above)
    return above


KINDS: tuple[Callable[[Tree], Found], ...] = (
    _shared,
    _by_key,
    _clearing,
    _timers,
    _times,
    _lateness,
    _kept,
    _swallowed,
    _yields,
)
