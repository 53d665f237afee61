"""Rows that tell a survivor from the dialect as it is: drawn, and made as few as can be."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import NamedTuple

from streamgauge.cells import Cell
from streamgauge.errors import ScenarioError
from streamgauge.harness import Harness
from streamgauge.planting.catching import copied_with
from streamgauge.planting.dialect import Dialect
from streamgauge.planting.drawn import Group, groups, joined, smallest
from streamgauge.planting.variant import Variant
from streamgauge.records import GIVEN
from streamgauge.run import Run, run_cells
from streamgauge.values.inputs import Entry, Inputs

# So many entries are enough to draw from.
_ENTRIES = 200
# So many times a survivor is run at most.
_RUNS = 80


class _Asked(NamedTuple):
    """A scenario as it is, or with a variant in it, and the rows that it is asked over."""

    cell: Cell
    inputs: Inputs


def telling(
    harness: Harness, dialect: Dialect, survivors: Sequence[Variant]
) -> Generator[tuple[Variant, Inputs], None, None]:
    """The survivors that rows would catch in the dialect's first cell, with as few as do.

    They are drawn near the scenario's own; over all of them the dialect as it is has to be right.
    """
    run = dialect.runs[0]
    inputs = _drawn(harness, run)
    copies = {v: copied_with(harness, dialect, v) for v in survivors}
    asked = [_Asked(copy, inputs) for copy in copies.values()]
    wrong = {n for n, verdict in _verdicts(harness, run, asked) if verdict == "fail"}
    for number, (variant, copy) in enumerate(copies.items()):
        if number in wrong:
            few = _smallest(harness, run, copy, inputs)
            if _are_right(harness, run, [few]):
                yield variant, few


def _drawn(harness: Harness, run: Run) -> Inputs:
    """The inputs, with all near them over which the dialect as it is gives what the oracle does."""
    few = run.inputs.part(0, _ENTRIES)
    answered = [each for each in groups(run.cell.scenario, few) if _answers(run, few, each)]
    return joined(few, list(_right(harness, run, few, answered)))


def _answers(run: Run, inputs: Inputs, group: Group) -> bool:
    """Whether the oracle has an answer."""
    try:
        run.cell.scenario.expected(joined(inputs, [group]), run.cell.mode)
    except ScenarioError:
        return False
    return True


def _right(harness: Harness, run: Run, inputs: Inputs, near: Sequence[Group]) -> Iterator[Group]:
    """Those over which the dialect is right, together and apart."""
    if not near or _are_right(harness, run, [joined(inputs, near)]):
        yield from near
    elif len(near) > 1:
        half = len(near) // 2
        yield from _right(harness, run, inputs, near[:half])
        yield from _right(harness, run, inputs, near[half:])


def _are_right(harness: Harness, run: Run, several: Sequence[Inputs]) -> bool:
    asked = [_Asked(run.cell, inputs) for inputs in several]
    return all(verdict == "pass" for _, verdict in _verdicts(harness, run, asked))


def _smallest(harness: Harness, run: Run, copy: Cell, inputs: Inputs) -> Inputs:
    left = _RUNS

    def tells(parts: Sequence[Sequence[Entry]]) -> Sequence[Entry] | None:
        """The first that comes out wrong; none when there were enough of them."""
        nonlocal left
        tried = parts[:left]
        left -= len(tried)
        asked = [_Asked(copy, replace(inputs, entries=tuple(part), seed=None)) for part in tried]
        with closing(_verdicts(harness, run, asked)) as verdicts:
            return next((tried[n] for n, verdict in verdicts if verdict == "fail"), None)

    return replace(inputs, entries=tuple(smallest(inputs.entries, tells)), seed=None)


def _verdicts(
    harness: Harness, run: Run, asked: Sequence[_Asked]
) -> Generator[tuple[int, str], None, None]:
    """The number of each with what it came to, side by side, as they come."""
    runs = [
        replace(
            run,
            cell=replace(run.cell, scenario=each.cell.scenario),
            inputs=each.inputs,
            origin=GIVEN,
            number=number,
        )
        for number, each in enumerate(asked)
    ]
    with closing(run_cells(harness, runs)) as outcomes:
        for outcome in outcomes:
            yield outcome.record.number, outcome.record.found


def lines(inputs: Inputs) -> list[str]:
    """Rows as they can be put into a scenario, a line a source."""
    return [f"{source}: {', '.join(map(repr, inputs[source]))}" for source in inputs]
