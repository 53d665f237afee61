"""Which names of a PyFlink a file uses: two small packages stand for two lines."""

import ast
import textwrap

import pytest

from streamgauge.check import api, findings, sources
from streamgauge.check.java import Java

BASE = {
    "__init__.py": "",
    "table/__init__.py": """
        from pyflink.table.table import Table
        from pyflink.table.env import TableEnvironment
    """,
    "table/table.py": """
        from typing import Generic, Optional, TypeVar
        class Table(object):
            def __getattr__(self, name): ...
            def select(self, *fields) -> 'Table': ...
            def drop(self) -> 'Table':
                '''
                Drops it.

                .. note:: Deprecated in 1.9. Use :func:`~pyflink.table.Table.leave` instead. It is
                          quicker.
                '''
    """,
    "table/env.py": """
        import warnings
        from pyflink.table.table import Table
        class Config:
            def set(self, key, value, force=False): return self
        class TableEnvironment:
            def __init__(self, config=None):
                self.config_of_it = Config()
            @staticmethod
            def create(settings, name=None) -> 'TableEnvironment': ...
            @classmethod
            def cloned(cls, other) -> 'TableEnvironment': ...
            @property
            def config(self) -> 'Config': ...
            def sql_query(self, query: str) -> Table: ...
            def register(self, name, table):
                warnings.warn("Deprecated in 1.8. Use add instead.", DeprecationWarning)
            def add(self, name, table): return Config()
            def maybe(self): return Config() if self else None
        class StreamEnvironment(TableEnvironment):
            @staticmethod
            def create(settings) -> 'TableEnvironment': ...
            def streams(self): ...
    """,
    "examples/count/words.py": "",
    "testing/cases.py": "class Case: ...",
    "functions.py": """
        from abc import ABC, abstractmethod
        from enum import Enum
        class Mode(Enum):
            FAST = 0
            SLOW = 1
        class Context(ABC):
            @abstractmethod
            def state(self, name) -> 'State': ...
            def metrics(self): ...
        class State:
            def value(self): ...
            def clear(self): ...
        class Function(ABC):
            def open(self, context: Context): ...
            def flush(self): ...
        def connect(host, port=1): ...
    """,
    "connectors/__init__.py": """
        def _install():
            from pyflink import connectors
            from pyflink.connectors import kafka
            setattr(connectors, 'Consumer', kafka.Consumer)
            setattr(connectors, 'Producer', kafka.Producer)
    """,
    "connectors/kafka.py": """
        class Consumer:
            def __init__(self, topic, group):
                get_gateway().jvm.org.apache.flink.kafka.JConsumer(topic)
        class Producer: ...
        class Either:
            def __init__(self):
                jvm = get_gateway().jvm
                jvm.org.apache.flink.kafka.JConsumer() or jvm.org.apache.flink.Other()
    """,
}


def changed(*replacements):
    """The base with texts replaced, as a later line."""
    files = dict(BASE)
    for file, before, after in replacements:
        assert before in files[file]
        files[file] = files[file].replace(before, after)
    return files


CANDIDATE = changed(
    ("table/table.py", "def drop", "def leave"),
    ("table/env.py", "def register", "def enrol"),
    ("table/env.py", "name, table): return Config()", "name, *, view): return Config()"),
    ("table/env.py", "force=False", "how=None"),
    ("functions.py", "SLOW = 1", "LAZY = 1"),
    ("functions.py", "def clear", "def empty"),
    ("functions.py", "def metrics", "def meters"),
    ("functions.py", "def flush", "def drain"),
    ("functions.py", "host, port=1", "host, port"),
    ("connectors/kafka.py", "class Producer", "class Reader"),
    ("connectors/__init__.py", "'Producer', kafka.Producer", "'Reader', kafka.Reader"),
)


# The class that Consumer reaches for is in the jar, and is not in the later one.
JCONSUMER = {"org.apache.flink.kafka.JConsumer": "flink-connector"}
NONE = (frozenset(),) * 2
JAVAS = {
    "1.0": Java(*NONE, frozenset(["flink-connector"]), JCONSUMER),
    "2.0": Java(*NONE, frozenset(["flink-connector"]), {}),
}


@pytest.fixture(scope="session")
def apis(tmp_path_factory):
    """The lines 1.0 and 2.0."""

    def read(name, files):
        folder = tmp_path_factory.mktemp(name) / "pyflink"
        for file, text in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        return api.loaded(sources.read(folder).dumped())

    return {"1.0": read("one", BASE), "2.0": read("two", CANDIDATE)}


@pytest.fixture
def told(apis):
    """State and name of what is told of a text on a line."""

    def look(text, flink="2.0"):
        tree = ast.parse(textwrap.dedent(text))
        looked = findings.of_python("job.py", tree, flink, apis, JAVAS)
        return [(finding.line, finding.state, finding.name) for finding in looked.findings]

    return look


