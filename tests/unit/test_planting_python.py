"""Every kind of wrong variant of Python, on small texts and on the dialects that we have."""

import ast

import pytest

from streamgauge.discovery import discover
from streamgauge.planting.python import variants

TABLE = "from pyflink.table import Table\n"
CLICKS = {"id": "BIGINT", "name": "STRING", "nick": "STRING"}
# Of each kind a text, and what stands in each text that it becomes.
KINDS = [
    ("comparison", "a = b < c == d", ["b > c == d", "b < c != d"]),
    ("comparison", "a = b is  not None or c not in d", ["b is None", "c in d"]),
    ("border", "a = (b) <= (c)", ["(b) < (c)"]),
    ("border", "ä = 'ö' + b >= c", ["'ö' + b > c"]),
    ("AND/OR", "a = b and (c or d)", ["b or (c or d)", "b and (c and d)"]),
    ("AND/OR", "q(col('a') & col('b'))", ["col('a') | col('b')"]),
    ("condition left out", "a = b and c", ["a = ((c))", "a = ((b))"]),
    ("condition left out", "if a > 1:\n  b()\nelif c:\n  d()", ["if True:", "elif True:"]),
    ("condition left out", "a = [b for b in c if b]", ["if True]"]),
    ("condition left out", "a = b if c else d", ["b if True else d"]),
    (
        "condition left out",
        "x = (words\n  .filter(lambda w: w)\n  .key_by(k))",
        ["(words\n  .key_by"],
    ),
    ("condition left out", "while a < b: c()", []),
    ("coalesce left out", "a = col('b').if_null(0)", ["col('b')\n"]),
    ("NOT", "a = not b", ["a = (b)"]),
    ("NOT", f"{TABLE}a.filter(b.is_null)", ["b.is_not_null"]),
    ("number by one", "A = 20", ["A = 21", "A = 19"]),
    ("number by one", "A = 1", ["A = 2"]),
    ("number by one", "A = 2**63 - 1 # 5", ["- 2 # 5"]),
    ("number by one", "def f(a: Literal[3]) -> 4:\n  'One 5.'\n  return True", []),
    ("arithmetic", "a = b + c // d", ["b - c", "c / d"]),
    ("another column", "a = row[3]", ["row[4]", "row[2]"]),
    ("another column", "a = row['name'], 'nick'", ["row['nick'], 'nick'", ", 'name'"]),
    ("aggregate", f"{TABLE}a.select(col('b').sum, col('c').max)", [".max, ", "'c').min"]),
    ("aggregate", "a.sum", []),
    ("aggregate", "a = max(b, c)", ["min(b, c)"]),
    ("DISTINCT added", f"{TABLE}a.select(col('b').avg)", ["'b').avg.distinct)"]),
    ("DISTINCT lost", f"{TABLE}a = b.distinct()", ["a = b\n"]),
    ("join kind", f"{TABLE}a.join(b, c)\n','.join(d)", ["a.left_outer_join(b, c)"]),
    ("UNION", f"{TABLE}a.union_all(b)", ["a.union(b)"]),
    ("UNION", f"{TABLE}a.union(b)", ["a.union_all(b)"]),
    ("COUNT(*)", f"{TABLE}a.select(col('b').count, lit(1).count)", ["(lit(1).count, lit(1)"]),
    ("narrower cast", "a.cast(DataTypes.BIGINT())", ["DataTypes.INT()"]),
    ("narrower cast", "a.cast(DataTypes.STRING()), DataTypes.BIGINT()", []),
    (
        "CASE order",
        "if a:\n  b()\n  c()\nelif d:\n  e()\nelse:\n  if f: g()",
        ["if d:\n  e()\nelif a:\n  b()\n  c()\nelse:"],
    ),
    ("another column", "a = row.nick, self.nick, row.nick()", ["row.name, self.nick, row.nick()"]),
    ("order", "a = sorted(b, key=f, reverse=True)", ["key=None", "reverse=not True"]),
    ("order", f"{TABLE}a.order_by(col('b').desc)", ["col('b').asc"]),
    ("tie order", "f(key=lambda a: (a[1], a.b))", ["lambda a: (a[1],)"]),
    ("function left out", "a = f(row).lower()", ["a = f(row)\n"]),
    ("lateness", "a = (b.window(w)\n  .allowed_lateness(5)\n  .reduce(f))", ["(w)\n  .reduce"]),
    ("lateness", "a = b.key_by(c).window(w).reduce(f)", ["(w).allowed_lateness(60000).reduce"]),
    ("lateness", f"{TABLE}a.window(w)", []),
    (
        "kind of time",
        "from w import TumblingEventTimeWindows\na.window(TumblingEventTimeWindows.of(b))",
        ["import TumblingProcessingTimeWindows\na.window(TumblingProcessingTimeWindows.of(b))"],
    ),
    ("kind of time", "EventTimeSessionWindows.of(b)", ["ProcessingTimeSessionWindows.of(b)"]),
    (
        "result of the call before",
        "def f(a, b=1):\n  return a[b]",
        [
            "(a, b=1, kept=[]):\n  return (kept.append(a[b]), kept[-2:][0])[1]",
            "kept[-1:][0] if kept else a[b]), kept[-1])[1]",
        ],
    ),
    (
        "result of the call before",
        "def f():\n  yield g()",
        ["def f(kept=[]):\n  yield (kept.append(g()), kept[-2:][0])[1]"],
    ),
    ("result of the call before", "def f(a):\n  return a + 1", ["(kept.append(a + 1), kept[-2"]),
    ("result of the call before", "def f(a):\n  yield a, 1", ["(kept.append((a, 1)), kept[-2"]),
    ("result of the call before", f"{TABLE}def f(a):\n  return a.b()", []),
    ("result of the call before", "def f(a) -> Table:\n  return a.b()", []),
    ("result of the call before", "def f(*a):\n  return b()\ndef g():\n  return True", []),
    ("state in a plain attribute", "s = ctx.get_state(d)", ['"backend": ctx._keyed_state_backend']),
    ("state shared by keys", "s = ctx.get_state(d)", ['"value": lambda self: self.kept']),
    ("state never cleared", "self.a.clear()\nself.b.remove(k)", ["None\nself.b", "None"]),
    ("state not kept", "self.a.update(b)", ["None"]),
    ("state cleared too soon", "self.a.put(b, c)", ["self.a.clear()"]),
    ("state cleared too soon", "self.add(b, c)", []),
    ("timer off by one", "t.register_event_time_timer(a - b)", ["(a - b) + 1", "(a - b) - 1"]),
    (
        "timer twice",
        "t.register_event_time_timer(a)",
        ["timer(a), t.register_event_time_timer((a)"],
    ),
    ("timer never", "t.register_event_time_timer(a)", ["None"]),
    ("timer not deleted", "t.delete_event_time_timer(a)", ["None"]),
    ("kind of time", "now = t.current_watermark()", ["t.current_processing_time()"]),
    ("local time", "datetime.fromtimestamp(a, timezone.utc)", ["fromtimestamp(a)"]),
    ("exception swallowed", "if a:\n  raise B from c", ["  pass"]),
    ("exception swallowed", "try:\n  a()\nexcept B:\n  c()\n  raise", ["pass", "c()\n  pass"]),
    ("row left out", "def f():\n  yield LATE, a", ["yield from ()"]),
]
OURS = [
    (scenario, path)
    for scenario in discover().values()
    for path in sorted(scenario.folder.glob("*.py"))
    if path.name not in ("scenario.py", "oracle.py", "planted.py")
]
FOUND = {
    path: variants(
        path.read_text(encoding="utf-8"),
        [{c.name: c.type for c in source.schema.columns} for source in scenario.sources],
    )
    for scenario, path in OURS
}


