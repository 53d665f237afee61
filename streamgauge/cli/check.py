"""`check`: what somebody's files use that a Flink line has not."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import List, Optional

import typer

from streamgauge import versions
from streamgauge.check import files, findings, index
from streamgauge.check.findings import Looked
from streamgauge.cli import options
from streamgauge.errors import StreamgaugeError
from streamgauge.report import check as shown
from streamgauge.report.progress import progress


def check(
    paths: List[Path] = typer.Argument(help="Python files, or folders of them."),
    flink: options.Names = options.FLINK,
    json_file: Optional[Path] = options.JSON,
) -> None:
    """Tell which names of PyFlink files use that a Flink line lacks, has changed or deprecates.

    Files are read, not run, and no Flink is started. Exit code 1 where something is gone or
    changed, or a file could not be read.
    """
    lines = versions.chosen(flink)
    chosen = files.found(paths)
    with progress():
        apis = index.Apis(lines)
    looked: dict[str, list[Looked]] = {line.name: [] for line in lines}
    unread = False
    for path in chosen:
        try:
            tree = files.parsed(path)
        except StreamgaugeError as error:
            typer.echo(f"streamgauge: {error}", err=True)
            unread = True
            continue
        for name, of_line in looked.items():
            of_line.append(findings.of_python(str(path), tree, name, apis))
    found = [
        asdict(finding) for line in looked.values() for file in line for finding in file.findings
    ]
    counts = [_counts(name, of_line) for name, of_line in looked.items()]
    options.write({"findings": found, "lines": counts}, json_file)
    shown.findings(found, counts)
    raise typer.Exit(int(unread or any(f["state"] in findings.FAILING for f in found)))


def _counts(line: str, looked: list[Looked]) -> dict[str, object]:
    """How much was looked at on a line."""
    return {
        "flink": line,
        "files": len(looked),
        "names": sum(file.names for file in looked),
        "undecided": sum(file.undecided for file in looked),
        "guarded": sum(file.guarded for file in looked),
    }
