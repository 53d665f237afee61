"""Variants of a dialect run over its scenario's inputs, in copies: which of them are caught."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from streamgauge import show
from streamgauge.cells import Cell
from streamgauge.errors import JobError, StreamgaugeError
from streamgauge.fed import Fed
from streamgauge.harness import Harness
from streamgauge.job import copied
from streamgauge.planting.declared import Declared, excused
from streamgauge.planting.dialect import Dialect
from streamgauge.planting.guard import guarded
from streamgauge.planting.variant import Variant
from streamgauge.records import Record
from streamgauge.report.plant import ENDED, EQUIVALENT, SAME_PLAN, SURVIVED, Tried
from streamgauge.run import Outcome, Run, run_cells

# Dialects that are planned as a whole.
_PLANNED = ("sql", "table")
_PLAN = "== Optimized Physical Plan =="
# What operators that call Python functions are called.
_PYTHON = "Python"
# How much longer for an answer than the dialect itself a variant may take.
_PATIENCE = 4
_LEAST_SECONDS = 10.0


def unplanted(harness: Harness, dialect: Dialect) -> Generator[Outcome, None, None]:
    """The dialect as it is; afterwards a variant has a few times as long for each answer."""
    longest = 0.0
    for outcome in run_cells(harness, dialect.runs):
        yield outcome
        longest = max(longest, _answer_seconds(outcome.record, dialect.runs))
        _check(outcome.record)
    harness.patience = min(harness.patience, max(_LEAST_SECONDS, _PATIENCE * longest))


def _answer_seconds(record: Record, runs: Sequence[Run]) -> float:
    """How long its job ran for each of its answers: a restart gives one before it, one behind."""
    answers = {run.lifecycle.name: len(run.lifecycle.starts) for run in runs}
    return record.seconds.get("job", 0) / answers[record.lifecycle]


def _check(record: Record) -> None:
    if record.verdict != "pass" or record.found != "pass":
        why = record.brief or record.reason or record.divergence
        raise StreamgaugeError(f"{record.cell} is not right before anything is planted: {why}")


def tried(
    harness: Harness,
    dialect: Dialect,
    variants: Sequence[Variant],
    known: Sequence[Declared] = (),
) -> Generator[tuple[Variant, Tried], None, None]:
    """What becomes of each variant: of one that a cell lets pass, in the next.

    One that is declared to be no error is believed when the first lets it pass.
    """
    plans = _Plans(harness, dialect)
    copies = {v: copied_with(harness, dialect, v) for v in variants}
    for number, run in enumerate(dialect.runs):
        passed = []
        with guarded(), _fed(harness, run) as fed:
            for variant, record in _outcomes(harness, replace(run, fed=fed), copies):
                result = _result(record)
                if result == SURVIVED and not number and plans.tell_same(variant, copies[variant]):
                    result = EQUIVALENT
                if result != SURVIVED:
                    yield variant, _tried(dialect, variant, result, record)
                elif declared := _declared(dialect, variant, known):
                    yield variant, declared
                else:
                    passed.append(variant)
        copies = {variant: copies[variant] for variant in passed}
    for variant in copies:
        yield variant, _tried(dialect, variant, SURVIVED, None)


def _declared(dialect: Dialect, variant: Variant, known: Sequence[Declared]) -> Tried | None:
    one = excused(_tried(dialect, variant, SURVIVED, None), known)
    return one if one.result == EQUIVALENT else None


def copied_with(harness: Harness, dialect: Dialect, variant: Variant) -> Cell:
    """The first cell in a copy of the scenario, with the variant in its file."""
    cell = copied(dialect.cells[0], harness.space.data / harness.unique_name())
    file = cell.scenario.folder / variant.file
    file.write_text(variant.planted(dialect.texts[variant.file]), encoding="utf-8")
    return cell


@contextmanager
def _fed(harness: Harness, run: Run) -> Iterator[Fed | None]:
    """The run's sources, fed once for all variants, where a job reads them from the beginning."""
    if not run.cell.bounded or run.lifecycle.name != "once":
        yield None
        return
    fed = Fed(harness, run.cell, run.inputs, run.lifecycle)
    try:
        fed.feed()
        yield fed
    finally:
        fed.drop()


def _outcomes(
    harness: Harness, run: Run, copies: Mapping[Variant, Cell]
) -> Iterator[tuple[Variant, Record]]:
    """Each variant in the run's cell, side by side; told apart by the number of their runs."""
    numbered = dict(enumerate(copies.items(), start=1))
    runs = [
        replace(run, cell=replace(run.cell, scenario=copy.scenario), number=number)
        for number, (_, copy) in numbered.items()
    ]
    for outcome in run_cells(harness, runs):
        yield numbered[outcome.record.number][0], outcome.record


def _result(record: Record) -> str:
    """`invalid`: Flink does not take it; `failed` while it ran; `ended` by a limit."""
    if record.found != "unknown":
        return "caught" if record.found == "fail" else SURVIVED
    if not record.by_job:
        return ENDED
    return "failed" if record.has("submitted") else "invalid"


def _tried(dialect: Dialect, variant: Variant, result: str, record: Record | None) -> Tried:
    text = dialect.texts[variant.file]
    return Tried(
        variant.kind,
        variant.file,
        variant.line(text),
        tuple(variant.diff(text)),
        result,
        _why(result, record),
        record.cell if record else "",
        record.lifecycle if record else "",
    )


def _why(result: str, record: Record | None) -> str:
    if result == EQUIVALENT:
        return SAME_PLAN
    return (record.brief or record.reason) if record else ""


class _Plans:
    """Flink's plans of variants, held against those of the dialect as it is."""

    def __init__(self, harness: Harness, dialect: Dialect) -> None:
        self._harness = harness
        planned = [cell for cell in reversed(dialect.cells) if cell.dialect in _PLANNED]
        modes = {cell.mode: cell for cell in planned}
        try:
            self._right = {mode: (cell, self._plan(cell)) for mode, cell in modes.items()}
        except JobError:
            # Such as over Hive alone, whose catalog no example has.
            self._right = {}

    def tell_same(self, variant: Variant, copy: Cell) -> bool:
        """Whether a variant has the same plans in all modes, so that it gives the same rows.

        Of what Python in it does a plan tells nothing.
        """
        hidden = not variant.file.endswith(".sql") and any(
            _PYTHON in plan for _, plan in self._right.values()
        )
        if hidden or not self._right:
            return False
        try:
            return all(
                self._plan(replace(cell, scenario=copy.scenario)) == plan
                for cell, plan in self._right.values()
            )
        except JobError:
            return False

    def _plan(self, cell: Cell) -> str:
        engine = self._harness.engine(cell.line)
        job = show.example(cell)
        # What is built last is what is submitted.
        with engine.submits:
            plan = engine.worker.explain(job)
        return plan.partition(_PLAN)[2] or plan
