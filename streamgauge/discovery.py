"""Find the scenarios of a folder; loud about whatever is not as it should be."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from fnmatch import fnmatch
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from streamgauge import paths, roots, versions
from streamgauge.bindings import KINDS, check
from streamgauge.cells import cells
from streamgauge.errors import ScenarioError, StreamgaugeError, choose
from streamgauge.lifecycle import LIFECYCLES, UPGRADE
from streamgauge.scenario import DIALECT_FILES, DIALECTS, JOB, MODES, Expected, Scenario
from streamgauge.tables import Sink, Source
from streamgauge.usercode import where
from streamgauge.values.inputs import Inputs
from streamgauge.values.written import ENDINGS, read_rows

Table = TypeVar("Table", Source, Sink)

_NEEDED = ("scenario.py", "oracle.py")
# The reason of a dialect that nobody gave one for, where rows are by hand.
_NOT_WRITTEN = "not written"
_KNOWN = (*_NEEDED, *DIALECT_FILES.values(), "udf.py", "planted.py", "verdicts.json")
_NONE = (
    "{}: no scenarios here; make a folder NAME in it with scenario.py, oracle.py and query.sql"
    " (README, 'In your own repository'), or name a folder that has some"
)
# So much alike that a name is taken for a slip of the pen.
_ALIKE = 0.85
# What editors leave beside the files that they write.
_LEFT = ("*~", "#*#", "*.swp")


class Scenarios(dict[str, Scenario]):
    """Scenarios by id; `broken` says what is wrong with those that are none, by folder name."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: dict[str, ScenarioError] = {}


def discover(*folders: Path) -> Scenarios:
    """The scenarios of `folders`, which are scenarios or roots of them (default: `jobs`).

    A scenario is a folder, or a single file with a SCENARIO that has its SQL.

    What has neither a scenario.py nor an oracle.py is no scenario and is passed over. The error
    of a broken one names the folder and what is wrong: a missing or misspelt file, a wrong
    schema, an id twice, a dialect neither there nor absent. A ScenarioError where a folder has
    no scenarios, or all are broken.
    """
    every = [path for folder in folders or (paths.scenarios(),) for path in within(folder)]
    found = Scenarios()
    for folder in {path.absolute(): path for path in every}.values():
        try:
            _add(found, folder)
        except ScenarioError as error:
            key = str(folder) if folder.name in found.broken else folder.name
            found.broken[key] = error
    if not found:
        raise next(iter(found.broken.values()))
    return found


def within(folder: Path) -> list[Path]:
    """The places of a root's scenarios, or the one that it is; a ScenarioError where none is."""
    found = [path for path in [folder, *sorted(folder.glob("[!._]*"))] if _is_one(path)]
    if not found:
        raise ScenarioError(_NONE.format(folder))
    return found[:1] if found[0] == folder else found


def _is_one(path: Path) -> bool:
    return roots.is_single(path) or any((path / name).is_file() for name in _NEEDED)


def _add(found: Scenarios, folder: Path) -> None:
    scenario = load(folder)
    other = found.setdefault(scenario.id, scenario)
    if other is not scenario:
        raise ScenarioError(f"{folder}: id {scenario.id!r} is that of {other.folder} too")


def load(folder: Path) -> Scenario:
    """The scenario of one folder or single file, which may lie anywhere."""
    folder = roots.single(folder) or folder
    try:
        return _load(folder.resolve())
    except OSError as error:
        raise ScenarioError(f"{folder}: {error.strerror}: {error.filename}") from None
    except StreamgaugeError as error:
        raise ScenarioError(f"{folder}: {error}") from None