ENV = "from pyflink.table import TableEnvironment\nenv = TableEnvironment.create(1)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("import pyflink.connectors.kafka as k\nk.Producer", (2, "gone"), id="alias"),
        pytest.param("import pyflink.table\npyflink.table.Tables", (2, "unknown"), id="path"),
        pytest.param("from pyflink.connectors import Producer", (1, "gone"), id="installed"),
        pytest.param("from pyflink import nothing", (1, "unknown"), id="module"),
        pytest.param("from pyflink.nothing.at import all", (1, "unknown"), id="deep module"),
        pytest.param("from pyflink.functions import Mode\nMode.SLOW", (2, "gone"), id="member"),
        pytest.param(f"{ENV}env.register(1, 2)", (3, "gone"), id="method"),
        pytest.param(f"{ENV}env.config.sets(1, 2)", (3, "unknown"), id="property"),
        pytest.param(f"{ENV}(env\n .sql_query('x')\n .drop())", (5, "gone"), id="chain"),
        pytest.param(f"{ENV}env.sql_query('x').select(1).drop()", (3, "gone"), id="long chain"),
        pytest.param(f"{ENV}env.add(1, view=2).sets", (3, "unknown"), id="what a body returns"),
        pytest.param(f"{ENV}e = env\nif e:\n    e.register", (5, "gone"), id="another name"),
        pytest.param(f"{ENV}for _ in 'ab':\n    env.register", (4, "gone"), id="loop"),
        pytest.param(f"{ENV}a = [env.register for _ in 'ab']", (3, "gone"), id="comprehension"),
        pytest.param(f"{ENV}f = lambda: env.register", (3, "gone"), id="lambda"),
        pytest.param(f"{ENV}def f():\n    env.register", (4, "gone"), id="closure"),
        pytest.param(f"{ENV}with open('x') as f:\n    env.register", (4, "gone"), id="with"),
        pytest.param(f"{ENV}def f():\n  return env\nf().register", (5, "gone"), id="own function"),
        pytest.param(
            "from pyflink.table import *\ndef f(e: TableEnvironment):\n    e.register",
            (3, "gone"),
            id="annotation, star",
        ),
        pytest.param(
            "import pyflink.table as t\ndef f(e: 't.TableEnvironment'):\n    e.register",
            (3, "gone"),
            id="quoted annotation",
        ),
        pytest.param(
            "from pyflink.table.env import StreamEnvironment as S\nS().register",
            (2, "gone"),
            id="inherited",
        ),
    ],
)
def test_what_a_line_lacks_is_told(told, text, expected):
    assert [expected] == [(line, state) for line, state, _ in told(text)]


FUNCTION = """
    from pyflink.functions import Function
    class Mine(Function):
        state = None
        def open(self, context):
            self.kept = None
            {opened}
        def go(self):
            {gone}
        def own(self): ...
"""


