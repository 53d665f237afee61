"""What a program imports of PyFlink is looked up before it is run."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge import lacking, versions
from streamgauge.cells import make_cell
from streamgauge.check import index
from streamgauge.check.api import Api, Symbol
from streamgauge.discovery import load
from streamgauge.errors import ScenarioError
from streamgauge.scenario import Script

SCORED = load(Path(__file__).parents[1] / "scenarios" / "scored")
OLD = (
    "pyflink",
    "pyflink.table",
    "pyflink.table.Old",
    "pyflink.table.Both",
    "pyflink.table.Both.old",
)
NEW = ("pyflink", "pyflink.table", "pyflink.table.Both", "pyflink.new", "pyflink.new.New")


def _kind(name):
    *_, owner, last = ("", *name.split("."))
    return "class" if last.istitle() else "function" if owner.istitle() else "module"


@pytest.fixture
def cell(monkeypatch, tmp_path):
    """Of a program in a folder of its own, on 2.0; a line before it is here too."""
    apis = {
        line: Api({name: Symbol(_kind(name)) for name in names})
        for line, names in {"1.20": OLD, "2.0": NEW}.items()
    }
    monkeypatch.setattr(index, "Apis", lambda _: apis)
    monkeypatch.setattr(index, "Javas", lambda _: {})
    made = replace(SCORED, job=Script("etl.py"), folder=tmp_path)
    return make_cell(made, "job", "batch", "files", versions.line("2.0"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\nfrom pyflink.table import (\n    Both,\n    Old,\n)", "etl.py:4: Flink 2.0 has no"),
        ("from pyflink.table import Old", r"has no pyflink\.table\.Old; 1\.20 has it$"),
        ("import helper\nfrom pyflink.table import Both", "helper.py:1: .*Old; 1.20 has it"),
        ("from pyflink.table import Bath", "table.Bath, nor has any line that is here"),
    ],
)
def test_what_the_line_lacks_is_told_with_its_place(cell, text, told):
    (cell.scenario.folder / "helper.py").write_text("from pyflink.table import Old")
    (cell.scenario.folder / "etl.py").write_text(text)

    with pytest.raises(ScenarioError, match=told):
        lacking.check(cell)


@pytest.mark.parametrize(
    "text",
    [
        "import pyflink\nimport numpy as np\nfrom pyflink import new",
        "from pyflink.new import *\nfrom pyflink.table import Both",
        "try:\n    from pyflink.table import Old\nexcept ImportError:\n    pass",
        "from pyflink.nobody.knows import It",
    ],
)
def test_what_is_there_or_nobody_knows_is_not(cell, text):
    """What is tried may be what a program does without."""
    (cell.scenario.folder / "etl.py").write_text(text)

    lacking.check(cell)


GONE = """from pyflink.table import Both
Both().old(1)
Both().gone()
"""


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("AttributeError: 'Both' has no old (etl.py:2)", "; of what it uses Flink 2.0 lacks etl"),
        ("TypeError: 'JavaPackage' object is not callable", "; of what it uses Flink 2.0 lacks"),
        ("ValueError: 'x' (etl.py:2)", ""),
    ],
)
def test_a_program_that_broke_is_told_all_that_is_gone(cell, why, told):
    """Where what it broke with may be that."""
    (cell.scenario.folder / "etl.py").write_text(GONE)

    seen = lacking.explained(cell, why)

    assert seen.startswith(why + told)
    assert bool(told) == ("etl.py:2: Both.old (gone, last in 1.20); etl.py:3: " in seen)
    assert seen.isprintable()


def test_a_program_that_uses_nothing_gone_is_told_nothing(cell):
    """And of another dialect it is not asked."""
    (cell.scenario.folder / "etl.py").write_text("from pyflink.table import Both\nBoth.x = 1\n")

    assert "TypeError: 1" == lacking.explained(cell, "TypeError: 1")
    (cell.scenario.folder / "etl.py").write_text(GONE)
    assert "TypeError: 1" == lacking.explained(replace(cell, dialect="sql"), "TypeError: 1")


def test_no_other_dialect_is_looked_at(cell, monkeypatch):
    """Nor is what PyFlink has, which may have to be fetched first."""
    monkeypatch.setattr(index, "Apis", lambda _: pytest.fail("asked for"))
    (cell.scenario.folder / "etl.py").write_text("from pyflink.table import Old")

    lacking.check(replace(cell, dialect="sql"))
    lacking.explained(replace(cell, dialect="sql"), "TypeError: 1")
    lacking.check(
        replace(cell, scenario=replace(cell.scenario, job=Script("pyflink:table/word_count.py")))
    )
