"""What is known of a cell after a run: the record, as data, and where records are kept."""

from __future__ import annotations

import json
import logging
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import Any, Literal, NamedTuple

import psutil

from streamgauge import paths
from streamgauge.errors import StreamgaugeError, UsageError, nearest
from streamgauge.files import writing, written_whole

# The shape of a record; another shape has another number.
SCHEMA = 6
FIRST_ROW = "first row"
_NEWEST = 5
_log = logging.getLogger(__name__)

Verdict = Literal["pass", "fail", "unknown", "absent"]


class Origin(NamedTuple):
    """Where inputs come from; a seed only where they were generated from it."""

    kind: Literal["sample", "generated", "given", "by hand"]
    seed: int | None = None


GIVEN = Origin("given")


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
    """One cell's outcome: all that decided it, and all that is shown of it.

    `divergence` is the issue of the known difference that was met, `found` the verdict before
    that was looked for. `by_job`: whether it is unknown since Flink refused or failed the job.
    `flink` is the release, `line` its line: that on which it came to its end, where `path` has
    several, one a start of the job, and `plan` is how its plan on that line differs from the one
    on the first. `tables` has the bindings of tables that have one of their own. `spared` has,
    by line, what Flink's own defaults there refuse in it, and what it is told instead. `way` says
    how a job was made to take its state over, where it was not just planned again.
    `inputs` has the kind, the seed and how many records each source had; `cut`
    is the share of them that was fed first, `rows_in` all of them, `rows_out` the changes that
    came out. `corner` names the rows where they are not the usual ones. `provider` gave the
    services, if there are any. `number` counts the times of a cell that a run takes several times.
    `delivery` is that of sinks which are topics. `settings` is all that the job was told,
    `tolerance` how far numbers could be off, by sink and column.
    `differences` has an entry a sink that is not as it should be (see `values.difference`);
    `brief` is the reason without their rows, `whole` the file with all of them, and `lost` says
    why there is none. `printed` is the file with what a user's own program printed, if it did.
    `clock` has places in the question that ask the machine's clock, which no oracle knows.
    `result` holds the rows of the sink as CSV lines, where they are few.
    `seconds` is by phase: prepare, feed, submit, job, verify; `marks` is when which phase began,
    in unix seconds, and what came within it: a `feed` ends with `fed`; a job's `build`, `built`,
    `submitted`; of one that has an end when Flink says that it was `accepted`, all its tasks were
    `running`, it was `restarting`, if it ever was, and `finished`; and `first row`, when a sink
    got that, where it tells. `log` is the folder of the run's logs.
    """

    scenario: str
    version: int
    dialect: str
    mode: str
    binding: str
    flink: str
    verdict: Verdict
    reason: str = ""
    brief: str = ""
    divergence: str = ""
    schema: int = SCHEMA
    run: str = ""
    line: str = ""
    path: list[str] = field(default_factory=list)
    way: str = ""
    by_job: bool = False
    found: str = ""
    plan: list[str] = field(default_factory=list)
    spared: dict[str, str] = field(default_factory=dict)
    udf: str = ""
    corner: str = ""
    lifecycle: str = ""
    parallelism: int = 1
    cut: float = 1
    delivery: str = ""
    number: int = 1
    provider: str = ""
    tables: dict[str, str] = field(default_factory=dict)
    cluster: str = "session"
    python: str = ""
    java: str = ""
    zone: str = "UTC"
    seed: int | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    tolerance: dict[str, dict[str, float]] = field(default_factory=dict)
    differences: list[dict[str, Any]] = field(default_factory=list)
    whole: str = ""
    lost: str = ""
    printed: str = ""
    clock: list[str] = field(default_factory=list)
    rows_in: int = 0
    rows_out: int = 0
    result: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    marks: list[dict[str, Any]] = field(default_factory=list)
    log: str = ""
    environment: dict[str, Any] = field(default_factory=lambda: dict(_machine()))

    @property
    def cell(self) -> str:
        """The cell's axes, such as `word_count-sql-batch-files-1.20.5`."""
        return "-".join(part for part in (*self.axes, self.corner, self.flink) if part)

    @property
    def axes(self) -> tuple[str, ...]:
        """What the cell is on every line."""
        return (self.scenario, self.dialect, self.udf, self.mode, self.binding)

    @property
    def total_seconds(self) -> float:
        """All phases together."""
        return sum(self.seconds.values())

    def go_to(self, line: str, cluster: str, flink: str, python: str, java: str) -> None:
        """Put down where the job is started, which is where it was last."""
        self.line, self.path = line, [*self.path, line]
        self.cluster, self.flink, self.python, self.java = cluster, flink, python, java

    def mark(self, name: str, at: float | None = None) -> None:
        """Put down that something begins, now or at another unix time."""
        self.marks.append({"mark": name, "at": round(time.time() if at is None else at, 4)})

    def mark_first(self, times: Iterable[float | None]) -> None:
        """Put down when the first row came, once, where that is known."""
        if not self.has(FIRST_ROW) and (known := [at for at in times if at]):
            self.mark(FIRST_ROW, min(known))

    def has(self, name: str) -> bool:
        """Whether it has this mark."""
        return any(mark["mark"] == name for mark in self.marks)

    def at(self, name: str) -> float:
        """When something began, the last time that it did, in unix seconds.

        A StreamgaugeError where it never did.
        """
        found = [float(mark["at"]) for mark in self.marks if mark["mark"] == name]
        if not found:
            raise StreamgaugeError(f"{self.cell} has no mark {name!r}")
        return found[-1]


