"""What a program imports of PyFlink that its Flink line has not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from streamgauge.cells import Cell
from streamgauge.check import files, findings, index
from streamgauge.check.api import ROOT, Api
from streamgauge.errors import ScenarioError
from streamgauge.scenario import JOB

_VERB = ("has it", "have it")
# What Python says where a name is not there, or is no longer called so.
_OF_NAMES = re.compile(r"\b(Attribute|Type|Import|ModuleNotFound)Error\b")
_SHOWN = 5


def check(cell: Cell) -> None:
    """A ScenarioError where there is such a name: its place, and the lines that have it."""
    program = list(_files(cell))
    apis = index.Apis([cell.line]) if program else {}
    for file in program:
        for line, module, name in _imported(files.parsed(file)):
            if complaint := _lacking(apis, cell.line.name, module, name):
                raise ScenarioError(f"{file.name}:{line}: {complaint}")


def explained(cell: Cell, why: str) -> str:
    """Why a program broke, with what it uses that its line lacks, where that may be the reason."""
    found = list(_used(cell)) if _OF_NAMES.search(why) else []
    if not found:
        return why
    more = [f"{len(found) - _SHOWN} more, by `streamgauge check`"] if len(found) > _SHOWN else []
    told = "; ".join([*found[:_SHOWN], *more])
    return f"{why}; of what it uses Flink {cell.line.name} lacks {told}"


def _used(cell: Cell) -> Iterator[str]:
    """What a program's files use that its line has not, each with its place."""
    program = list(_files(cell))
    if not program:
        return
    apis = index.Apis([cell.line])
    javas, line = index.Javas(apis), cell.line.name
    for file in program:
        looked = findings.of_python(file.name, files.parsed(file), line, apis, javas)
        for each in looked.findings:
            if each.state in findings.FAILING:
                yield f"{file.name}:{each.line}: {each.name} ({each.state}, {each.detail})"


def _files(cell: Cell) -> Iterator[Path]:
    """Those of a cell's own program in Python."""
    job = cell.scenario.job
    if cell.dialect == JOB and job and not job.shipped and job.file.endswith(".py"):
        yield from _together(cell.scenario.folder / job.file)


def _lacking(apis: Mapping[str, Api], line: str, module: str, name: str) -> str:
    """Nothing where no line is known to have it either: it may be what is not looked at."""
    if module.partition(".")[0] != ROOT or _has(apis[line], module, name):
        return ""
    having = [known for known in apis if _has(apis[known], module, name)]
    full = f"{module}.{name}" if name else module
    if having:
        return f"Flink {line} has no {full}; {', '.join(having)} {_VERB[len(having) > 1]}"
    if apis[line].resolve(module) and apis[line].lacks(module, name):
        return f"Flink {line} has no {full}, nor has any line that is here"
    return ""


def _together(program: Path) -> Iterator[Path]:
    """The program, and the modules beside it that it imports."""
    left, seen = [program], {program}
    while left:
        file = left.pop(0)
        yield file
        names = {module.partition(".")[0] for _, module, _ in _imported(files.parsed(file))}
        beside = {program.with_name(f"{name}.py") for name in names} - seen
        left += sorted(path for path in beside if path.is_file())
        seen |= beside


def _imported(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """(line, module, name in it or "") of what is imported whatever comes."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((alias.lineno, node.module, alias.name) for alias in node.names)


def _has(api: Api, module: str, name: str) -> bool:
    there = api.resolve(module) is not None
    return there and (name in ("", "*") or api.resolve(f"{module}.{name}") is not None)