@pytest.mark.parametrize(("kind", "text", "wrong"), KINDS)
def test_a_kind(kind, text, wrong):
    """These and no others."""
    text += "\n"
    found = [each.planted(text) for each in variants(text, [CLICKS]) if each.kind == kind]

    assert len(wrong) == len(found), found
    for part, whole in zip(wrong, found):
        assert part in whole
        assert part not in text


def test_no_kind_goes_without_a_test():
    """What is found in our own dialects is among them."""
    found = {each.kind for several in FOUND.values() for each in several}

    assert found <= {kind for kind, *_ in KINDS}


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_only_what_it_says_is_changed(path):
    """Of our own dialects each variant is another program, the same but for its place."""
    text = path.read_text(encoding="utf-8")
    planted = [each.planted(text) for each in FOUND[path]]

    assert len(planted) == len(set(planted))
    for each, whole in zip(FOUND[path], planted):
        assert whole.startswith(text[: each.start])
        assert whole.endswith(text[each.stop :])
        assert ast.dump(ast.parse(text)) != ast.dump(ast.parse(whole))


class Context:
    """Of a job that is at a key: what a runtime context knows."""

    key = "a"

    @property
    def _keyed_state_backend(self):
        return self

    def get_current_key(self):
        return self.key


class Encoding(Context):
    """Of one in a process of its own, whose key is another object at a timer."""

    @property
    def _encoded_current_key(self):
        return repr(self.key).encode()

    def get_current_key(self):
        return object()


