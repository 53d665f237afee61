"""The verdicts that were noted of every cell, in `verdicts.json` beside the scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from streamgauge.cells import Cell
from streamgauge.errors import StreamgaugeError
from streamgauge.files import read_json
from streamgauge.records import Record, write_json

Noted = Mapping[str, Any]


def read(root: Path) -> dict[str, Noted]:
    """What was noted, by the cell's id: verdict, day, scenario version, Flink release."""
    path = _path(root)
    noted = read_json(path) if path.exists() else {}
    if not (isinstance(noted, dict) and all(map(_is_noted, noted.values()))):
        raise StreamgaugeError(f"{path} is damaged: it does not hold verdicts of cells")
    return noted


def note(root: Path, records: Iterable[Record]) -> Path:
    """Write the records' verdicts over those noted before."""
    today = datetime.now(timezone.utc).date().isoformat()
    new = {
        _id(record): {
            "verdict": record.verdict,
            "seen": today,
            "version": record.version,
            "flink": record.flink,
        }
        for record in records
        if record.verdict != "absent"
    }
    path = _path(root)
    write_json(path, dict(sorted({**read(root), **new}.items())))
    return path


def of(cell: Cell, noted: Mapping[str, Noted]) -> Noted | None:
    """What was noted of a cell as it is now: of this scenario version and Flink release."""
    found = noted.get(cell.id)
    now = (cell.scenario.version, cell.line.flink)
    return found if found and (found["version"], found["flink"]) == now else None


def _is_noted(entry: Any) -> bool:
    return isinstance(entry, dict) and {"verdict", "seen", "version", "flink"} <= entry.keys()


def _path(root: Path) -> Path:
    return root / "verdicts.json"


def _id(record: Record) -> str:
    """The cell's id: its Flink line, not the release."""
    return record.cell.rpartition(".")[0]
