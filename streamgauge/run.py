"""One cell -> one verdict."""

from __future__ import annotations

import csv
import io
import traceback
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from streamgauge.cell_run import CellRun
from streamgauge.cells import Cell
from streamgauge.errors import StreamgaugeError
from streamgauge.harness import Harness
from streamgauge.lifecycle import ONCE, Lifecycle
from streamgauge.records import GIVEN, Origin, Record, described, differences
from streamgauge.values.inputs import Given, Inputs
from streamgauge.values.schema import Row

_FEW = 10


class Outcome(NamedTuple):
    """A cell's record, and the rows that each sink came to."""

    record: Record
    rows: Mapping[str, Sequence[Row]]


def run_cell(
    harness: Harness,
    cell: Cell,
    given: Given,
    origin: Origin = GIVEN,
    lifecycle: Lifecycle = ONCE,
) -> Outcome:
    """Run a cell over inputs and give its verdict; only Ctrl-C and the like get through.

    Not equal is `fail`; a job or a service that breaks is `unknown`, with its root cause.
    """
    inputs = Inputs.of(given)
    record = new_record(harness, cell, inputs, origin)
    record.lifecycle = "once" if lifecycle == ONCE else str(lifecycle)
    record.parallelism = lifecycle.parallelism
    rows: Mapping[str, Sequence[Row]] = {}
    try:
        if cell.absent is None:
            seen = CellRun(harness, cell, inputs, record, lifecycle).outcome()
            record.verdict = "pass" if seen.ok else "fail"
            record.reason = seen.caveat if seen.ok else str(seen)
            rows = {name: sink.rows for name, sink in seen.sinks.items()}
            record.differences = differences(seen)
            record.result = _few(*rows.values())
    except StreamgaugeError as error:
        record.reason = str(error)
    except Exception as error:
        (harness.space.logs / f"{cell.id}.trace").write_text(traceback.format_exc())
        record.reason = f"{type(error).__name__}: {error}"
    return Outcome(record, rows)


def new_record(harness: Harness, cell: Cell, inputs: Inputs, origin: Origin) -> Record:
    """What is known of a cell before it runs: until then it is unknown, or absent."""
    return Record(
        scenario=cell.scenario.id,
        version=cell.scenario.version,
        dialect=cell.dialect,
        mode=cell.mode,
        binding=cell.binding,
        flink=cell.line.flink,
        verdict="absent" if cell.absent else "unknown",
        reason=cell.absent or "",
        run=harness.space.id,
        line=cell.line.name,
        udf=cell.udf or "",
        seed=origin.seed,
        inputs=described(inputs, origin),
        rows_in=len(inputs.entries),
        log=str(harness.space.logs),
    )


def _few(rows: Sequence[Row], *others: Sequence[Row]) -> list[str]:
    """The rows of an only sink as sorted CSV lines, if they are few enough to read."""
    if others or len(rows) > _FEW:
        return []
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return sorted(text.getvalue().split("\n")[:-1])
