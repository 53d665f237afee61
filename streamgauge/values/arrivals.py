"""What comes of all sources, written as one list in the order in which it arrives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Union

from streamgauge.errors import ScenarioError, nearest
from streamgauge.values.event_time import Stream, reached
from streamgauge.values.inputs import Entry, Inputs, Record


class Now(Enum):
    """What happens between two records."""

    CUT = "the cut"


# There the first part of the input ends: where a job is stopped, it is now.
CUT = Now.CUT


@dataclass(frozen=True)
class Watermark:
    """Event time has come to `time` by what arrived before, and all that is due by then is out.

    Nothing is fed for it, for rows alone move event time: what they come to has to be `time`.
    Where `once` or `restart` feed a job that runs, what comes after is held back until then.
    """

    time: datetime


Arrival = Union[tuple[str, Record], Now, Watermark]


def arrived(arrivals: Sequence[Any], sources: Collection[str]) -> Inputs:
    """The inputs. A ScenarioError for what is no record of a source, or for a second cut."""
    cuts = [index for index, arrival in enumerate(arrivals) if arrival is CUT]
    if len(cuts) > 1:
        raise ScenarioError(f"arrivals: entry {cuts[1]}: a second CUT")
    pairs = [(i, each) for i, each in enumerate(arrivals) if not isinstance(each, (Now, Watermark))]
    return Inputs(tuple(sources), tuple(_entry(i, each, sources) for i, each in pairs))


def cut(arrivals: Sequence[Any]) -> float | None:
    """Which share (0..1) of the records comes before the cut, if it is there."""
    return next(iter(_shares(arrivals, Now)), None)


def looks(arrivals: Sequence[Any]) -> tuple[float, ...]:
    """Which shares (0..1) of the records come before each Watermark."""
    return tuple(_shares(arrivals, Watermark))


def check_watermarks(arrivals: Sequence[Any], sources: Sequence[Stream]) -> None:
    """A ScenarioError where event time has not come to what a Watermark says."""
    names = [source.name for source in sources]
    for index, each in enumerate(arrivals):
        if isinstance(each, Watermark):
            found = reached(sources, [arrived(arrivals[:index], names)], 1)
            if found != each.time:
                raise ScenarioError(
                    f"arrivals: entry {index}: Watermark({str(each.time)!r}), but event time has"
                    f" come to {found or 'nothing, for a source has no row'} by the rows before it"
                )


def _shares(arrivals: Sequence[Any], kind: type) -> list[float]:
    shares, before = list[int](), 0
    for each in arrivals:
        if isinstance(each, kind):
            shares.append(before)
        before += not isinstance(each, (Now, Watermark))
    return [share / before for share in shares] if before else []


def _entry(index: int, arrival: Any, sources: Collection[str]) -> Entry:
    told = f"arrivals: entry {index}"
    if not (isinstance(arrival, tuple) and len(arrival) == len(Entry._fields)):
        raise ScenarioError(
            f"{told}: {arrival!r} is neither (source, record) nor CUT nor a Watermark"
        )
    source, record = arrival
    if source not in sources:
        raise ScenarioError(f"{told}: there is no source {source!r}{nearest(str(source), sources)}")
    return Entry(source, record)
