"""The verdicts that were noted of every cell: in `verdicts.json` in its scenario's folder.

Those of a scenario in a single file are beside it, in NAME.verdicts.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from streamgauge import roots
from streamgauge.cells import Cell
from streamgauge.errors import StreamgaugeError
from streamgauge.files import read_json
from streamgauge.records import Record, write_json
from streamgauge.scenario import Scenario

Noted = Mapping[str, Any]


def read(*folders: Path) -> dict[str, Noted]:
    """What was noted in scenarios' folders, by the cell's id.

    That is the verdict, the day, the scenario's version, the Flink release and, in what was
    noted since there are several, the lifecycle.
    """
    return {cell: noted for folder in folders for cell, noted in _read(_path(folder)).items()}


def _read(path: Path) -> dict[str, Noted]:
    noted = read_json(path) if path.exists() else {}
    if not (isinstance(noted, dict) and all(map(_is_noted, noted.values()))):
        raise StreamgaugeError(f"{path} is damaged: it does not hold verdicts of cells")
    return noted


def note(scenario: Scenario, records: Iterable[Record]) -> None:
    """Write the verdicts of a scenario's cells over those noted before in its folder.

    A cell that ran and is absent met a divergence: that is noted too. Corners are of no cell.
    """
    today = datetime.now(timezone.utc).date().isoformat()
    new = {
        _id(record): {
            "verdict": record.verdict,
            "seen": today,
            "version": record.version,
            "flink": record.flink,
            "lifecycle": record.lifecycle,
        }
        for record in records
        if record.scenario == scenario.id
        and not record.corner
        and (record.verdict != "absent" or record.divergence)
    }
    if new:
        noted = read(scenario.folder)
        write_json(_path(scenario.folder), dict(sorted({**noted, **new}.items())))


def of(cell: Cell, noted: Mapping[str, Noted]) -> Noted | None:
    """What was noted of a cell as it is now: of this scenario version and Flink release."""
    found = noted.get(cell.id)
    now = (cell.scenario.version, cell.line.flink)
    return found if found and (found["version"], found["flink"]) == now else None


def _is_noted(entry: Any) -> bool:
    return isinstance(entry, dict) and {"verdict", "seen", "version", "flink"} <= entry.keys()


def _path(folder: Path) -> Path:
    single = roots.single(folder)
    return single.with_suffix(".verdicts.json") if single else folder / "verdicts.json"


def _id(record: Record) -> str:
    """The cell's id: its Flink line, not the release."""
    return record.cell.rpartition(".")[0]
