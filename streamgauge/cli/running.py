"""Running cells, and telling what they came to however that ended."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from streamgauge.harness import Harness
from streamgauge.records import Record, Recorder
from streamgauge.report import terminal
from streamgauge.report.progress import progress
from streamgauge.run import Outcome, Run, run_cells
from streamgauge.workspace import workspace

_log = logging.getLogger(__name__)


class Manner(NamedTuple):
    """How cells are run, and what is shown meanwhile."""

    tuning: str
    patience: float
    quiet: bool = False
    fail_fast: bool = False
    engines: int = 1


@dataclass
class Ran:
    """What a run came to so far, whether cells run again, and in which files it is kept."""

    planned: int
    again: bool = False
    records: list[Record] = field(default_factory=list)
    kept: dict[str, Path] = field(default_factory=dict)

    def tell(self, *, absent: bool) -> None:
        """The table and the paths."""
        terminal.verdicts(self.records, absent=absent, planned=self.planned, again=self.again)
        terminal.paths(self.kept)


Runner = Callable[[Harness, Sequence[Run]], Generator[Outcome, None, None]]


def run_all(wanted: Sequence[Run], manner: Manner, ran: Ran, runner: Runner | None = None) -> None:
    """Run the cells in order, or as `runner` says; a record is kept as soon as it is there."""
    # A polite kill ends a run as Ctrl-C does: in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        going = [run for run in wanted if not run.cell.absent]
        steps = len(going) if runner is None else ran.planned
        seen = stack.enter_context(progress(steps, quiet=manner.quiet))
        space = stack.enter_context(workspace())
        recorder = Recorder(space.id)
        ran.kept = {"records": recorder.path, "logs": space.logs}
        harness = Harness(space, manner.patience, manner.engines, manner.tuning)
        stack.callback(harness.close)
        stack.callback(_log.info, "stopping")
        harness.prepare([run.cell for run in going if not run.broken])
        for outcome in stack.enter_context(closing((runner or run_cells)(harness, wanted))):
            outcome.keep(recorder)
            ran.records.append(outcome.record)
            seen.done(outcome.record)
            if manner.fail_fast and outcome.record.verdict in ("fail", "unknown"):
                break
