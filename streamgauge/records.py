"""What is known of a cell after a run: the record, and where records are kept."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import psutil

from streamgauge import paths
from streamgauge.files import written_whole

Verdict = Literal["pass", "fail", "unknown", "absent"]


@cache
def _machine() -> dict[str, Any]:
    """The machine, as far as it matters to a figure."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
    }


@dataclass
class Record:
    """One cell's outcome.

    `rows` is how many the longest source had, `rows_in` all of them.
    `seconds` is by phase: prepare, feed, submit, job, verify. `result` holds the rows
    of the sink as CSV lines, where they are few.
    """

    scenario: str
    version: int
    dialect: str
    mode: str
    binding: str
    flink: str
    verdict: Verdict
    reason: str = ""
    udf: str = ""
    parallelism: int = 1
    provider: str = "local"
    cluster: str = "session"
    python: str = ""
    java: str = ""
    seed: int | None = None
    rows: int = 0
    rows_in: int = 0
    rows_out: int = 0
    result: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    environment: dict[str, Any] = field(default_factory=lambda: dict(_machine()))

    @property
    def cell(self) -> str:
        """The cell's axes, such as `word_count-sql-batch-files-1.20.5`."""
        parts = (self.scenario, self.dialect, self.udf, self.mode, self.binding, self.flink)
        return "-".join(part for part in parts if part)

    @property
    def total_seconds(self) -> float:
        """All phases together."""
        return sum(self.seconds.values())


def keep(records: Iterable[Record], run: str) -> Path:
    """Write a run's records to `.streamgauge/records/RUN.json`."""
    path = paths.state() / "records" / f"{run}.json"
    write_json(path, [asdict(record) for record in records])
    return path


def write_json(path: Path, content: object) -> None:
    """Write JSON, whole or not at all."""
    with written_whole(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
