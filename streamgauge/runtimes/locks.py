"""Write the locks anew: every jar with its sha256, every Python package with its hashes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from jgo.maven import Dependency, MavenContext
from uv import find_uv_bin

from streamgauge import paths, versions
from streamgauge.errors import StreamgaugeError
from streamgauge.files import sha256, written_whole
from streamgauge.versions import JarSet

# The oldest Python that we and every Flink line run on.
_PYTHON = "3.9"
# Between how many parts a coordinate with an extension has colons.
_PARTS = 4


def write_all() -> Iterable[Path]:
    """Write every lock; yields each one's path when it is done."""
    yield write_jars(versions.jar_sets())
    yield write_python("jdk", [versions.declared()["jdk"]])
    for line in versions.lines().values():
        yield write_python(f"flink-{line}", [f"apache-flink=={line.flink}", *line.constraints])
    yield write_python("harness", [], "pyproject.toml")
    yield write_python("dev", [], "pyproject.toml", "--extra=test", "--group=pyproject.toml:dev")


def write_jars(sets: Iterable[JarSet]) -> Path:
    """Resolve and hash the sets; the files stay in a cache of their own."""
    context = MavenContext(repo_cache=paths.cache() / "m2")
    entries = {jar_set.name: _resolved(context, jar_set) for jar_set in sets}
    path = paths.locks() / "jars.json"
    _write(path, json.dumps(entries, indent=1) + "\n")
    return path


def _resolved(context: MavenContext, jar_set: JarSet) -> dict[str, object]:
    files: dict[str, str] = {}
    for artifact in jar_set.artifacts:
        if artifact.count(":") == _PARTS:
            files[artifact] = sha256(_file(context, artifact))
            continue
        for dependency in _with_dependencies(context, artifact, jar_set):
            name = f"{dependency.groupId}:{dependency.artifactId}:{dependency.version}"
            files.setdefault(name, sha256(dependency.artifact.resolve()))
    return {"artifacts": list(jar_set.artifacts), "jars": files}


def _file(context: MavenContext, coordinate: str) -> Path:
    """One that is no plain jar."""
    group, name, extension, classifier, version = coordinate.split(":")
    at = context.project(group, name).at_version(version)
    found: Path = at.artifact(classifier=classifier, packaging=extension).resolve()
    return found


def _with_dependencies(context: MavenContext, coordinate: str, jar_set: JarSet) -> list[Dependency]:
    group, artifact, version = coordinate.split(":")
    without = [context.project(*name.split(":")) for name in jar_set.without]
    found = context.project(group, artifact).at_version(version).artifact()
    wanted = Dependency(found, exclusions=without)
    if not jar_set.transitive:
        return [wanted]
    return [wanted] + [n.dep for n in context.resolver.get_dependency_list([wanted])[1]]


def write_python(name: str, requirements: Sequence[str], *options: str) -> Path:
    """A requirements file with hashes, good for every Python and platform we run on."""
    command = [find_uv_bin(), "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += ["--python-version", _PYTHON, "--no-annotate", "--no-header", *options]
    command += [] if options else ["-"]
    done = subprocess.run(
        command, input="\n".join(requirements), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StreamgaugeError(f"no lock for {name}: {done.stderr.strip()}")
    path = paths.locks() / f"{name}.txt"
    _write(path, done.stdout)
    return path


def _write(path: Path, text: str) -> None:
    with written_whole(path) as temporary:
        temporary.write_text(text)