def bound(binding: str, tables: Mapping[str, str]) -> str:
    """Such as `kafka, places jdbc`, where a table has a binding of its own."""
    return ", ".join([binding, *(f"{table} {own}" for table, own in tables.items())])


def described(inputs: Mapping[str, Sequence[Any]], origin: Origin) -> dict[str, Any]:
    """What a record says of the inputs, by source."""
    rows = {name: len(records) for name, records in inputs.items()}
    return {"kind": origin.kind, "seed": origin.seed, "rows": rows}


class Recorder:
    """Keeps a run's records as they come, a line of JSON each: a kill loses none that is there."""

    def __init__(self, run: str) -> None:
        self.path = _folder() / f"{run}.jsonl"
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch()

    def append(self, record: Record, difference: Iterable[str] = ()) -> None:
        """Write a record at the end of the file, and its whole difference beside it.

        Where there is no room for the lines of the difference, the record says so.
        """
        if record.differences:
            self._keep(record, difference)
        # What UTF-8 cannot have, such as the rest of a file name, becomes JSON's own escape.
        line = json.dumps(as_data(record), ensure_ascii=False).encode(errors="backslashreplace")
        with writing(self.path), self.path.open("ab") as file:
            file.write(line + b"\n")

    def _keep(self, record: Record, difference: Iterable[str]) -> None:
        path = self._free(record.cell)
        try:
            with written_whole(path) as temporary, temporary.open("wb") as file:
                file.writelines(
                    f"{line}\n".encode(errors="backslashreplace") for line in difference
                )
        except StreamgaugeError as error:
            record.lost = str(error)
        else:
            record.whole = str(path)

    def _free(self, cell: str) -> Path:
        """A cell may run several times in a run, as in tests."""
        folder = self.path.with_suffix("")
        names = (f"{cell}{again}.diff" for again in chain([""], map("-{}".format, count(2))))
        return next(folder / name for name in names if not (folder / name).exists())


def as_data(record: Record) -> dict[str, Any]:
    """The record as JSON, the schema first."""
    return {"schema": record.schema, "run": record.run, **asdict(record)}


def read(path: Path) -> list[Record]:
    """The records of a file; a last line that was cut short is told and left out.

    A StreamgaugeError where another version of streamgauge wrote it, a line is damaged, or it
    cannot be read.
    """
    try:
        *lines, rest = path.read_bytes().split(b"\n")
    except OSError as error:
        raise StreamgaugeError(f"{path}: cannot be read: {error.strerror}") from None
    if rest:
        _log.warning("%s: its last line was cut short, and is left out", path)
    return [_record(f"{path}, line {number}", line) for number, line in enumerate(lines, 1)]


def _record(where: str, line: bytes) -> Record:
    try:
        data = json.loads(line)
        written = data.get("schema", 0)
        if written == SCHEMA:
            return Record(**data)
    except (ValueError, TypeError, AttributeError):
        raise StreamgaugeError(f"{where}: damaged, it is no record") from None
    raise StreamgaugeError(f"{where}: written by another version of streamgauge (schema {written})")


def files() -> list[Path]:
    """The files of all runs, newest first."""
    return sorted(_folder().glob("*.jsonl"), reverse=True)


def none() -> str:
    """What is said where there are none."""
    return f"no run is recorded in {_folder()}"


def find(run: str = "") -> Path:
    """The file of the run whose id is `run` or begins so; of the newest where none is named.

    A UsageError where there is none, or where several begin so.
    """
    runs = {path.stem: path for path in files()}
    if not runs:
        raise UsageError(none())
    fitting = [run] if run in runs else [name for name in runs if name.startswith(run)]
    if not fitting:
        raise UsageError(f"unknown run {run!r}{nearest(run, runs)}; newest: {_some(list(runs))}")
    if run and len(fitting) > 1:
        raise UsageError(f"several runs begin with {run!r}: {_some(fitting)}")
    return runs[fitting[0]]


def _some(names: Sequence[str]) -> str:
    more = f", and {len(names) - _NEWEST} older" if len(names) > _NEWEST else ""
    return ", ".join(names[:_NEWEST]) + more


def _folder() -> Path:
    return paths.state() / "records"


def write_json(path: Path, content: object) -> None:
    """Write JSON, whole or not at all."""
    with written_whole(path) as temporary:
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace")
