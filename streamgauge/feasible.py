"""What a cell cannot go through, told before anything starts."""

from __future__ import annotations

from collections.abc import Sequence

from streamgauge import versions
from streamgauge.cells import Cell, on_line
from streamgauge.errors import UsageError
from streamgauge.lifecycle import UPGRADE, Action, Cancel, Feed, Lifecycle, Start, Stop, Verify
from streamgauge.scenario import JOB
from streamgauge.values.event_time import refuse_undecidable
from streamgauge.values.inputs import Inputs

_END = {"an end": "input without an end", "no end": "input that has an end"}


def refusal(cell: Cell, inputs: Inputs, lifecycle: Lifecycle, slots: int) -> str | None:
    """Why the cell cannot go through the lifecycle on a cluster of so many slots, if so."""
    if complaint := _incomplete(lifecycle.actions):
        return f"lifecycle {lifecycle.name}: {complaint}"
    if lifecycle.parallelism > slots:
        return f"parallelism {lifecycle.parallelism} needs more than the cluster's {slots} slots"
    if (
        complaint := cell.scenario.absent.get(lifecycle.name)
        or _misfit(cell, lifecycle)
        or _not_there(cell, lifecycle)
        or _unwritten(cell, lifecycle)
        or _unseen(cell, lifecycle)
    ):
        return complaint
    if lifecycle.idle and not _has_due_topics(cell):
        return f"{lifecycle.name}: needs rows that are due by the event time of a topic"
    if complaint := _unlooked(cell, lifecycle):
        return complaint
    return _undecidable(cell, inputs.first(cell.ahead), lifecycle)


def _incomplete(actions: Sequence[Action]) -> str | None:
    """A lifecycle that looks at nothing, or at no job, would pass over nothing."""
    starts = [n for n, action in enumerate(actions) if isinstance(action, Start)]
    looks = [n for n, action in enumerate(actions) if isinstance(action, Verify)]
    if not starts or not looks or max(looks) < max(starts):
        return "needs a Start, and a Verify after the last one"
    if max((a.share for a in actions if isinstance(a, Feed)), default=0) < 1:
        return "never feeds all of the input"
    ends = [n for n, action in enumerate(actions) if isinstance(action, (Stop, Cancel))]
    if not all(any(m < end < n for end in ends) for m, n in zip(starts, starts[1:])):
        return "starts a job that runs already"
    return None


def _unlooked(cell: Cell, lifecycle: Lifecycle) -> str | None:
    """Whether nobody would look where arrivals say; an upgrade looks where it changes lines."""
    if not cell.looks or lifecycle.name == UPGRADE:
        return None
    if cell.bounded:
        return "a Watermark is looked at while more is to come: input that has an end comes whole"
    if (partitions := lifecycle.parallelism + lifecycle.idle) > 1:
        return (
            f"{lifecycle.name}: a Watermark among arrivals is of rows in one partition, and here"
            f" are {partitions}"
        )
    fed = {action.share for action in lifecycle.actions if isinstance(action, Feed)}
    if not fed.issuperset(cell.looks):
        return f"{lifecycle.name}: does not look at each Watermark among arrivals"
    return None


def _has_due_topics(cell: Cell) -> bool:
    return "kafka" in cell.kind.services and any(sink.due for sink in cell.scenario.sinks)


def _misfit(cell: Cell, lifecycle: Lifecycle) -> str | None:
    """An action that the cell's input does not serve: nothing passes because it was not tried."""
    asked = "an end" if cell.bounded else "no end"
    for action in lifecycle.actions:
        if action.needs and action.needs != asked:
            what = type(action).__name__
            return f"{lifecycle.name}: {what} cannot be done over {_END[action.needs]}"
    return None


def _not_there(cell: Cell, lifecycle: Lifecycle) -> str | None:
    """Why the cell is not there on one of the lines that its job is started on, if so."""
    lines = [versions.line(start.on) for start in lifecycle.starts if start.on]
    reasons = [on_line(cell, line).absent for line in lines]
    return next(filter(None, reasons), None)


def _unwritten(cell: Cell, lifecycle: Lifecycle) -> str | None:
    """Whether the scenario has no such changed job."""
    jobs = {start.job for start in lifecycle.starts if start.job}
    missing = [job for job in sorted(jobs) if not (cell.scenario.folder / job).is_dir()]
    return f"no changed job {missing[0]} in {cell.scenario.folder.name}" if missing else None


def _unseen(cell: Cell, lifecycle: Lifecycle) -> str | None:
    """Whether a plan would have to be compiled of what a program submits by itself."""
    if cell.dialect != JOB or not lifecycle.compiles:
        return None
    return f"{lifecycle.name}: a program of one's own has no compiled plan"


def _undecidable(cell: Cell, inputs: Inputs, lifecycle: Lifecycle) -> str | None:
    """Whether rows come late by what nobody knows: which partition was read first."""
    if cell.mode == "batch":
        return None
    partitions = lifecycle.parallelism + lifecycle.idle
    try:
        refuse_undecidable(cell.scenario.sources, _parts(inputs, lifecycle), partitions)
    except UsageError as error:
        return str(error)
    return None


def _parts(inputs: Inputs, lifecycle: Lifecycle) -> list[Inputs]:
    """The inputs, cut where the job is stopped."""
    shares, fed = list[float](), 0.0
    for action in lifecycle.actions:
        fed = action.share if isinstance(action, Feed) else fed
        shares += [fed] if isinstance(action, Stop) else []
    bounds = [0, *(len(inputs.until(share).entries) for share in (*shares, 1.0))]
    return [inputs.part(start, stop) for start, stop in zip(bounds, bounds[1:])]
