"""The highest rate of events that cells take without falling behind, in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from streamgauge.report.terminal import print_rows, stdout

_COLUMNS = ("cell", "events/s", "its lag grows by", "grows at", "by", "trials")


class Step(NamedTuple):
    """A trial: the rate, whether lag did not grow, by how many events a second it did, within."""

    rate: float
    holds: bool
    slope: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.slope:,.0f} [{self.low:,.0f}, {self.high:,.0f}]/s"


@dataclass
class Sustained:
    """What is known of a cell: the highest rate that held; or why it has no number.

    `is_limit`: lag grew at a higher one; else `beyond` says why none was tried.
    """

    cell: str
    scenario: str
    version: int
    dialect: str
    refusal: str = ""
    beyond: str = ""
    rate: float = 0.0
    is_limit: bool = False
    steps: list[Step] = field(default_factory=list)
    settings: Mapping[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "steps": [each._asdict() for each in self.steps]}


def tell(measured: Sequence[Sustained]) -> None:
    """A row a cell; below it, why there is no number of others."""
    there = [each for each in measured if not each.refusal]
    if there:
        print_rows(_COLUMNS, [_row(each) for each in there])
    for each in measured:
        told = f"no number: {each.refusal}" if each.refusal else each.beyond
        if told:
            stdout().print(f"{each.cell}: {told}", soft_wrap=True, markup=False)


def _row(each: Sustained) -> dict[str, str]:
    (held,) = (step for step in each.steps if step.holds and step.rate == each.rate)
    grew = min((step for step in each.steps if not step.holds), default=None)
    least = "" if each.is_limit else "at least "
    shown = (
        each.cell,
        f"{least}{each.rate:,.0f}",
        str(held),
        f"{grew.rate:,.0f}" if grew else "",
        str(grew or ""),
        f"{len(each.steps)}",
    )
    return dict(zip(_COLUMNS, shown))
