"""How many events a second cells take, in a table, against SQL's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, NamedTuple

from streamgauge.report.terminal import print_rows, stdout

_COLUMNS = (
    "cell",
    "events",
    "events/s",
    "least to most",
    "a core",
    "sql = 1",
    "s: start row end cold",
    "CPU s: JVM Python harness",
    "MiB: JVM Python",
)


class Used(NamedTuple):
    """What was used while a job ran, by `jvm`, `python` and `harness`: CPU seconds, most MiB.

    `share` is what the harness took of a core from when the job was submitted to its end.
    """

    cpu: Mapping[str, float]
    memory: Mapping[str, int]
    share: float


class Timed(NamedTuple):
    """One round: seconds by part, and what was used meanwhile.

    `build` and `submit` are the client's; `start` is until all tasks run, `row` from then to the
    first row in a sink, where that tells, `job` from then to the end.
    """

    seconds: Mapping[str, float]
    used: Used


@dataclass
class Measured:
    """What is known of a cell: its rounds, those that warm up apart; or why it has no number."""

    cell: str
    scenario: str
    version: int
    dialect: str
    events: int = 0
    refusal: str = ""
    warm: list[Timed] = field(default_factory=list)
    rounds: list[Timed] = field(default_factory=list)
    settings: Mapping[str, str] = field(default_factory=dict)
    cut_short: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it came to a number."""
        return bool(self.rounds) and not self.refusal

    @property
    def rates(self) -> list[float]:
        """Events a second of each round."""
        return [self.events / each.seconds["job"] for each in self.rounds]

    @property
    def rate(self) -> float:
        """The one in the middle."""
        return median(self.rates)

    @property
    def per_core(self) -> float:
        """Events a second of CPU time that Flink and its Python workers took."""
        used = [each.used.cpu["jvm"] + each.used.cpu["python"] for each in self.rounds]
        return median(self.events / max(seconds, 0.01) for seconds in used)

    def data(self) -> dict[str, Any]:
        """As JSON."""
        warm, rounds = map(_flat, (self.warm, self.rounds))
        numbers = {"rate": self.rate, "per_core": self.per_core} if self.is_number else {}
        return {**asdict(self), "warm": warm, "rounds": rounds, **numbers}


def _flat(rounds: Sequence[Timed]) -> list[dict[str, Any]]:
    return [{"seconds": each.seconds, **each.used._asdict()} for each in rounds]


def tell(measured: Sequence[Measured]) -> None:
    """A row a cell; below it, why there is no number of others."""
    there = [each for each in measured if each.is_number]
    if there:
        print_rows(_COLUMNS, [_row(each, _reference(each, there)) for each in there])
    for each in measured:
        if each.refusal or each.cut_short:
            stdout().print(_without(each), soft_wrap=True, markup=False)


def _without(measured: Measured) -> str:
    if measured.refusal:
        return f"{measured.cell}: no number: {measured.refusal}"
    return f"{measured.cell}: cut short after {len(measured.rounds)} rounds that count"


def _reference(each: Measured, among: Sequence[Measured]) -> Measured | None:
    """SQL's of the same scenario, if it was measured."""
    same = (other for other in among if other.scenario == each.scenario)
    return next((other for other in same if other.dialect == "sql"), None)


def _row(each: Measured, reference: Measured | None) -> dict[str, str]:
    cpu, memory = ([getattr(r.used, name) for r in each.rounds] for name in ("cpu", "memory"))
    shown = (
        each.cell,
        f"{each.events}",
        _short(each.rate),
        f"{_short(min(each.rates))} to {_short(max(each.rates))}",
        _short(each.per_core),
        f"{each.rate / reference.rate:.2f}" if reference else "",
        " ".join(_seconds(each)),
        _spent(cpu, [each.used.share for each in each.rounds]),
        " ".join(f"{max(u[k] for u in memory)}" for k in ("jvm", "python")),
    )
    return dict(zip(_COLUMNS, shown))


def _seconds(measured: Measured) -> Iterator[str]:
    """From submitting to running, and from then to the first row and the end; cold to the end."""
    of_round = [each.seconds for each in measured.rounds]
    yield f"{median(each['submit'] + each['start'] for each in of_round):.2f}"
    rows = [each["row"] for each in of_round if "row" in each]
    yield f"{median(rows):.2f}" if rows else "-"
    yield f"{median(each['job'] for each in of_round):.2f}"
    yield f"{measured.warm[0].seconds['job']:.2f}" if measured.warm else "-"


def _spent(cpu: Sequence[Mapping[str, float]], shares: Sequence[float]) -> str:
    kinds = ("jvm", "python", "harness")
    seconds = " ".join(f"{median(each[kind] for each in cpu):.2f}" for kind in kinds)
    return f"{seconds} ({median(shares):.0%})"


def _short(value: float) -> str:
    """Three digits."""
    return f"{float(f'{value:.3g}'):,.0f}"
