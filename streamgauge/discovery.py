"""Find the scenarios of a folder; loud about whatever is not as it should be."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

from streamgauge import paths
from streamgauge.bindings import KINDS
from streamgauge.errors import ScenarioError, StreamgaugeError, choose, nearest
from streamgauge.scenario import DIALECT_FILES, DIALECTS, MODES, Expected, Scenario
from streamgauge.values.inputs import Inputs

_NEEDED = ("scenario.py", "oracle.py")
_KNOWN = (*_NEEDED, *DIALECT_FILES.values(), "udf.py", "README.md", "__init__.py")


def discover(root: Path | None = None) -> dict[str, Scenario]:
    """The scenarios of `root` (default: `jobs`), by id.

    A ScenarioError names the folder and what is wrong with it: a missing or
    unknown file, a wrong schema, an id twice, a dialect neither there nor absent.
    """
    root = root or paths.scenarios()
    found: dict[str, Scenario] = {}
    for folder in sorted(path for path in root.glob("[!._]*") if path.is_dir()):
        scenario = load(folder)
        if scenario.id in found:
            other = found[scenario.id].folder
            raise ScenarioError(f"{folder}: id {scenario.id!r} is that of {other} too")
        found[scenario.id] = scenario
    if not found:
        raise ScenarioError(f"{root}: no scenarios here")
    return found


def load(folder: Path) -> Scenario:
    """The scenario of one folder."""
    try:
        return _load(folder.resolve())
    except StreamgaugeError as error:
        raise ScenarioError(f"{folder}: {error}") from None


def _load(folder: Path) -> Scenario:
    _check_files(folder)
    scenario = _attribute(folder / "scenario.py", "SCENARIO")
    if not isinstance(scenario, Scenario):
        raise ScenarioError("SCENARIO in scenario.py is not a Scenario")
    oracle: Callable[[Inputs], Expected] = _attribute(folder / "oracle.py", "expected")
    scenario = replace(scenario, folder=folder, oracle=oracle)
    _check_names(scenario)
    _check_shipped(scenario)
    _check_dialects(scenario)
    if scenario.udfs and not (folder / "udf.py").is_file():
        raise ScenarioError("missing file udf.py, whose functions udfs says how to run")
    return scenario


def _check_files(folder: Path) -> None:
    names = {path.name for path in folder.iterdir() if path.name != "__pycache__"}
    for name in _NEEDED:
        if name not in names:
            raise ScenarioError(f"missing file {name}")
    for name in sorted(names.difference(_KNOWN)):
        if not (name.endswith(".csv") or _imported(folder, name)):
            raise ScenarioError(f"unknown file {name}{nearest(name, _KNOWN)}")


def _imported(folder: Path, name: str) -> bool:
    """Whether it is a module that another file of the folder imports."""
    stem, _, suffix = name.rpartition(".")
    package = re.escape(f"{folder.parent.name}.{folder.name}")
    statement = re.compile(rf"^from {package}\.{re.escape(stem)} import ", re.MULTILINE)
    others = (path for path in folder.glob("*.py") if path.name != name)
    return suffix == "py" and any(statement.search(_text(path)) for path in others)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _attribute(path: Path, name: str) -> Any:
    module = _module(path)
    if not hasattr(module, name):
        raise ScenarioError(f"{path.name} has no {name}")
    return getattr(module, name)


def _module(path: Path) -> ModuleType:
    """Run a file as a module of its own; what it imports is looked up beside `jobs` too."""
    beside = str(path.parents[2])
    if beside not in sys.path:
        sys.path.append(beside)
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Where dataclasses look a module up.
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except StreamgaugeError:
        raise
    except Exception as error:
        raise ScenarioError(f"{path.name}: {type(error).__name__}: {error}") from error
    return module


def _check_names(scenario: Scenario) -> None:
    if scenario.id != scenario.folder.name:
        raise ScenarioError(f"id {scenario.id!r} is not the folder's name")
    for binding in scenario.bindings:
        choose("binding", binding, KINDS)
    for source, binding in product(scenario.sources, scenario.bindings):
        if source.key and not KINDS[binding].changes:
            raise ScenarioError(f"source {source.name} gives changes, {binding} takes rows")
    for name in scenario.absent:
        choose("absent entry", name, (*DIALECTS, *MODES, *KINDS))


def _check_shipped(scenario: Scenario) -> None:
    for source in scenario.sources:
        if source.shipped and not (scenario.folder / source.shipped).is_file():
            raise ScenarioError(f"missing file {source.shipped}, the sample of {source.name}")
    scenario.shipped()
    shipped = {source.shipped for source in scenario.sources}
    for path in scenario.folder.glob("*.csv"):
        if path.name not in shipped:
            raise ScenarioError(f"unknown file {path.name}: no source names it")


def _check_dialects(scenario: Scenario) -> None:
    for dialect in DIALECTS:
        there = dialect in scenario.dialects
        file = DIALECT_FILES[dialect]
        if there and dialect in scenario.absent:
            raise ScenarioError(f"{file} is there, but absent says {scenario.absent[dialect]!r}")
        if not there and dialect not in scenario.absent:
            raise ScenarioError(f"missing file {file}, and absent gives no reason for it")
        if there and file.endswith(".py"):
            _check_function(scenario, file)


def _check_function(scenario: Scenario, file: str) -> None:
    """`query` takes the sources by name. Read, not run: a dialect needs pyflink."""
    wanted = [source.name for source in scenario.sources]
    try:
        body = ast.parse((scenario.folder / file).read_text(encoding="utf-8")).body
    except SyntaxError as error:
        raise ScenarioError(f"{file}: line {error.lineno}: {error.msg}") from None
    except ValueError as error:
        raise ScenarioError(f"{file}: {error}") from None
    functions = [n for n in body if isinstance(n, ast.FunctionDef) and n.name == "query"]
    if [_parameters(function.args) for function in functions] != [wanted]:
        raise ScenarioError(f"{file} needs one function query({', '.join(wanted)})")


def _parameters(arguments: ast.arguments) -> list[str]:
    plain = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [argument.arg for argument in (*plain, *starred)]