def _load(path: Path) -> Scenario:
    is_single = path.suffix == ".py"
    folder, stem = (path.with_suffix(""), "") if is_single else (path, "scenario")
    if not is_single:
        _check_files(folder)
    with roots.alone(folder.parent):
        scenario = attribute(folder, stem, "SCENARIO")
        if not isinstance(scenario, Scenario):
            raise ScenarioError(f"SCENARIO in {stem or folder.name}.py is not a Scenario")
        _check_sql(scenario, is_single=is_single)
        scenario = _answered(_with_rows(replace(scenario, folder=folder)))
    if scenario.by_hand or is_single:
        if not scenario.dialects:
            wanted = [*DIALECT_FILES.values(), *([scenario.job.file] if scenario.job else [])]
            raise ScenarioError(f"no dialect: there is none of {', '.join(wanted)}")
        missing = dict.fromkeys(set(scenario.listed).difference(scenario.dialects), _NOT_WRITTEN)
        scenario = replace(scenario, absent={**missing, **scenario.absent})
    _check_names(scenario)
    _check_shipped(scenario)
    _check_dialects(scenario)
    _check_divergences(scenario)
    if scenario.udfs and not (folder / "udf.py").is_file():
        raise ScenarioError("missing file udf.py, whose functions udfs says how to run")
    return scenario


def _check_sql(scenario: Scenario, *, is_single: bool) -> None:
    """A single file says its question, and has nothing else; a folder has files for that."""
    if is_single and (scenario.sql is None or scenario.job or scenario.udfs):
        raise ScenarioError("a single file has its question as sql, alone: more needs a folder")
    if scenario.sql is not None and not is_single:
        raise ScenarioError(f"sql is for a scenario in a single file: write {DIALECT_FILES['sql']}")


def _with_rows(scenario: Scenario) -> Scenario:
    """With the rows of the files that tables name, in the folder or beside a single file."""
    place = scenario.folder if scenario.sql is None else scenario.folder.parent
    sources = tuple(
        _read(place, f"source {each.name}", each, changes=bool(each.key))
        for each in scenario.sources
    )
    sinks = tuple(_read(place, f"sink {each.name}", each) for each in scenario.sinks)
    return replace(scenario, sources=sources, sinks=sinks)


def _read(folder: Path, told: str, table: Table, *, changes: bool = False) -> Table:
    if not isinstance(table.rows, str):
        return table
    if not table.rows.endswith(ENDINGS) or Path(table.rows).name != table.rows:
        raise ScenarioError(
            f"{told}: rows are no file NAME{' or NAME'.join(ENDINGS)} of its folder"
        )
    if not (folder / table.rows).is_file():
        raise ScenarioError(f"missing file {table.rows}, the rows of {told}")
    return replace(table, rows=read_rows(folder / table.rows, table.schema, changes=changes))


def _answered(scenario: Scenario) -> Scenario:
    """With its oracle, unless the answer is by hand. Only within `roots.alone`."""
    folder = scenario.folder
    if scenario.sql is None:
        stem, told, there = "oracle", "oracle.py", (folder / "oracle.py").is_file()
    else:
        stem, told, there = "", "expected", hasattr(roots.module(folder), "expected")
    if scenario.answered:
        if there:
            raise ScenarioError(f"{told} is there, but sinks have the answer by hand")
        return scenario
    if not there:
        raise ScenarioError(
            f"missing {'file ' if stem else ''}{told}, and no sink has its rows by hand"
        )
    oracle: Callable[[Inputs], Expected] = attribute(folder, stem, "expected")
    effects = getattr(roots.module(folder, stem), "effects", None)
    return replace(scenario, oracle=oracle, effects=effects)


def _check_files(folder: Path) -> None:
    names = _names(folder)
    if "scenario.py" not in names:
        raise ScenarioError("missing file scenario.py")
    if roots.is_single(folder.with_name(f"{folder.name}.py")):
        raise ScenarioError(f"{folder.name}.py, beside it, is a scenario of this id too")
    lacking = set(_KNOWN) - names
    for name in sorted(names.difference(_KNOWN)):
        meant = get_close_matches(name, lacking, 1, _ALIKE)
        if meant and not _imported(folder, name):
            raise ScenarioError(f"unknown file {name} (did you mean {meant[0]}?)")


