"""What a program imports of PyFlink that its Flink line has not."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from streamgauge.cells import Cell
from streamgauge.check import files, index
from streamgauge.check.api import ROOT, Api
from streamgauge.errors import ScenarioError
from streamgauge.scenario import JOB

_VERB = ("has it", "have it")


def check(cell: Cell) -> None:
    """A ScenarioError where there is such a name: its place, and the lines that have it."""
    job = cell.scenario.job
    if cell.dialect != JOB or job is None or job.shipped or not job.file.endswith(".py"):
        return
    apis = index.Apis([cell.line])
    for file in _together(cell.scenario.folder / job.file):
        for line, module, name in _imported(files.parsed(file)):
            if complaint := _lacking(apis, cell.line.name, module, name):
                raise ScenarioError(f"{file.name}:{line}: {complaint}")


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
