"""Running cells, and telling what they came to however that ended."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from streamgauge.cli import options
from streamgauge.clusters.remote import RemoteCluster
from streamgauge.harness import Harness, at_once
from streamgauge.providers.chosen import LOCAL
from streamgauge.records import Record, Recorder, as_data
from streamgauge.report import terminal
from streamgauge.report.progress import Progress, progress
from streamgauge.run import Outcome, Run, run_cells
from streamgauge.workspace import workspace
from streamgauge.zones import UTC

_log = logging.getLogger(__name__)


class Manner(NamedTuple):
    """How cells are run, and what is shown meanwhile."""

    tuning: str
    patience: float
    quiet: bool = False
    fail_fast: bool = False
    engines: int = 1
    timed: bool = False
    provider: str = LOCAL
    cluster: RemoteCluster | None = None
    whole: bool = False
    keep: bool = False
    zone: str = UTC

    @property
    def at_once(self) -> int:
        """How many cells go side by side."""
        return at_once(timed=self.timed, cluster=self.cluster)


@dataclass
class Ran:
    """What a run came to so far, whether cells run again, in which files it is kept, what stays."""

    planned: int
    again: bool = False
    records: list[Record] = field(default_factory=list)
    kept: dict[str, Path] = field(default_factory=dict)
    stays: dict[str, str] = field(default_factory=dict)

    def tell(self, *, absent: bool) -> None:
        """The table and the paths."""
        terminal.verdicts(self.records, absent=absent, planned=self.planned, again=self.again)
        terminal.paths(self.kept)
        terminal.stays(self.stays)


Runner = Callable[[Harness, Sequence[Run]], Generator[Outcome, None, None]]


class Hand(NamedTuple):
    """What a run has at hand, and in which files it is kept."""

    harness: Harness
    recorder: Recorder
    kept: dict[str, Path]


@contextmanager
def at_hand(manner: Manner) -> Iterator[Hand]:
    """A workspace, and in it a harness and a place for records; all that is started ends after."""
    # A polite kill ends a run as Ctrl-C does: in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        space = stack.enter_context(workspace())
        space.keep, space.zone = manner.keep, manner.zone
        recorder = Recorder(space.id)
        harness = Harness(
            space,
            manner.patience,
            manner.engines,
            manner.tuning,
            timed=manner.timed,
            provider=manner.provider,
            cluster=manner.cluster,
            whole=manner.whole,
        )
        stack.callback(harness.close)
        stack.callback(_log.info, "stopping")
        yield Hand(harness, recorder, {"records": recorder.path, "logs": space.logs})


def run_all(wanted: Sequence[Run], manner: Manner, ran: Ran, runner: Runner | None = None) -> None:
    """Run the cells in order, or as `runner` says; a record is kept as soon as it is there."""
    steps = len(_going(wanted)) if runner is None else ran.planned
    with progress(steps, manner.at_once, quiet=manner.quiet) as seen, at_hand(manner) as hand:
        ran.kept, ran.stays = hand.kept, hand.harness.space.stays
        hand.harness.prepare([run.cell for run in _going(wanted) if not run.broken])
        _run((runner or run_cells)(hand.harness, wanted), hand, manner, ran, seen)


def measure(
    wanted: Sequence[Run],
    manner: Manner,
    ran: Ran,
    runner: Runner,
    told: Callable[[], Mapping[str, Any]],
    json_file: Path | None,
) -> None:
    """Run cells as `runner` says; what was measured is `told`, and written, however that ended."""
    try:
        run_all(wanted, manner, ran, runner)
    finally:
        if ran.kept:
            content = told()
            terminal.paths(ran.kept)
            records = [as_data(record) for record in ran.records]
            options.write({**content, "records": records}, json_file)


def run_on(hand: Hand, wanted: Sequence[Run], manner: Manner, ran: Ran) -> None:
    """Run the cells on what is at hand already."""
    with progress(len(_going(wanted)), manner.at_once, quiet=manner.quiet) as seen:
        _run(run_cells(hand.harness, wanted), hand, manner, ran, seen)


def _run(
    outcomes: Generator[Outcome, None, None], hand: Hand, manner: Manner, ran: Ran, seen: Progress
) -> None:
    with closing(outcomes):
        for outcome in outcomes:
            outcome.keep(hand.recorder)
            ran.records.append(outcome.record)
            seen.done(outcome.record)
            if manner.fail_fast and outcome.record.verdict in ("fail", "unknown"):
                break


def _going(wanted: Sequence[Run]) -> list[Run]:
    return [run for run in wanted if not run.cell.absent]