def _names(folder: Path) -> set[str]:
    """The files, but for hidden ones and what editors leave."""
    names = (path.name for path in folder.glob("[!.]*") if path.is_file())
    return {name for name in names if not any(fnmatch(name, left) for left in _LEFT)}


def _imported(folder: Path, name: str) -> bool:
    """Whether it is a module that another file of the folder imports."""
    stem, _, suffix = name.rpartition(".")
    package = re.escape(f"{roots.package(folder.parent)}.{folder.name}")
    statement = re.compile(rf"^from (?:{package})?\.{re.escape(stem)} import ", re.MULTILINE)
    others = (path for path in folder.glob("*.py") if path.name != name)
    return suffix == "py" and any(statement.search(_text(path)) for path in others)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def attribute(folder: Path, stem: str, name: str) -> Any:
    """What a module of a scenario calls `name`; a ScenarioError where it has none, or breaks.

    Only within `roots.alone`.
    """
    told = stem or folder.name
    try:
        module = roots.module(folder, stem)
    except StreamgaugeError as error:
        raise ScenarioError(f"{error}{where(error, folder)}") from None
    except (Exception, SystemExit) as error:
        fault = f"{type(error).__name__}: {error}{where(error, folder)}"
        raise ScenarioError(f"{told}.py: {fault}") from error
    if not hasattr(module, name):
        raise ScenarioError(f"{told}.py has no {name}")
    return getattr(module, name)


def _check_names(scenario: Scenario) -> None:
    if scenario.id != scenario.folder.name:
        place = "folder" if scenario.sql is None else "file"
        raise ScenarioError(f"id {scenario.id!r} is not the {place}'s name")
    for binding in scenario.bindings:
        choose("binding", binding, KINDS)
    for table, binding in product(scenario.tables, scenario.bindings):
        check(table, binding)
    for name in scenario.absent:
        choose("absent entry", name, (*DIALECTS, *MODES, *KINDS, *LIFECYCLES))
    for divergence in scenario.divergences:
        for binding in divergence.bindings:
            choose("binding", binding, KINDS)
        for lifecycle in divergence.lifecycles:
            choose("lifecycle", lifecycle, (*LIFECYCLES, UPGRADE))
        if divergence.baselines and divergence.lifecycles != (UPGRADE,):
            raise ScenarioError(
                f"divergence {divergence.issue}: baselines are those of lifecycle {UPGRADE} alone"
            )


def _check_shipped(scenario: Scenario) -> None:
    for source in scenario.sources:
        if source.shipped and not (scenario.folder / source.shipped).is_file():
            raise ScenarioError(f"missing file {source.shipped}, the sample of {source.name}")
    scenario.shipped()
    if scenario.by_hand:
        by_hand = scenario.sample(0)
        if scenario.answered:
            scenario.expected(by_hand)


def _check_dialects(scenario: Scenario) -> None:
    for dialect in scenario.listed:
        there = dialect in scenario.dialects
        file = scenario.file(dialect)
        if there and dialect in scenario.absent:
            raise ScenarioError(f"{file} is there, but absent says {scenario.absent[dialect]!r}")
        if not there and dialect not in scenario.absent:
            raise ScenarioError(f"missing file {file}, and absent gives no reason for it")
        if there and dialect != JOB and file.endswith(".py"):
            _check_function(scenario, file)


def _check_divergences(scenario: Scenario) -> None:
    """One that is about no cell would never be met, nor be missed."""
    plain = cells([replace(scenario, divergences=())], versions.lines().values())
    there = [(*c.axes[1:], c.line.name) for c in plain if c.absent is None]
    for divergence in scenario.divergences:
        if not any(divergence.takes_cell(*axes) for axes in there):
            raise ScenarioError(f"divergence {divergence.issue}: is about no cell that is there")


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
