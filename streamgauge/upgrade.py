"""Cells over the lines of a path: from nothing on each, then carried from one to the next.

What their records come to is told by `report.outcomes`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace

from streamgauge import versions
from streamgauge.cells import on_line
from streamgauge.clusters.session import SLOTS
from streamgauge.errors import UsageError
from streamgauge.feasible import refusal
from streamgauge.harness import Harness
from streamgauge.lifecycle import Form, Lifecycle, Start, given_up, once, restart, upgrade
from streamgauge.records import Record
from streamgauge.run import Outcome, Run, run_cells
from streamgauge.scenario import UDF_DIALECTS
from streamgauge.versions import Line

# Engines that are up at once: that of a baseline, and that of a candidate.
ENGINES = 2

_UIDS = (("table.exec.uid.generation", "ALWAYS"),)
# What is planned from source has ids made from its graph; so has a plan without its uids.
_GRAPH_IDS = (("table.exec.uid.generation", "DISABLED"),)
# Under both names: the second is that of newer lines.
_DROPPED = (
    ("execution.savepoint.ignore-unclaimed-state", "true"),
    ("execution.state-recovery.ignore-unclaimed-state", "true"),
)


@dataclass(frozen=True)
class Way:
    """A way to have state taken over: settings of every start, and of those from a savepoint.

    `plan`: whether the first start, and whether the others, are of the plan that is compiled on
    the baseline. `tables`: only jobs of tables can go it. `goes` makes its lifecycle.
    """

    name: str = ""
    plan: tuple[bool, bool] = (False, False)
    always: tuple[tuple[str, str], ...] = ()
    restored: tuple[tuple[str, str], ...] = ()
    tables: bool = False
    goes: Callable[[Form, Sequence[Start]], Lifecycle] = upgrade


# For a roll-back: the line that was tried leaves nothing behind.
GIVEN_UP = Way("from the baseline's savepoint", goes=given_up)
# The job is planned again from its source, by default.
PLAIN = Way()
WAYS = (
    Way("with a compiled plan", plan=(True, True), tables=True),
    Way(
        "with a plan compiled after the savepoint", (False, True), restored=_GRAPH_IDS, tables=True
    ),
    Way("with uids made by Flink", always=_UIDS, tables=True),
    Way("without the state that has no place", restored=_DROPPED),
)
# Where state was taken over and the answer is wrong: state that is written down at once.
OTHER_BACKENDS = (Way("with RocksDB", always=(("state.backend.type", "rocksdb"),)),)


@dataclass(frozen=True)
class Path:
    """The lines that a job goes through, the baseline first, and its parallelism on each.

    `change` names a folder in a scenario's with its job as it is after the baseline.
    """

    lines: tuple[Line, ...]
    parallelism: tuple[int, ...]
    change: str = ""

    @property
    def distinct(self) -> tuple[Line, ...]:
        """The lines, each once."""
        return tuple({line.name: line for line in self.lines}.values())

    @property
    def rolls_back(self) -> bool:
        """Whether one line is tried, and the next is the baseline again."""
        first, *later = (line.name for line in self.lines)
        return later[1:] == [first] != later[:1]

    def starts(self, way: Way) -> list[Start]:
        """A start on each line."""
        first, *later = zip(self.parallelism, (line.name for line in self.lines))
        settings = (*way.always, *way.restored)
        return [
            Start(*first, way.plan[0], settings=way.always),
            *(Start(*each, way.plan[1], self.change, settings) for each in later),
        ]


def path(
    names: Sequence[str], *, roll_back: bool = False, rescale: bool = False, change: str = ""
) -> Path:
    """The path over these lines; a UsageError where that is none, or goes back in time.

    From a line to itself goes only a job that is changed, or one with other connectors.
    """
    order = list(versions.lines())
    lines = [versions.line(name) for name in names]
    if not lines[1:]:
        raise UsageError("an upgrade goes from one Flink line to another")
    for one, other in zip(lines, lines[1:]):
        back = order.index(other.base) < order.index(one.base)
        if back or (one.name == other.name and not change):
            raise UsageError(f"{one} to {other} is no upgrade: see --roll-back")
    lines += lines[:1] if roll_back else []
    tasks = [1 + number % SLOTS if rescale else 1 for number in range(len(lines))]
    return Path(tuple(lines), tuple(tasks), change)


def feasible(run: Run, along: Path) -> Run:
    """The run; absent, with the reason, where its cell cannot go along the path."""
    return replace(run, cell=replace(run.cell, absent=_absent(run, along)))


def _absent(run: Run, along: Path) -> str | None:
    if run.cell.absent or run.broken:
        return run.cell.absent
    if run.cell.bounded:
        return "a job whose input has an end leaves no state to take over"
    return refusal(run.cell, run.inputs, _through(run, along).lifecycle, SLOTS)


def expected(runs: Sequence[Run], along: Path) -> int:
    """How many runs there are where all goes well."""
    return (len(along.distinct) + 1) * sum(not run.cell.absent for run in runs)


def carried(
    harness: Harness, runs: Sequence[Run], along: Path, *, ways: bool
) -> Generator[Outcome, None, None]:
    """All that tells what becomes of cells on the path; outcomes as they come.

    Each once on every line, then from line to line. Where that is not right, a restart on
    the baseline. On the way back to it, its own savepoint too. Where state was refused, or the
    answer is wrong, with `ways`, each way that may help.
    """
    yield from run_cells(harness, [run for run in runs if run.cell.absent])
    runs = [run for run in runs if not run.cell.absent]
    first, *later = along.distinct
    fresh = yield from _kept(
        harness,
        [_once(run, first) for run in runs]
        + [_once(run, line, along.change) for line in later for run in runs],
    )
    needed = {line.name for line in along.distinct[:2]}
    broken = _axes(o for o in fresh if o.record.found != "pass" and o.record.line in needed)
    going = [run for run in runs if run.cell.axes not in broken]
    moved = yield from _kept(harness, [_through(run, along) for run in going])
    wrong = _axes(outcome for outcome in moved if outcome.record.found != "pass")
    yield from run_cells(harness, [_restarted(r) for r in going if r.cell.axes in wrong])
    if along.rolls_back:
        yield from run_cells(harness, [_through(run, along, GIVEN_UP) for run in going])
    asked = {o.record.axes: _ways(o.record) for o in moved} if ways else {}
    tried = [(run, way) for run in going for way in asked.get(run.cell.axes, ())]
    yield from run_cells(harness, [_through(run, along, way) for run, way in tried])


def _kept(harness: Harness, runs: Sequence[Run]) -> Generator[Outcome, None, list[Outcome]]:
    """Outcomes as they come, and all of them in the end."""
    kept = []
    for outcome in run_cells(harness, runs):
        kept.append(outcome)
        yield outcome
    return kept


def _axes(outcomes: Iterable[Outcome]) -> set[tuple[str, ...]]:
    return {outcome.record.axes for outcome in outcomes}


def _once(run: Run, line: Line, job: str = "") -> Run:
    return replace(run, cell=on_line(run.cell, line), lifecycle=once(run.cell.form, job=job))


def _restarted(run: Run) -> Run:
    return replace(run, lifecycle=restart(run.cell.form))


def _through(run: Run, along: Path, way: Way = PLAIN) -> Run:
    return replace(run, lifecycle=way.goes(run.cell.form, along.starts(way)), way=way.name)


def _ways(moved: Record) -> Sequence[Way]:
    """Those that may help a cell that was carried over so."""
    if moved.by_job:
        return [way for way in WAYS if not way.tables or moved.dialect in UDF_DIALECTS]
    return OTHER_BACKENDS if moved.found == "fail" else ()