@pytest.mark.parametrize(
    ("opened", "gone", "expected"),
    [
        ("context.metrics()", "pass", [(7, "gone", "Context.metrics")]),
        ("self.kept = context.state(1)", "self.kept.clear()", [(9, "gone", "State.clear")]),
        ("self.kept = context.state(1)", "self.flush()", [(9, "gone", "Function.flush")]),
        ("self.kept = context.state(1)", "self.kept.value(); self.own(); self.other", []),
        ("self.kept = context.state(1); self.kept = 1", "self.kept.clear()", []),
    ],
)
def test_methods_of_a_function_know_what_they_get(told, opened, gone, expected):
    assert expected == told(FUNCTION.format(opened=opened, gone=gone))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("env.add('a', view=1)", []),
        ("env.add('a', 1)", [(3, "changed", "TableEnvironment.add")]),
        ("env.add('a', table=1)", [(3, "changed", "TableEnvironment.add")]),
        ("env.add(*'ab')", []),
        ("env.add('a', **{})", []),
        ("env.add('a', 1, 2, 3)", []),
        ("env.config.set(1, 2, force=True)", [(3, "changed", "Config.set")]),
        ("TableEnvironment.add(env, 'a', 1)", []),
        ("TableEnvironment.cloned(env)", []),
        (
            "import pyflink.functions as f; f.connect(1)",
            [(3, "changed", "pyflink.functions.connect")],
        ),
    ],
)
def test_a_call_that_another_line_takes_is_changed(told, call, expected):
    """One that no line takes is no matter of lines."""
    assert expected == told(f"{ENV}{call}")
    assert [] == [state for _, state, _ in told(f"{ENV}{call}", "1.0") if "view" not in call]


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    from pyflink.connectors import Producer\nexcept ImportError:\n    pass",
        "try:\n    import pyflink.nothing\nexcept (ImportError, ValueError):\n    pass",
        f"{ENV}if hasattr(env, 'register'):\n    env.register(1, 2)",
        f"{ENV}if VERSION < '2':\n    env.register(1, 2)",
    ],
)
def test_what_a_file_guards_for_is_not_told(told, text):
    assert [] == told(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{ENV}env.sql_query('x').word.count", id="a column"),
        pytest.param(f"{ENV}env.sql_query('x').drop", id="a column of this name"),
        pytest.param(f"{ENV}env.maybe().sets", id="a value that may be None"),
        pytest.param(f"{ENV}env = other(env)\nenv.register", id="bound anew"),
        pytest.param(f"{ENV}if 1:\n    env = other()\nenv.register", id="perhaps bound anew"),
        pytest.param(
            f"{ENV}def f():\n    env.register\nenv = other()", id="a closure's, bound anew"
        ),
        pytest.param(f"{ENV}def f():\n    env.register\nenv = env.config", id="a closure's, other"),
        pytest.param(f"{ENV}def f(env):\n    env.register", id="a parameter"),
        pytest.param(f"{ENV}for env in 'ab':\n    env.register", id="a loop's variable"),
        pytest.param(f"{ENV}[env.register for env in 'ab']", id="a comprehension's variable"),
        pytest.param(
            "from pyflink.table.env import *\nStreamEnvironment.create(1).streams",
            id="a subclass's",
        ),
        pytest.param(f"{ENV}env.__class__; env.config_of_it", id="what every object has"),
        pytest.param("from pyflink.functions import Mode\nMode.FAST.name", id="an enum's"),
        pytest.param("from pyflink import *\ntable.nothing", id="a module, by a star"),
        pytest.param(
            "from pyflink.table import *\nfrom other import *\nTableEnvironment.nothing",
            id="a name that may be another star's",
        ),
        pytest.param("from pyflink.examples.count.words import main", id="an example"),
        pytest.param("from pyflink.testing.cases import Case", id="a folder without __init__"),
        pytest.param("from other import pyflink\npyflink.nothing", id="another package"),
        pytest.param("from .pyflink import nothing", id="a relative import"),
        pytest.param(
            "from pyflink.functions import Function\nclass F(Function, Other): ...\nF().flush()",
            id="a base that is not known",
        ),
        pytest.param(
            "from pyflink.functions import Function\nclass F(Function):\n    def flush(self): ...\n"
            "F().flush()",
            id="a method of the file's own",
        ),
        pytest.param(
            "from pyflink.functions import Function\nclass F(Function):\n"
            "    def __getattr__(self, name): ...\nF().flush()",
            id="a class that makes up attributes",
        ),
    ],
)
def test_what_is_not_certain_is_not_told(told, text):
    assert [] == told(text)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("k.Consumer('t', 1)", [(2, "gone", "Consumer")]),
        ("k.Consumer", []),
        ("k.Either()", []),
    ],
)
def test_a_class_whose_java_is_gone_is_gone_where_it_is_made(told, call, expected):
    text = f"import pyflink.connectors.kafka as k\n{call}"

    assert expected == told(text)
    assert [] == told(text, "1.0")


def test_java_of_an_artifact_that_a_line_has_not_may_be_anywhere(apis, monkeypatch):
    monkeypatch.setitem(JAVAS, "2.0", Java(*NONE, frozenset(["other"]), {}))
    tree = ast.parse("import pyflink.connectors.kafka as k\nk.Consumer('t', 1)")

    assert () == findings.of_python("job.py", tree, "2.0", apis, JAVAS).findings


def test_a_newer_name_is_not_there_yet(told):
    assert [(1, "not yet", "Reader")] == told("from pyflink.connectors.kafka import Reader", "1.0")


def test_the_note_of_the_last_line_says_what_to_use(apis):
    tree = ast.parse(f"{ENV}env.sql_query('x').drop()\nenv.register(1, 2)")
    drop, register = findings.of_python("job.py", tree, "2.0", apis, JAVAS).findings

    assert ("last in 1.0", "Use pyflink.table.Table.leave instead.") == (drop.detail, drop.instead)
    assert "Use add instead." == register.instead


def test_what_has_moved_is_told_by_its_module(apis):
    tree = ast.parse("from pyflink.functions import TableEnvironment")
    (finding,) = findings.of_python("job.py", tree, "2.0", apis, JAVAS).findings

    assert "there is pyflink.table.TableEnvironment" == finding.instead


def test_deprecated_is_told_where_it_still_is(told):
    text = f"{ENV}env.sql_query('x').drop()\nenv.register(1, 2)"

    assert [
        (3, "deprecated", "Table.drop"),
        (4, "deprecated", "TableEnvironment.register"),
    ] == told(text, "1.0")


def test_what_was_not_decided_is_counted(apis):
    tree = ast.parse(f"{ENV}other().register(1)\nother().join(2)")
    looked = findings.of_python("job.py", tree, "1.0", apis, JAVAS)

    assert (1, 0) == (looked.undecided, looked.guarded)
