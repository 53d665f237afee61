"""The matrix: scenario x dialect x udf x mode x binding x Flink line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from itertools import groupby

from streamgauge.attachments import limits
from streamgauge.attachments.place import AT_LEAST_ONCE
from streamgauge.bindings import KINDS, Kind, of_tables
from streamgauge.divergence import absence
from streamgauge.errors import UsageError, choose
from streamgauge.lifecycle import Form, Shape
from streamgauge.scenario import DIALECTS, JOB, MODES, UDF_DIALECTS, UDFS, Scenario
from streamgauge.values import event_time
from streamgauge.values.arrivals import Arrival, cut, looks
from streamgauge.values.inputs import Inputs
from streamgauge.versions import Line


@dataclass(frozen=True)
class Cell:
    """One way to ask one question on one Flink line; `absent` says why it is not there.

    `udf`: how Python scalar functions run, where the dialect calls any. `ends`: its input is
    given an end, though it need not have one. `delivery` is that of its topics: see Place.
    `corner` names the rows that it is asked of, where those are not the usual ones.
    """

    scenario: Scenario
    dialect: str
    mode: str
    binding: str
    line: Line
    udf: str | None = None
    absent: str | None = None
    ends: bool = False
    delivery: str = AT_LEAST_ONCE
    corner: str = ""

    @property
    def id(self) -> str:
        """Such as `word_count-sql-batch-files-1.20`."""
        return "-".join(part for part in (*self.axes, self.corner, self.line.name) if part)

    @property
    def axes(self) -> tuple[str, ...]:
        """What it is on every line."""
        return (self.scenario.id, self.dialect, self.udf or "", self.mode, self.binding)

    @property
    def kind(self) -> Kind:
        """The needs of its binding, and of tables that have one of their own."""
        return of_tables(self.binding, self.scenario.tables)

    @property
    def ahead(self) -> tuple[str, ...]:
        """The sources that have an end, beside others that have none: they are fed first."""
        if self.bounded:
            return ()
        return tuple(
            s.name for s in self.scenario.sources if KINDS[s.binding or self.binding].bounded
        )

    @property
    def cut(self) -> float | None:
        """Which share (0..1) of what comes while it runs comes before arrivals' CUT, if any."""
        return cut(self._coming)

    @property
    def looks(self) -> tuple[float, ...]:
        """Which shares of it come before each Watermark of arrivals."""
        return looks(self._coming)

    def shaped(self, shape: Shape) -> Shape:
        """With the cut of arrivals where it has none, and what they have to be looked at for."""
        return Shape(self.cut if shape.cut is None else shape.cut, shape.parallelism, self.looks)

    @property
    def _coming(self) -> list[Arrival]:
        return self.scenario.coming(self.ahead)

    def finds_late(self, inputs: Inputs) -> bool:
        """Whether its job finds any row of the inputs late."""
        sources = self.scenario.sources if self.mode == "streaming" else ()
        return any(event_time.late(source, inputs[source.name]) for source in sources)

    @property
    def bounded(self) -> bool:
        """Whether the input of its job has an end."""
        has_end = self.kind.bounded or not self.scenario.sources
        return self.ends or self.mode == "batch" or has_end

    @property
    def form(self) -> Form:
        """How its job gets its input and comes to its end."""
        if self.bounded:
            return "bounded"
        return "timed" if self.scenario.timed else "plain"


@dataclass(frozen=True)
class Filter:
    """Which cells: empty means all. A UsageError where a name is not a valid choice."""

    dialects: Sequence[str] = ()
    modes: Sequence[str] = ()
    bindings: Sequence[str] = ()
    udfs: Sequence[str] = ()

    def __post_init__(self) -> None:
        for kind, words, choices in (
            ("dialect", self.dialects, DIALECTS),
            ("mode", self.modes, MODES),
            ("binding", self.bindings, tuple(KINDS)),
            ("udf", self.udfs, UDFS),
        ):
            for word in words:
                choose(kind, word, choices)

    def __str__(self) -> str:
        axes = (self.dialects, self.modes, self.bindings, self.udfs)
        return " and ".join(" or ".join(words) for words in axes if words)

    def takes(self, cell: Cell) -> bool:
        """Whether the cell is among those wanted."""
        axes = (
            (cell.dialect, self.dialects),
            (cell.mode, self.modes),
            (cell.binding, self.bindings),
            (cell.udf, self.udfs),
        )
        return all(not wanted or value in wanted for value, wanted in axes)


