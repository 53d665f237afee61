"""`runtimes probe`: which connector sets link on which Flink line, and which have run there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import typer

from streamgauge import verdicts, versions
from streamgauge.cells import cells
from streamgauge.cli import options
from streamgauge.discovery import discover
from streamgauge.errors import choose
from streamgauge.report import terminal
from streamgauge.report.progress import progress
from streamgauge.runtimes import environment, jars
from streamgauge.runtimes.classfile import Reference
from streamgauge.runtimes.links import Classes, asked, lacking
from streamgauge.versions import JarSet


@dataclass(frozen=True)
class Probed:
    """A connector's jars, what they lack on each line, and the lines on which they have run."""

    connector: str
    artifacts: tuple[str, ...]
    lacks: Mapping[str, Sequence[Reference]]
    ran: Sequence[str]

    def state(self, line: str) -> str:
        """`lacks`, `links` or `ran`."""
        return "lacks" if self.lacks[line] else "ran" if line in self.ran else "links"


def probe(
    connector: options.Names = typer.Option(None, help="Such as kafka; may be repeated."),
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Say of each connector set and Flink line whether it lacks something, links, or ran there.

    Nothing is started: the jars of connectors and of Flink are read. `ran` is a set on a line
    that declares it, where a cell over it is noted to pass.
    """
    kinds = sorted({js for line in versions.lines().values() for js in line.connectors})
    wanted = [choose("connector", word, kinds) for word in connector or kinds]
    with progress():
        found = list(_probed(wanted))
    options.write([_described(each) for each in found], json_file)
    reasons: dict[str, str] = {}
    terminal.print_rows(
        ("connector", "set", *versions.lines()), [_row(each, reasons) for each in found]
    )
    for reason, mark in reasons.items():
        typer.echo(f"{mark.strip()} lacks {reason}")


def _probed(wanted: Sequence[str]) -> Iterator[Probed]:
    lines = versions.lines()
    flinks = {name: Classes(environment.install(line).jars) for name, line in lines.items()}
    ran = _ran()
    for kind in wanted:
        for jar_set, declared in _sets(kind).values():
            lacks = _lacks(Classes(jars.fetch(versions.locked(jar_set))), flinks)
            here = [name for name in declared if (kind, name) in ran]
            yield Probed(kind, jar_set.artifacts, lacks, here)


def _sets(kind: str) -> dict[tuple[str, ...], tuple[JarSet, list[str]]]:
    """Those of one connector that differ, with the lines whose own they are."""
    found: dict[tuple[str, ...], tuple[JarSet, list[str]]] = {}
    for name, line in versions.lines().items():
        own = [line.connectors[kind]] if kind in line.connectors else []
        for jar_set in (*own, *line.others.get(kind, {}).values()):
            _, declared = found.setdefault(jar_set.artifacts, (jar_set, []))
            declared += [name] if jar_set in own else []
    return found


def _lacks(own: Classes, flinks: Mapping[str, Classes]) -> dict[str, list[Reference]]:
    """What is not on a line; what is on no line is optional, such as formats that nobody has."""
    wanted = asked(own)
    found = {name: lacking(wanted, (own, flink)) for name, flink in flinks.items()}
    optional = set.intersection(*map(set, found.values()))
    return {name: [ref for ref in refs if ref not in optional] for name, refs in found.items()}


def _ran() -> set[tuple[str, str]]:
    """Connector and line of the cells that are noted to pass."""
    chosen = discover()
    noted = verdicts.read(*(scenario.folder for scenario in chosen.values()))
    every = cells(chosen.values(), versions.lines().values())
    passed = [c for c in every if (verdicts.of(c, noted) or {}).get("verdict") == "pass"]
    return {(kind, c.line.name) for c in passed for kind in c.kind.connectors}


def _row(probed: Probed, reasons: dict[str, str]) -> dict[str, str]:
    first, *others = (artifact.partition(":")[2] for artifact in probed.artifacts)
    row = {"connector": probed.connector, "set": f"{first}{' ...' if others else ''}"}
    for name, refs in probed.lacks.items():
        more = f" and {len(refs) - 1} more" if len(refs) > 1 else ""
        mark = reasons.setdefault(f"{refs[0]}{more}", f" ({len(reasons) + 1})") if refs else ""
        row[name] = probed.state(name) + mark
    return row


def _described(probed: Probed) -> dict[str, object]:
    lines = {
        name: {"state": probed.state(name), "lacks": list(map(str, refs))}
        for name, refs in probed.lacks.items()
    }
    return {"connector": probed.connector, "artifacts": probed.artifacts, "lines": lines}
