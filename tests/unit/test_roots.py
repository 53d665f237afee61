"""Each root of scenarios is a package of its own; nothing of it is left behind."""

import sys

import pytest

from streamgauge.discovery import discover, load

SCENARIO = """
from dataclasses import dataclass

from {beside}.numbers import generate
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema


@dataclass(frozen=True)
class Kind:
    name: "str"


ONES = Schema.of(one="STRING")
ALL = Schema.of(text="STRING", question="STRING")
SCENARIO = Scenario(
    id="count",
    version=1,
    question=Kind("{text}").name,
    sources=(Source("ones", ONES, generate=generate),),
    sinks=(Sink("all", ALL),),
    bindings=("files",),
    rows=1,
    absent={{name: "not now" for name in ("sql", "table", "datastream", "process")}},
)
"""
ORACLE = """
from {package}.rows import TEXT
from {scenario} import SCENARIO


def expected(inputs):
    return {{"all": [(TEXT, SCENARIO.question)]}}
"""


def root(folder, text, name="jobs", package="jobs.count", beside="generators"):
    """A root of one scenario, which imports its own modules, and one beside the root."""
    scenario = folder / name / "count"
    scenario.mkdir(parents=True)
    (folder / beside).mkdir()
    (folder / beside / "__init__.py").touch()
    (folder / beside / "numbers.py").write_text(
        f"def generate(seed, start, stop): return [({text!r},)]"
    )
    (scenario / "scenario.py").write_text(SCENARIO.format(text=text, beside=beside))
    (scenario / "rows.py").write_text(f"TEXT = {text!r}")
    module = "jobs.count.scenario" if package == "jobs.count" else ".scenario"
    (scenario / "oracle.py").write_text(ORACLE.format(package=package, scenario=module))
    return folder / name


def answers(scenario):
    """What its own modules say."""
    return [scenario.question, scenario.sample(0), scenario.expected(scenario.sample(0))]


def all_of(text):
    return [text, {"ones": [(text,)]}, {"all": [(text, text)]}]


def test_modules_of_the_same_name_do_not_mix(tmp_path):
    """Those in two roots called `jobs`, and those beside them."""
    one, two = (load(root(tmp_path / name, name) / "count") for name in ("one", "two"))

    assert (all_of("one"), all_of("two")) == (answers(one), answers(two))


def test_nothing_is_left_behind(tmp_path):
    """What the process has imported itself is neither seen nor lost."""
    discover()
    path, modules = list(sys.path), dict(sys.modules)

    scenario = load(root(tmp_path, "one") / "count")

    assert (path, modules) == (sys.path, sys.modules)
    assert all_of("one") == answers(scenario)


def test_nothing_is_left_behind_of_a_broken_one(tmp_path):
    """Whatever stopped it."""
    folder = root(tmp_path, "one") / "count"
    (folder / "oracle.py").write_text("import jobs.count.rows\n1 / 0")
    path, modules = list(sys.path), dict(sys.modules)

    with pytest.raises(Exception, match="ZeroDivisionError"):
        load(folder)

    assert (path, modules) == (sys.path, sys.modules)


@pytest.mark.parametrize("name", ["my-jobs", "a b.c", "scenarios", "json", "streamgauge"])
def test_root_of_any_name(tmp_path, name):
    """Its modules are imported from each other by a dot, wherever it lies."""
    scenario = load(root(tmp_path / "with späce", "one", name, "") / "count")

    assert all_of("one") == answers(scenario)


@pytest.mark.parametrize("beside", ["streamgauge", "numpy"])
def test_what_is_installed_is_not_hidden(tmp_path, beside):
    """By a folder of the same name beside the root."""
    jobs = root(tmp_path, "one")
    (tmp_path / beside).mkdir()
    if beside == "streamgauge":
        (tmp_path / beside / "__init__.py").write_text("1 / 0")

    assert all_of("one") == answers(load(jobs / "count"))
