"""Roots of scenarios: each is a package of its own, imported without leaving anything behind."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

# What a root must not be called, or it would hide what scenarios import.
_TAKEN = {"streamgauge", *getattr(sys, "stdlib_module_names", ())}


# What a file in a root has that is a scenario by itself.
_DECLARED = re.compile(r"^SCENARIO\s*[:=]", re.MULTILINE)


def package(root: Path) -> str:
    """What a root's modules are imported under: its name, or `jobs` where that cannot be."""
    return root.name if root.name.isidentifier() and root.name not in _TAKEN else "jobs"


def is_single(path: Path) -> bool:
    """Whether it is a scenario in a single file."""
    there = path.suffix == ".py" and path.is_file()
    return there and bool(_DECLARED.search(path.read_text(encoding="utf-8", errors="replace")))


def single(path: Path) -> Path | None:
    """The file of a scenario in a single one, given that or the folder whose place it takes."""
    if not path.name:
        return None
    file = path if path.suffix == ".py" else path.with_name(f"{path.name}.py")
    return file if is_single(file) and not (path / "scenario.py").is_file() else None


def module(folder: Path, stem: str = "") -> ModuleType:
    """A scenario's module, or its only file, run anew the first time; only within `alone`."""
    names = package(folder.parent), folder.name, stem
    return importlib.import_module(".".join(filter(None, names)))


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Within, imports look into the root and beside it first; no other root's modules are seen.

    Afterwards `sys.path` and `sys.modules` are as they were, but for what is installed.
    """
    beside = str(root.parent)
    aside = _taken_away(root)
    made = sys.modules[package(root)] = ModuleType(package(root))
    made.__path__ = [str(root)]
    sys.path.insert(0, beside)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(beside)
        _taken_away(root)
        sys.modules.update(aside)


def _taken_away(root: Path) -> dict[str, ModuleType]:
    """Take away the modules whose names are those of the root, or of what stands beside it."""
    own = {package(root), *_beside(root.parent)}
    names = [name for name in sys.modules if name.partition(".")[0] in own]
    return {name: sys.modules.pop(name) for name in names}


def _beside(folder: Path) -> Iterator[str]:
    """The loaded packages and modules that an import would find in a folder, but for ours."""
    there = {path.stem: path for path in folder.iterdir()}
    for name in {name.partition(".")[0] for name in sys.modules} & there.keys() - {"streamgauge"}:
        # A folder without __init__.py hides nothing that is found elsewhere.
        plain = getattr(sys.modules.get(name), "__file__", None) is None
        found = (folder / f"{name}.py", folder / name / "__init__.py")
        if any(file.is_file() for file in found) or (plain and (folder / name).is_dir()):
            yield name
