"""What a user may import is there, is told what it is, and is enough for ours."""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from streamgauge import testing
from tests.unit.test_readme import CHECKOUT, TEXT

# A paragraph a module: its name, and those of what is in it.
_MODULE = re.compile(r"^- `(streamgauge[.\w]+)`: (.*?)(?=\n- |\n\n|\Z)", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"`(\w+)`")
PUBLIC = {module: _NAME.findall(told) for module, told in _MODULE.findall(testing.__doc__)}
# Which a checker of types knows alone.
_TYPES = {"Ints", "Words", "Flags", "Wide"}
OURS = sorted(
    path
    for folder in ("jobs", "generators", "tests/scenarios")
    for path in (CHECKOUT / folder).rglob("*.py")
)
_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module, names in PUBLIC.items() for name in names]
)
def test_what_is_named_is_there_and_says_what_it_is(module, name):
    """A class and a function by their own docstring."""
    if name in _TYPES:
        return
    found = getattr(import_module(module), name)

    assert not callable(found) or inspect.getdoc(found)


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_our_own_scenarios_import_nothing_else(path):
    """So it is enough for theirs."""
    assert [] == unnamed(path.read_text(encoding="utf-8"))


def test_what_is_shown_imports_nothing_else():
    """In the README and in the docs."""
    texts = [TEXT, *(path.read_text() for path in Path(CHECKOUT / "docs").glob("*.md"))]
    blocks = [block for text in texts for block in _BLOCK.findall(text)]

    assert blocks
    assert [] == [name for block in blocks for name in unnamed(block)]


def test_an_import_of_what_is_not_named_is_seen():
    """However it is written."""
    text = (
        "import streamgauge.run\nfrom streamgauge.run import run_cell\nfrom streamgauge import run"
    )

    assert ["streamgauge.run", "streamgauge.run.run_cell", "streamgauge.run"] == unnamed(text)


def unnamed(text):
    """What a file imports of ours that nobody is told of."""
    return [name for name in imported(ast.parse(text)) if not is_named(name)]


def is_named(name):
    """Whether it is a module, or a name in one, that is told."""
    module, _, last = name.rpartition(".")
    return name in PUBLIC or last in PUBLIC.get(module, ())


def imported(tree):
    """The full names, module and name in it, of what is ours."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in found if name.partition(".")[0] == "streamgauge")