def ended(cell: Cell) -> Cell:
    """The same cell over input with an end; absent where what it reads has none."""
    reason = None if cell.bounded else cell.kind.absent.get("batch")
    return replace(cell, ends=True, absent=cell.absent or reason)


def delivered(cell: Cell, delivery: str) -> Cell:
    """The same with another delivery into topics; absent where it writes to none."""
    plain = delivery == cell.delivery or any(map(cell.kind.is_topic, cell.scenario.sinks))
    reason = None if plain else f"no sink of it is a topic, so nothing is {delivery}"
    return replace(cell, delivery=delivery, absent=cell.absent or reason)


def on_line(cell: Cell, line: Line) -> Cell:
    """The same cell on another line, absent where that says so."""
    axes = cell.dialect, cell.mode, cell.binding, line, cell.udf
    return make_cell(cell.scenario, *axes)


def cells(
    scenarios: Iterable[Scenario], lines: Iterable[Line], wanted: Filter = Filter()
) -> list[Cell]:
    """All cells that pass the filter, the absent ones with their reasons.

    Scenarios that need fewest services come first: theirs are up soonest. A UsageError where
    no cell is left.
    """
    every = (
        make_cell(scenario, dialect, mode, binding, line, udf)
        for line in lines
        for scenario in scenarios
        for binding in scenario.bindings
        for mode in scenario.modes
        for dialect in scenario.listed
        for udf in _udfs(scenario, dialect)
    )
    found = [cell for cell in every if wanted.takes(cell)]
    if not found:
        raise UsageError(f"no cell is {wanted}: see `streamgauge list`")
    by_line = groupby(found, key=lambda cell: cell.line.name)
    return [cell for _, of_line in by_line for cell in _soonest_first([*of_line])]


def _soonest_first(found: Sequence[Cell]) -> list[Cell]:
    """The cells of a line, those of a scenario together."""
    needs: dict[str, int] = {}
    for cell in found:
        services = len(cell.kind.services)
        needs[cell.scenario.id] = min(services, needs.get(cell.scenario.id, services))
    return sorted(found, key=lambda cell: needs[cell.scenario.id])


def _udfs(scenario: Scenario, dialect: str) -> Sequence[str | None]:
    return scenario.udfs if scenario.udfs and dialect in UDF_DIALECTS else [None]


def make_cell(
    scenario: Scenario,
    dialect: str,
    mode: str,
    binding: str,
    line: Line,
    udf: str | None = None,
) -> Cell:
    """The cell at these axes; absent where scenario, binding, line or a divergence says so.

    Without `udf`, Python scalar functions run in the first way that the scenario names.
    """
    reasons = [scenario.absent.get(axis) for axis in (dialect, mode, binding)]
    if dialect == JOB and not scenario.job:
        reasons.append("the scenario has no job")
    kind = of_tables(binding, scenario.tables)
    reasons.append(kind.absent.get(mode))
    reasons += map(kind.limit, scenario.tables)
    reasons += map(limits.of_batch, scenario.tables if mode == "batch" else ())
    reasons += [line.absent.get(connector) for connector in kind.connectors]
    udf = udf or _udfs(scenario, dialect)[0]
    axes = dialect, udf or "", mode, binding, line.name
    reasons.append(absence(scenario.divergences, axes, _today()))
    absent = next((reason for reason in reasons if reason), None)
    return Cell(scenario, dialect, mode, binding, line, udf, absent)


def _today() -> date:
    return datetime.now(timezone.utc).date()
