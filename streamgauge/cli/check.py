"""`check`: what somebody's files use that a Flink line has not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import List, Optional

import typer

from streamgauge import versions
from streamgauge.check import files, findings, index, knowing
from streamgauge.check.findings import Looked
from streamgauge.check.index import Apis, Javas
from streamgauge.check.texts import Source
from streamgauge.cli import options
from streamgauge.errors import StreamgaugeError
from streamgauge.report import check as shown
from streamgauge.report.progress import progress


def check(
    paths: List[Path] = typer.Argument(help="Python and SQL files, or folders of them."),
    flink: options.Names = options.FLINK,
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Tell what of PyFlink and SQL files use that a Flink line lacks, has changed or deprecates.

    Files are read, not run, and no Flink is started. Exit code 1 where something is gone or
    changed, or a file could not be read.
    """
    lines = versions.chosen(flink)
    chosen = files.found(paths)
    sources = list(_read(chosen))
    known = {name for source in sources for name in knowing.registered(source)}
    looked: dict[str, list[Looked]] = {}
    with progress():
        apis = index.Apis(lines)
        javas = index.Javas(apis)
        for line in lines:
            looked[line.name] = [_look(one, line.name, apis, javas, known) for one in sources]
    found = [
        asdict(finding) for line in looked.values() for file in line for finding in file.findings
    ]
    counts = [_counts(name, of_line) for name, of_line in looked.items()]
    options.write({"findings": found, "lines": counts}, json_file)
    shown.findings(found, counts)
    raise typer.Exit(
        int(len(sources) < len(chosen) or any(f["state"] in findings.FAILING for f in found))
    )


def _read(paths: Iterable[Path]) -> Iterator[Source]:
    """Those that can be read; a line on standard error for each other."""
    for path in paths:
        try:
            yield files.read(path)
        except StreamgaugeError as error:
            typer.echo(f"streamgauge: {error}", err=True)


def _look(source: Source, line: str, apis: Apis, javas: Javas, known: set[str]) -> Looked:
    """All that is told of a file on a line."""
    looked = [knowing.of_sql(source, line, javas, known)]
    if source.tree is not None:
        looked.append(findings.of_python(source.path, source.tree, line, apis, javas))
    return findings.together(looked)


def _counts(line: str, looked: list[Looked]) -> dict[str, object]:
    """How much was looked at on a line."""
    return {
        "flink": line,
        "files": len(looked),
        "names": sum(file.names for file in looked),
        "undecided": sum(file.undecided for file in looked),
        "guarded": sum(file.guarded for file in looked),
    }
