"""What you may import of streamgauge: this module in tests, and those named here.

Whatever is not named here is not meant for others, and may be another tomorrow.

In a scenario:

- `streamgauge.scenario`: `Scenario`, `Source`, `Sink`; `Script`, a program of your own; `CUT`,
  `Watermark` and `Message`, which may be among rows by hand; `Alignment` of sources that wait
- `streamgauge.values.schema`: `Schema`, and a `Column` of one
- `streamgauge.values.changelog`: `Change`, an entry of a source that has a key
- `streamgauge.values.inputs`: `Inputs`, what an oracle gets
- `streamgauge.divergence`: `Divergence`, an answer that is known to be another
- `streamgauge.planted`: `Planted`, `Cell`, `Lost`, `SECONDS`, and the files that errors are planted
  into, `SQL`, `TABLE`, `STREAM`, `PROCESS`

In a generator, one row after the other:

- `streamgauge.draws`: `draws`, `below`, `chance`, `pick`, `WORDS`

In a generator of whole columns, which are made and written several times as fast:

- `streamgauge.vectors`: `words`, `words_at`, `indices`, `below`, `chance`, `ranks`, `ranked`,
  `among`, `taken`, `pile`, `places`, `lower`, `pieces`, and the types `Ints`, `Words`, `Flags`,
  `Wide`; for numbers of 128 bits `unsigned`, `taken_wide`, `below_wide`, `less`
- `streamgauge.values.columns`: `Columns`, `Pool`, `pick`, `piled`, `Chosen`, `Joined`, `Mixed`,
  `Partly`, and the protocols `Column` and `Part`
- `streamgauge.values.kinds`: `Numbers`, `Exact`, `Floats`, `Moments`, `Days`, `Blobs`, `Texts`,
  `microseconds`, `days`
- `streamgauge.locales`: `localised`

In a test, where the pytest plugin has the fixture `flink`, a `Flink`, and the axes `scenario`,
`dialect`, `udf`, `mode` and `binding`:

- `streamgauge.testing`: `Flink`, `assert_matches`
- `streamgauge.discovery`: `load`, a scenario by its folder, and `discover`, those of roots
- `streamgauge.lifecycle`: `named`, what a job lives through; `Lifecycle` and the actions `Feed`,
  `Trickle`, `Start`, `AwaitCheckpoint`, `AwaitEnd`, `Verify`, `Hold`, `Stop`, `Cancel`
- `streamgauge.values.comparison`: `compare`, the changes that a sink got with the rows expected
- `streamgauge.errors`: `StreamgaugeError`, which all that is told in a line is
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from streamgauge.cells import make_cell
from streamgauge.harness import Harness
from streamgauge.lifecycle import Lifecycle
from streamgauge.records import Recorder
from streamgauge.report.difference import place, printed, short
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
    lines = [told, *short(record), place(record), printed(record)]
    assert record.verdict == "pass", "\n".join(lines)
    if record.divergence:
        return
    for name, rows in expected.items():
        off = outcome.tolerance.get(name, {})
        assert unmatched(rows, outcome.rows[name], off) == ([], []), f"{name} differs: {told}"
