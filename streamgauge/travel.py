"""What goes with a job beside its question: files of Python, archives and jars."""

from __future__ import annotations

import ensurepip
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from streamgauge import roots
from streamgauge.cells import Cell
from streamgauge.errors import ScenarioError
from streamgauge.files import uri
from streamgauge.imports import helpers
from streamgauge.scenario import JOB

FILES, ARCHIVES, REQUIREMENTS, JARS = (
    "python.files",
    "python.archives",
    "python.requirements",
    "pipeline.jars",
)
# Settings that are lists, and what stands between: nobody's take those of others away.
_BETWEEN = {FILES: ",", ARCHIVES: ",", JARS: ";"}


def joined(*layers: Mapping[str, str]) -> dict[str, str]:
    """All settings: what comes later wins, but that files of all layers go with the job."""
    told = {key: value for layer in layers for key, value in layer.items()}
    for key in _BETWEEN.keys() & told.keys():
        there = [layer[key] for layer in layers if layer.get(key)]
        told[key] = _BETWEEN[key].join(dict.fromkeys(there))
    return told


def located(told: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The settings, with the paths in them as seen from the scenario's folder.

    A ScenarioError where nothing is there.
    """
    return {key: _located(key, value, folder) for key, value in told.items()}


def _located(key: str, value: str, folder: Path) -> str:
    if key not in (*_BETWEEN, REQUIREMENTS):
        return value
    between = _BETWEEN.get(key, "#")
    return between.join(_place(key, each.strip(), folder) for each in value.split(between))


def _place(key: str, path: str, folder: Path) -> str:
    """`path`, or `path#NAME` of an archive that is to be unpacked under another name."""
    if ":" in path:
        return path
    name, mark, target = path.partition("#")
    there = folder / name
    if not there.exists():
        raise ScenarioError(f"{key}: there is no {name} in {folder.name}")
    return uri(there) if key == JARS else f"{there}{mark}{target}"


def installer(told: Mapping[str, str]) -> dict[str, str]:
    """Pip, by which Flink installs requirements, where there are any: runtimes have none."""
    if REQUIREMENTS not in told:
        return {}
    return {FILES: ",".join(map(str, Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")))}


def pack(cell: Cell, archive: Path) -> bool:
    """Zip what a cell's functions import, as they import it; whether there is anything.

    That is all in the scenario's folder, and what lies beside the root and is asked for.
    """
    folder, job = cell.scenario.folder, cell.scenario.job
    package = Path(roots.package(folder.parent), folder.name)
    found = {file: package / file.relative_to(folder) for file in _within(folder)}
    if cell.dialect == JOB and job:
        # An example of PyFlink's has all it needs there.
        own = () if job.shipped else _within(folder)
        found = {f: f.relative_to(folder) for f in own if f != folder / job.file}
    for helper in helpers(cell):
        beside = folder.parent.parent
        files = _within(helper) if helper.is_dir() else [helper]
        found.update({file: file.relative_to(beside) for file in files})
    with zipfile.ZipFile(archive, "w") as packed:
        for file, name in sorted(found.items()):
            packed.write(file, name)
    return bool(found)


def _within(folder: Path) -> Iterator[Path]:
    """All files of a folder, but for hidden ones and Python's own."""
    for path in sorted(folder.glob("[!.]*")):
        if path.is_dir() and path.name != "__pycache__":
            yield from _within(path)
        elif path.is_file():
            yield path
