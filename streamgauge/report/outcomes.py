"""What becomes of a cell on a path of Flink lines: told by its records alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from streamgauge.records import Record

# `broken`: the baseline itself is not right. `unknown`: something broke that was not the job.
Word = Literal["restored", "refused", "wrong", "broken", "unknown", "untried"]


@dataclass(frozen=True)
class Step:
    """What became of the state on a line, and why where it is not right."""

    line: str
    word: Word
    reason: str = ""


@dataclass(frozen=True)
class Fate:
    """What becomes of a cell.

    `replays` are the lines, in order, on which the job was right from nothing. `blame` says
    what it is that breaks it. `ways` are those tried where the state was refused, with what
    came of it. `ratio` is how much longer the job took on the last line than on the first, from
    nothing: a first look, of one run each. `plan` is how the job's plan differs. `spared` has what
    Flink's own defaults refuse in it, by line. `declared` is the issue of the known difference.
    """

    axes: tuple[str, ...]
    steps: tuple[Step, ...]
    replays: tuple[str, ...] = ()
    blame: str = ""
    ways: tuple[tuple[str, Step], ...] = ()
    ratio: float | None = None
    plan: tuple[str, ...] = ()
    spared: tuple[tuple[str, str], ...] = ()
    declared: str = ""
    failed: bool = False

    @property
    def cell(self) -> str:
        """The cell on no line, such as `word_count-sql-streaming-kafka`."""
        return "-".join(filter(None, self.axes))

    @property
    def word(self) -> Word:
        """That of the first step that is not right, or of the last."""
        return _worst(self.steps).word

    @property
    def reason(self) -> str:
        """That of the same step."""
        return next((step.reason for step in self.steps if step.reason), "")

    @property
    def help(self) -> str:
        """The best way found, if any."""
        return next((way for way, step in self.ways if step.word == "restored"), "")


def fates(records: Sequence[Record], path: Sequence[str]) -> list[Fate]:
    """What became of each cell on the path of lines, in the order of their records."""
    by_cell: dict[tuple[str, ...], list[Record]] = {}
    for record in records:
        by_cell.setdefault(record.axes, []).append(record)
    return [_fate(axes, cell, path) for axes, cell in by_cell.items()]


def _fate(axes: tuple[str, ...], records: Sequence[Record], path: Sequence[str]) -> Fate:
    fresh = {record.line: record for record in records if record.lifecycle == "once"}
    moved = [record for record in records if record.lifecycle == "upgrade"]
    plain = next((record for record in moved if not record.way), None)
    steps = _steps(plain, path) if plain else _unmoved(fresh, path)
    judged = [*fresh.values(), *([plain] if plain else [])]
    return Fate(
        axes,
        steps,
        replays=tuple(line for line, record in fresh.items() if record.found == "pass"),
        blame=_blame(records, steps),
        ways=tuple((r.way, _worst(_steps(r, path))) for r in moved if r.way),
        ratio=_ratio(fresh, path),
        plan=tuple(plain.plan) if plain else (),
        spared=tuple(plain.spared.items()) if plain else (),
        declared=next((record.divergence for record in judged if record.divergence), ""),
        failed=_failed(steps, judged),
    )


def _steps(record: Record, path: Sequence[str]) -> tuple[Step, ...]:
    """A step a line after the first: right up to the line on which the record ended."""
    ended = max(len(record.path) - 1, 0)
    if record.found == "pass":
        return tuple(Step(line, "restored") for line in path[1:])
    told = Step(path[max(ended, 1)], _word(record, ended), _why(record))
    before = [Step(line, "restored") for line in path[1:ended]]
    after = [Step(line, "untried") for line in path[len(before) + 2 :]]
    return (*before, told, *after)


def _word(record: Record, ended: int) -> Word:
    if ended < 1:
        return "broken" if record.by_job or record.found == "fail" else "unknown"
    if record.found == "fail":
        return "wrong"
    return "refused" if record.by_job else "unknown"


def _unmoved(fresh: dict[str, Record], path: Sequence[str]) -> tuple[Step, ...]:
    """Not carried, since the job is not right from nothing on the first two lines."""
    for number, line in enumerate(path[:2]):
        record = fresh.get(line)
        if record and record.found != "pass":
            told = Step(path[1], _word(record, number), f"from nothing on {line}: {_why(record)}")
            return (told, *(Step(later, "untried") for later in path[2:]))
    return tuple(Step(line, "untried") for line in path[1:])


def _worst(steps: Sequence[Step]) -> Step:
    """The first that is not right, or the last."""
    return next((step for step in steps if step.word != "restored"), steps[-1])


def _why(record: Record) -> str:
    return record.brief or record.reason


def _blame(records: Iterable[Record], steps: Sequence[Step]) -> str:
    """Whether restarts alone break it, or only the change of line."""
    word = _worst(steps).word
    if word in ("restored", "untried", "unknown"):
        return ""
    if word == "broken":
        return "broken"
    control = next((record for record in records if record.lifecycle == "restart"), None)
    if control is None:
        return "broken by the new line"
    return "broken by the upgrade" if control.found == "pass" else "broken by restarts"


def _ratio(fresh: dict[str, Record], path: Sequence[str]) -> float | None:
    """Of submit, job and verify: what is spent before is no line's own."""
    first, last = fresh.get(path[0]), fresh.get(path[-1])
    if not (first and last and first.found == last.found == "pass"):
        return None
    return round(_spent(last) / _spent(first), 2)


def _spent(record: Record) -> float:
    return max(sum(record.seconds.get(phase, 0) for phase in ("submit", "job", "verify")), 0.001)


def _failed(steps: Sequence[Step], judged: Iterable[Record]) -> bool:
    """Wrong is a failure always, a refusal where it is not declared, and a declaration in vain."""
    words = {step.word for step in steps}
    if words & {"wrong", "broken", "unknown"}:
        return True
    return any(record.verdict in ("fail", "unknown") for record in judged)
