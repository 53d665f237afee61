"""What a conformance test imports: `assert_matches`, and `Flink`, which its fixture `flink` is."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from streamgauge.cells import make_cell
from streamgauge.harness import Harness
from streamgauge.lifecycle import Lifecycle
from streamgauge.records import Recorder
from streamgauge.report.difference import place, short
from streamgauge.run import Outcome, run_cell
from streamgauge.scenario import Expected, Scenario
from streamgauge.values.inputs import Given
from streamgauge.values.tolerance import unmatched
from streamgauge.versions import Line


@dataclass(frozen=True)
class Flink:
    """A Flink line in a test: runs cells on it, and keeps their records.

    `seed` is that of the command line, for inputs to be generated from.
    """

    harness: Harness
    line: Line
    seed: int

    def run(
        self,
        scenario: Scenario,
        dialect: str,
        mode: str,
        binding: str,
        inputs: Given,
        udf: str | None = None,
        lifecycle: Lifecycle | None = None,
    ) -> Outcome:
        """Run one cell over `inputs`, once unless a lifecycle is given.

        A UsageError where the cell cannot go through it.
        """
        cell = make_cell(scenario, dialect, mode, binding, self.line, udf)
        outcome = run_cell(self.harness, cell, inputs, lifecycle=lifecycle)
        outcome.keep(Recorder(self.harness.space.id))
        return outcome


def assert_matches(expected: Expected, outcome: Outcome) -> None:
    """Assert that a cell passed and that its rows are those expected, in any order.

    A divergence that was met is an expected failure, or says that other rows are right.
    """
    record = outcome.record
    told = f"[{record.cell}] {record.verdict}: {record.reason}"
    if record.divergence and record.verdict == "absent":
        pytest.xfail(told)
    assert record.verdict == "pass", "\n".join([told, *short(record), place(record)])
    if record.divergence:
        return
    for name, rows in expected.items():
        off = outcome.tolerance.get(name, {})
        assert unmatched(rows, outcome.rows[name], off) == ([], []), f"{name} differs: {told}"
