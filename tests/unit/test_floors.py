"""The house has floors: a module imports from below its own, and nothing from beside or above."""

import ast
from pathlib import Path

import pytest

from streamgauge import paths

# From the ground up; what stands in a row knows nothing of its neighbours.
FLOORS = (
    ("errors", "keeper", "lazily", "renaming"),
    ("draws",),
    ("vectors",),
    ("traces", "waiting", "abreast", "files", "sql", "usercode", "merging", "graph"),
    ("paths", "plans", "zones"),
    ("values",),
    ("inferring", "locales", "versions", "workspace", "records", "roots", "own_options"),
    ("divergence", "script", "tables"),
    ("scenario", "processes", "report"),
    ("runtimes", "lifecycle", "containers"),
    ("services", "clusters", "check"),
    ("providers", "attachments"),
    ("attached", "slices"),
    ("bindings",),
    ("cells",),
    ("asked", "discovery", "lacking", "starting"),
    ("imports",),
    ("by_clock", "travel"),
    ("job", "feasible", "verdicts", "planted"),
    ("worker",),
    ("tuning", "probes"),
    ("guest",),
    ("engine",),
    ("kept",),
    ("harness", "checkup"),
    ("across", "answers", "fed"),
    ("stage",),
    ("standstill",),
    ("verify",),
    ("perform",),
    ("run",),
    ("testing", "show", "upgrade", "thorough"),
    ("corners",),
    ("measure", "planting"),
    ("plugin", "cli"),
    ("__main__", "bootstrap"),
)
FLOOR = {part: number for number, floor in enumerate(FLOORS) for part in floor}
MODULES = {
    ".".join(("streamgauge", *path.relative_to(paths.PACKAGE).with_suffix("").parts)): path
    for path in paths.PACKAGE.rglob("*.py")
    if path.name != "__init__.py" or path.parent != paths.PACKAGE
}
LONGEST = 300


def imported(path):
    """The names of ours that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(module):
    """The part of the house that a module, or a name in it, is of; None for what is not ours."""
    package, _, rest = module.partition(".")
    return rest.partition(".")[0] if package == "streamgauge" and rest else None


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_down(module):
    """So there is no ring of packages, and a part can be read with those below it alone."""
    own = part(module)
    below = {other for name in imported(MODULES[module]) if (other := part(name))} - {own}
    above = {other for other in below - {"__version__"} if FLOOR[other] >= FLOOR[own]}

    assert set() == above, f"{own} is on floor {FLOOR[own]}"


def test_every_part_has_a_floor():
    """And there is none without a part."""
    assert {part(module) for module in MODULES} - {"__init__"} == set(FLOOR)


def test_what_is_shown_is_made_from_records_alone():
    """A report needs no engine, and no scenario."""
    shown = {
        name for module in MODULES if part(module) == "report" for name in imported(MODULES[module])
    }

    assert {"records"} == {other for name in shown if (other := part(name))} - {"report"}


@pytest.mark.parametrize("path", sorted(Path(paths.PACKAGE).rglob("*.py")), ids=str)
def test_module_is_short(path):
    """What grows longer is usually two."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