@pytest.mark.parametrize("kind", ["state shared by keys", "state in a plain attribute"])
@pytest.mark.parametrize("name", ["get_state", "get_map_state", "get_list_state"])
def test_state_that_is_none_is_used_like_state(name, kind):
    """So that what is wrong of it is not that it breaks."""
    assert USED[name] == USES[name](_planted(name, kind, Context()))


@pytest.mark.parametrize("context", [Context, Encoding])
@pytest.mark.parametrize(("kind", "told"), [("shared by keys", 1), ("in a plain attribute", None)])
def test_state_by_key_is_that_of_the_key(kind, told, context):
    """What is shared is that of all."""
    context = context()
    state = _planted("get_state", f"state {kind}", context)
    state.update(1)
    context.key = ["b"]
    of_other = state.value()
    context.key = "a"

    assert (told, 1) == (of_other, state.value())


def _planted(name, kind, context):
    text = f"state = ctx.{name}(descriptor)"
    (planted,) = [v for v in variants(text) if v.kind == kind]
    made = {"ctx": context}
    exec(planted.planted(text), made)  # noqa: S102 - it is what a job would do
    return made["state"]


def test_what_a_call_gave_before_is_kept():
    """Always that of the call before, or only where there is nothing now."""
    text = "def f(a):\n    return a[1:]\n"
    before, stale = (v for v in variants(text) if v.kind == "result of the call before")

    assert ["a", "a", "b", ""] == _called(before.planted(text), ["+a", "+b", "+", "+c"])
    assert ["", "b", "b", "c"] == _called(stale.planted(text), ["+", "+b", "+", "+c"])


def _called(text, given):
    made = {}
    exec(text, made)  # noqa: S102 - it is what a job would do
    return [made["f"](each) for each in given]


def _value(state):
    before = state.value()
    state.update(3)
    after = state.value()
    state.clear()
    return before, after, state.value()


def _map(state):
    state.put("a", 1)
    state.put("b", 2)
    state.remove("a")
    return state.get("a"), state.contains("b"), list(state.items()), state.is_empty()


def _list(state):
    state.add(1)
    state.add_all([2, 3])
    before = list(state.get())
    state.update([4])
    return before, list(state.get())


USES = {"get_state": _value, "get_map_state": _map, "get_list_state": _list}
USED = {
    "get_state": (None, 3, None),
    "get_map_state": (None, True, [("b", 2)], False),
    "get_list_state": ([1, 2, 3], [4]),
}
